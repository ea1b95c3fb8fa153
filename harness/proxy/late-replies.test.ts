import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LateReplies } from "./late-replies.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Replies with these delays, one after the other, and what has gone on so far. */
function replies(...delays: number[]) {
  const gone: string[] = [];
  const late = new LateReplies(
    () => delays.shift() ?? 0,
    (chunk) => gone.push(chunk.toString()),
  );
  const reply = (...chunks: string[]) => {
    late.ask();
    for (const chunk of chunks) late.take(Buffer.from(chunk));
  };
  return { late, gone, reply };
}

test("a reply without a delay goes on at once", () => {
  const { late, gone, reply } = replies(0);
  reply("a", "b");
  expect(gone).toEqual(["a", "b"]);
  expect(late.last).toBeNull();
});

test("a reply goes on when its time has come, whole and in order", async () => {
  const { late, gone, reply } = replies(30);
  reply("a", "b");
  await vi.advanceTimersByTimeAsync(29);
  expect(gone).toEqual([]);
  await vi.advanceTimersByTimeAsync(2);
  expect(gone).toEqual(["a", "b"]);
  expect(late.last).toBeNull();
});

test("a quick reply does not overtake a slow one", async () => {
  const { gone, reply } = replies(30, 3);
  reply("slow");
  reply("quick");
  await vi.advanceTimersByTimeAsync(10);
  expect(gone).toEqual([]);
  await vi.advanceTimersByTimeAsync(30);
  expect(gone).toEqual(["slow", "quick"]);
});

test("what the server says unasked has no delay of its own", async () => {
  const { late, gone } = replies(30);
  late.take(Buffer.from("greeting"));
  expect(gone).toEqual(["greeting"]);
});
