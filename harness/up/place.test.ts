import { describe, expect, test } from "vitest";
import type { RunEvent } from "../history/event.ts";
import { grant, issue, show } from "../invariants/testing/calls.ts";
import { eventsOf } from "../invariants/testing/history.ts";
import { placeIn } from "./place.ts";

const events = eventsOf({
  faults: [{ at: 150, fault: { kind: "lost" } }],
  calls: [issue(100), grant(200, 1), grant(300, 2), show(400, "running"), show(500, "success")],
}).sort((a, b) => a.at - b.at);
const { schedule } = events[0] as unknown as RunEvent;

/** When the history, told as it grows, has come there, and whether the call there was over. */
function reached(text: string): string[] {
  const isAt = placeIn(text, schedule);
  return events.flatMap((event) => {
    const told = event.kind === "exchange" ? [false, true] : [true];
    return told.flatMap((isOver) => (isAt(event, isOver) ? [`${event.at} ${isOver}`] : []));
  });
}

describe("a history comes to a place", () => {
  test.each([
    ["fault:1", ["150 true"]],
    ["call:worker.claim", ["200 false"]],
    ["call:worker.claim:2", ["300 false"]],
    ["call:worker.claim:3", []],
    ["call:job.kill", []],
    ["job:1:success", ["500 true"]],
    ["job:1:killed", []],
  ])("%s", (text, moments) => {
    expect(reached(text)).toEqual(moments);
  });

  test("which is no other job's", () => {
    const isAt = placeIn("job:1:success", schedule);
    const others = events.map((event) => (event.kind === "exchange" ? { ...event, job: "2" } : event));
    expect(others.some((event) => isAt(event, true))).toBe(false);
  });
});

test.each([
  ["fault:2", "--until fault:2: expected a number from 1 to 1"],
  ["fault:0", "expected a number from 1 to 1"],
  ["call:worker.dance", "worker.dance is none of "],
  ["call:worker.claim:x", "expected a number from 1 to 1000000"],
  ["job:2:success", "expected a number from 1 to 1"],
  ["job:1:done", "done is none of queued, "],
  ["job:1", "expected fault:N, call:OPERATION"],
  ["fault:1:2", "expected fault:N"],
  ["", "expected fault:N"],
])("%s is refused", (text, words) => {
  expect(() => placeIn(text, schedule)).toThrow(words);
});

test("what the schedule does not have is told", () => {
  expect(() => placeIn("fault:1", { ...schedule, faults: [] })).toThrow("the schedule has no faults");
});
