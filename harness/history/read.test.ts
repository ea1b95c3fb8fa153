import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { InfrastructureError, UsageError } from "../errors.ts";
import { sha256 } from "../secrets.ts";
import { finalEvent, manyRows, runEvent, wholeHistory } from "../testing/whole-history.ts";
import { bodiesFolder, bodyFile, historyLimits } from "./format.ts";
import { readHistory } from "./read.ts";
import { serialise } from "./write.ts";

let folder: string;
let file: string;
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "interlock-read-"));
});
beforeEach(() => {
  files += 1;
  file = join(folder, `history-${files}.jsonl`);
});
afterAll(() => rm(folder, { recursive: true }));

const { text: whole, bodies } = serialise(wholeHistory);
const lines = whole.trimEnd().split("\n");
const events = lines.slice(0, -1);
const [digest] = [...bodies.keys()] as [string];

/** Reads a file with this content beside the right bodies. */
async function read(content: string | Buffer) {
  await mkdir(bodiesFolder(file), { recursive: true });
  for (const [name, body] of bodies) await writeFile(bodyFile(file, name), body);
  await writeFile(file, content);
  return readHistory(file);
}

/** The lines with an end that fits them. */
function ended(all: readonly string[]): string {
  const text = all.map((line) => `${line}\n`).join("");
  return `${text}${JSON.stringify({ kind: "end", events: all.length, sha256: sha256(text) })}\n`;
}

const withEvent = (at: number, more: object): string =>
  ended(events.with(at, JSON.stringify({ ...JSON.parse(events[at] as string), ...more })));

test.each([
  ["as it is", whole],
  ["without the last line break", whole.trimEnd()],
  ["with a byte order mark", `\uFEFF${whole}`],
])("a whole history comes back as it was: %s", async (_, content) => {
  expect(await read(content)).toEqual(wholeHistory);
});

describe("a damaged history names the line", () => {
  const cases: [what: string, content: string | Buffer, says: string][] = [
    ["cut in a line", whole.slice(0, -5), ":11: expected an event as JSON, but the last line is cut"],
    [
      "cut after a line",
      `${events.slice(0, 3).join("\n")}\n`,
      ":3: expected the end of the history, but it is cut, or its run was stopped: the last line is of kind exchange",
    ],
    ["cut before its end", events.join("\n"), ":10: expected the end of the history, but it is cut"],
    ["with more after its end", `${whole}${whole}`, ':11: expected event 10, but it is of kind "end"'],
    [
      "with a line that is no JSON",
      lines.with(2, "?").join("\n"),
      ":3: expected an event as JSON, but the line is damaged",
    ],
    [
      "with a line that is no text",
      Buffer.from(whole.replace("heartbeat", "\x80"), "latin1"),
      ":3: expected an event as JSON, but the line is damaged",
    ],
    [
      "with a line that is no event",
      lines.with(2, "[]").join("\n"),
      ":3: expected an event as JSON, but the line is none",
    ],
    [
      "with a blank line",
      lines.with(2, "").join("\n"),
      ":3: expected an event as JSON, but the line is blank",
    ],
    [
      "with a blank line at its end",
      `${whole}\n`,
      ':11: expected event 10, but it is of kind "end" and has no number',
    ],
    [
      "without one of its lines",
      lines.toSpliced(2, 1).join("\n"),
      ":3: expected event 2, but it is event 3: lines are missing, or not in their order",
    ],
    [
      "with another value",
      whole.replace('"status":200', '"status":201'),
      ":11: expected 10 events with the sha256 ",
    ],
    ["with other line breaks", whole.replaceAll("\n", "\r\n"), ":11: expected 10 events with the sha256 "],
    [
      "with an end of another length",
      ended(events).replace('"events":10', '"events":11'),
      ":11: expected 11 events",
    ],
    [
      "with a damaged end",
      whole.replace('"events":10', '"events":"x"'),
      ":11: expected the end of the history, but",
    ],
    ["with an event of no kind", withEvent(2, { kind: "miracle" }), ":3: expected an event, but kind: "],
    [
      "with an outcome that is none",
      withEvent(2, { outcome: "maybe" }),
      ":3: expected an event, but outcome: ",
    ],
    [
      "with an unknown key",
      withEvent(2, { mismatches: [] }),
      ':3: expected an event, but it: Unrecognized key: "mi',
    ],
    ["with a key that is very long", withEvent(2, { ["x".repeat(10_000)]: 1 }), `${"x".repeat(200)}`],
    [
      "with a second run",
      withEvent(4, { ...runEvent, index: undefined, what: undefined }),
      ":5: expected one run",
    ],
    ["without its schedule", withEvent(0, { schedule: undefined }), ":1: expected an event, but schedule: "],
    ["without its scenario", withEvent(0, { scenarios: {} }), ":1: expected the scenario web under its name"],
    [
      "with a fault of no number",
      withEvent(4, { index: 1 }),
      ":5: expected one of 1 faults, but it is fault 1",
    ],
    [
      "with a look at no job",
      withEvent(9, { number: 2 }),
      ":10: expected one final look at each of 1 jobs, but",
    ],
    [
      "with a look at no job's report",
      withEvent(6, { number: 2 }),
      ":7: expected a look at one of 1 jobs, but it is at job 2",
    ],
    [
      "with two looks at the world",
      ended([...events, JSON.stringify({ ...wholeHistory[8], seq: 10 })]),
      ":11: expected one look at the world, but it is a second one",
    ],
    [
      "with two looks at a job",
      ended([...events, JSON.stringify({ seq: 10, at: 11, ...finalEvent })]),
      ":11: expected one final look at each of 1 jobs, but it is one more at job 1",
    ],
    [
      "without a final look",
      ended(events.slice(0, -1)),
      ":9: expected a final look at each job, but it ends with those of 0 of 1",
    ],
    [
      "with a reference that is none",
      withEvent(3, { reply: { $body: "../x" } }),
      ":4: expected reply or the digest",
    ],
    [
      "with a version that is none",
      withEvent(0, { version: "2" }),
      ":1: expected a version, but there is none",
    ],
  ];
  test.each(cases)("%s", async (_, content, says) => {
    const error = await read(content).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InfrastructureError);
    expect((error as Error).message).toContain(says);
    expect((error as Error).message).toContain(`history ${file}:`);
    expect((error as Error).message.length).toBeLessThan(1000);
  });
});

