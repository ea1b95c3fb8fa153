import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { InfrastructureError } from "../errors.ts";
import { historyFile } from "../run-files.ts";
import { Secrets, sha256 } from "../secrets.ts";
import { exchangeEvent } from "../testing/events.ts";
import { manyRows, wholeHistory } from "../testing/whole-history.ts";
import { historyLimits, inlineBytes } from "./format.ts";
import { historyHash } from "./hash.ts";
import { readHead, readHistory } from "./read.ts";
import { keepSeen, serialise, writeHistory } from "./write.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "interlock-write-"));
});
afterAll(() => rm(folder, { recursive: true }));

const withReply = (reply: unknown) =>
  wholeHistory.map((event) => (event.seq === 2 ? exchangeEvent({ ...event, reply } as object) : event));

describe("the text", () => {
  test("is a line an event, then the number of events and the checksum", () => {
    const { text } = serialise(wholeHistory);
    const lines = text.split("\n");
    expect(lines).toHaveLength(wholeHistory.length + 2);
    expect(lines.pop()).toBe("");
    const before = text.slice(0, text.indexOf('{"kind":"end"'));
    expect(JSON.parse(lines.pop() as string)).toEqual({ kind: "end", events: 10, sha256: sha256(before) });
    expect(lines[2]).toBe(JSON.stringify(wholeHistory[2]));
  });

  test("of a run that was stopped has no end", () => {
    for (const events of [[], wholeHistory.slice(0, 1), wholeHistory.slice(0, -1)])
      expect(serialise(events).text.split("\n")).toHaveLength(events.length + 1);
  });
});

describe("a value", () => {
  test("that is large is in a file of its own, once however often it occurs", () => {
    const { text, bodies } = serialise(wholeHistory);
    const json = JSON.stringify(manyRows);
    expect([...bodies]).toEqual([[sha256(json), json]]);
    const [, , , first, , second] = text
      .split("\n")
      .slice(0, 6)
      .map((line) => JSON.parse(line));
    const reference = { $body: sha256(json), bytes: json.length };
    expect([first.reply, second.reply]).toEqual([reference, reference]);
  });

  test("is large from one byte more than 16 KiB on, and bytes are no characters", () => {
    const fits = "x".repeat(inlineBytes - 2);
    const sizes = [fits, `${fits}x`, "é".repeat(inlineBytes / 2)];
    expect(sizes.map((reply) => serialise(withReply(reply)).bodies.size)).toEqual([1, 2, 2]);
  });

  test("that looks like a reference is kept as what it is", async () => {
    const file = join(folder, "reference/history.jsonl");
    const events = withReply({ $body: sha256(JSON.stringify(manyRows)), bytes: 1 });
    await writeHistory(file, events);
    expect(await readHistory(file)).toEqual(events);
  });

  test.each([historyLimits.depth, 20_000])("that is %d levels deep is refused by name", (depth) => {
    const deep = JSON.parse("[".repeat(depth) + "]".repeat(depth)) as unknown;
    expect(() => serialise(withReply(deep))).toThrow(InfrastructureError);
    expect(() => serialise(withReply(deep))).toThrow("history: expected reply of event 2 to be at most 199");
  });
});

test("what is written is read again as it was, with the same hash, and nothing else is left", async () => {
  const file = join(folder, "again/history.jsonl");
  await writeHistory(file, wholeHistory);
  await writeHistory(file, wholeHistory);
  const again = await readHistory(file);
  expect(again).toEqual(wholeHistory);
  expect(historyHash(again)).toBe(historyHash(wholeHistory));
  expect(await readdir(join(folder, "again"))).toEqual(["history.bodies", "history.jsonl"]);
  expect(await readdir(join(folder, "again/history.bodies"))).toHaveLength(1);
});

test("whatever a service answers is read again as it was", { timeout: 60_000 }, async () => {
  const file = join(folder, "any/history.jsonl");
  const text = fc.string({ unit: "binary" });
  await fc.assert(
    fc.asyncProperty(
      fc.jsonValue({ stringUnit: "binary" }),
      text,
      fc.nat(30_000),
      async (reply, path, more) => {
        const events = withReply([reply, "x".repeat(more)]);
        const changed = events.map((event) => (event.seq === 3 ? { ...event, path } : event));
        await writeHistory(file, changed);
        const again = await readHistory(file);
        expect(historyHash(again)).toBe(historyHash(changed));
      },
    ),
    { numRuns: 30 },
  );
});

test("a place that cannot take it keeps what it had, and nothing is left half written", async () => {
  await mkdir(join(folder, "taken/history.jsonl"), { recursive: true });
  await writeFile(join(folder, "file"), "mine");
  const onFolder = writeHistory(join(folder, "taken/history.jsonl"), wholeHistory);
  await expect(onFolder).rejects.toThrow(InfrastructureError);
  await expect(writeHistory(join(folder, "file/history.jsonl"), wholeHistory)).rejects.toThrow(
    /history: expected .*history\.jsonl to take it, but .*\n.*name another place/,
  );
  expect(await readFile(join(folder, "file"), "utf8")).toBe("mine");
  expect((await readdir(folder, { recursive: true })).filter((name) => name.includes(".tmp"))).toEqual([]);
});

describe("what a run sees", () => {
  const place = async () => ({ folder: await mkdtemp(join(folder, "run-")), secrets: new Secrets() });

  test("begins to be kept when the run begins, and is whole when it is over", async () => {
    const at = await place();
    const file = join(at.folder, historyFile);
    const { events } = await keepSeen(at, async ({ onBegun }) => {
      await onBegun(wholeHistory.slice(0, 1));
      expect(await readHead(file)).toMatchObject({ kind: "run" });
      await expect(readHistory(file)).rejects.toThrow("it is cut, or its run was stopped");
      return { events: wholeHistory };
    });
    expect(await readHistory(file)).toEqual(events);
  });

  test("is kept as far as it goes where the run comes to trouble", async () => {
    const at = await place();
    const trouble = keepSeen(at, async ({ onBegun, onTrouble }) => {
      await onBegun(wholeHistory.slice(0, 1));
      onTrouble(wholeHistory.slice(0, 3));
      throw new Error("the engine is gone");
    });
    await expect(trouble).rejects.toThrow("the engine is gone");
    const { length } = (await readFile(join(at.folder, historyFile), "utf8")).trimEnd().split("\n");
    expect(length).toBe(3);
  });
});