describe("a large value is missed by name", () => {
  const place = () =>
    `history ${file}:4: expected the ${JSON.stringify(manyRows).length} bytes of ${bodyFile(file, digest)}`;
  test.each([
    ["its file is missing", () => rm(bodyFile(file, digest)), "the file is missing"],
    ["its folder is missing", () => rm(bodiesFolder(file), { recursive: true }), "the file is missing"],
    ["its file is cut", () => truncate(bodyFile(file, digest), 20_000), "it was changed: it has 20000 bytes"],
    [
      "its file is another",
      () => writeFile(bodyFile(file, digest), JSON.stringify(manyRows).replace("row 1", "row 2")),
      "it was changed: its sha256 is another",
    ],
  ])("%s", async (_, change, says) => {
    await read(whole);
    await change();
    await expect(readHistory(file)).rejects.toThrow(InfrastructureError);
    await expect(readHistory(file)).rejects.toThrow(`${place()}, but ${says}`);
  });

  test.each([
    ["[".repeat(20_000) + "]".repeat(20_000), "it has more than 200 arrays and objects within each other"],
    ["?".repeat(20_000), "it is no JSON"],
  ])("that is no JSON that can be read", async (body, says) => {
    await mkdir(bodiesFolder(file), { recursive: true });
    await writeFile(bodyFile(file, sha256(body)), body);
    const reply = { $body: sha256(body), bytes: body.length };
    await expect(read(withEvent(3, { reply }))).rejects.toThrow(says);
  });

  test("or of a length that nobody reads", async () => {
    const reply = { $body: digest, bytes: historyLimits.bodiesBytes + 1 };
    await expect(read(withEvent(3, { reply }))).rejects.toThrow(
      /:4: expected large values of at most \d+ bytes/,
    );
  });
});

describe("what is no history of this version is refused", () => {
  test.each<[string, string, string]>([
    ["nothing", "", ":1: is no history"],
    ["a byte order mark alone", "\uFEFF", ":1: is no history"],
    ["a blank line", "\n", ":1: is no history, which has an event as JSON on each line: the line is blank"],
    ["text", "hello\n", ":1: is no history"],
    ["other JSON", JSON.stringify(runEvent.schedule), ":1: is no history"],
    ["JSON of many lines", JSON.stringify(runEvent.schedule, null, 2), ":1: is no history"],
    ["a kind that is none", '{"kind":{"toString":1}}', ":1: is no history"],
    ["a history without its run", ended(events.slice(1)), ":1: is no history"],
    [
      "deep JSON",
      "[1,".repeat(1_000_000),
      ":1: is no history, which has an event as JSON on each line: the line has",
    ],
    [
      "JSON that is deep and short",
      `{"kind":"run","seq":0,"x":${"[".repeat(20_000)}`,
      "the line has more than 200 arrays and objects within each other",
    ],
    [
      "the old form",
      '{"seq":0,"at":0,"kind":"run","version":1,"id":"x","api":"current","rig":"containers"}\n',
      ":1: version: 1 is of an older Interlock; this one reads 2: replay its schedule for a new one",
    ],
    [
      "a newer version",
      withEvent(0, { version: 3 }),
      ":1: version: 3 was made by a newer Interlock; this one reads 2",
    ],
    [
      "a newer schedule",
      withEvent(0, { schedule: { ...runEvent.schedule, format: 9 } }),
      ":1: schedule: format: 9 was made by a newer",
    ],
    [
      "a schedule that is none",
      withEvent(0, { schedule: { ...runEvent.schedule, seed: "x" } }),
      ":1: schedule:\n  seed: Invalid input",
    ],
  ])("%s", async (_, content, says) => {
    await expect(read(content)).rejects.toThrow(UsageError);
    await expect(read(content)).rejects.toThrow(`${file}${says.startsWith(":") ? says : ""}`);
    await expect(read(content)).rejects.toThrow(says);
  });
});

describe("what is no file is not waited for", () => {
  test.each<[string, (path: string) => unknown, string]>([
    ["nothing", () => {}, "no such file"],
    ["a folder", (path) => mkdir(path), "it is a folder, no file"],
    ["a pipe", (path) => execFileSync("mkfifo", [path]), "it is a pipe, no file"],
    [
      "too large a file",
      async (path) => {
        await writeFile(path, "");
        await truncate(path, historyLimits.fileBytes + 1);
      },
      `it has ${historyLimits.fileBytes + 1} bytes`,
    ],
  ])("%s", async (_, make, says) => {
    await make(file);
    await expect(readHistory(file)).rejects.toThrow(UsageError);
    await expect(readHistory(file)).rejects.toThrow(`${file}: cannot be read: `);
    await expect(readHistory(file)).rejects.toThrow(says);
  });

  test("a device", async () => {
    await expect(readHistory("/dev/zero")).rejects.toThrow(
      "/dev/zero: cannot be read: it is a device, no file",
    );
  });
});
