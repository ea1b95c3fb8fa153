import { describe, expect, test } from "vitest";
import { InfrastructureError, UsageError } from "../errors.ts";
import { type Schedule, scheduleFormat } from "../schedule/schedule.ts";
import { exchangeEvent } from "../testing/events.ts";
import { limits } from "../testing/limits.ts";
import { type HistoryEvent, historyVersion } from "./event.ts";
import { readHistory } from "./read.ts";

const schedule: Schedule = {
  format: scheduleFormat,
  workload: { jobs: [{ statement: "insert-into", engine: "presto" }], workers: 1 },
  releases: { api: "current", workers: {} },
  seed: 1,
  faults: [],
};
const run = {
  kind: "run",
  version: historyVersion,
  id: "",
  api: "current",
  rig: "simulated",
  schedule,
  limits,
} as const;
const final = {
  kind: "final",
  number: 1,
  job: "1",
  stored: "success",
  leased: false,
  rows: [],
  expected: [],
  registered: false,
  residue: [],
  unsent: 0,
} as const;
const history: HistoryEvent[] = [
  exchangeEvent({ seq: 0 }),
  { seq: 1, at: 0, ...run },
  { seq: 2, at: 5, kind: "component", component: "api", what: "exited", detail: "for ever" },
  { seq: 3, at: 9, ...final },
];
const lines = history.map((event) => JSON.stringify(event));
const withLine = (at: number, more: object): string =>
  lines.with(at, JSON.stringify({ ...history[at], ...more })).join("\n");

test("a whole history comes back as it was, with and without a last line break", () => {
  expect(readHistory(lines.join("\n"), "h")).toEqual(history);
  expect(readHistory(`${lines.join("\n")}\n`, "h")).toEqual(history);
});

test("a history from before there were destinations is read as it is", () => {
  const { deliveryTryMs: _, deliveryMs: __, ...before } = limits;
  const old = withLine(1, { limits: before });
  expect(
    readHistory(old, "h")
      .map((event) => JSON.stringify(event))
      .join("\n"),
  ).toBe(old);
});

test("a history with what a destination took comes back as it was", () => {
  const delivered = [[1, "a"]];
  expect(readHistory(withLine(3, { delivered }), "h").at(-1)).toMatchObject({ delivered });
  expect(() => readHistory(withLine(3, { delivered: "all" }), "h")).toThrow("delivered");
});

describe("a damaged history names the line", () => {
  test.each([
    [
      "cut in a line",
      lines.join("\n").slice(0, -5),
      "history h:4: expected an event as JSON, but the last line is cut",
    ],
    [
      "cut after a line",
      lines.slice(0, 3).join("\n"),
      "history h:3: expected a final look at each job, but it ends with those of 0 of 1",
    ],
    [
      "with a line that is none",
      lines.with(2, "?").join("\n"),
      "history h:3: expected an event as JSON, but the line is damaged",
    ],
    ["with an empty line", lines.with(2, "").join("\n"), "history h:3:"],
    [
      "without one of its lines",
      lines.toSpliced(2, 1).join("\n"),
      "history h:3: expected event 2, but it is event 3: lines are missing",
    ],
    [
      "with an event of no kind",
      withLine(2, { kind: "miracle" }),
      "history h:3: expected an event, but kind",
    ],
    [
      "with an outcome that is none",
      withLine(0, { outcome: "maybe" }),
      "history h:1: expected an event, but outcome",
    ],
  ])("%s", (_, text, says) => {
    expect(() => readHistory(text, "h")).toThrow(InfrastructureError);
    expect(() => readHistory(text, "h")).toThrow(says);
  });
});

describe("what is no history of a schedule is refused", () => {
  test.each([
    ["nothing", "", "h:1: is no history"],
    ["text", "hello\n", "h:1: is no history"],
    ["other JSON", JSON.stringify(schedule), "h:1: is no history"],
    ["a history without its run", JSON.stringify(history[0]), "h: is a history without a schedule"],
    ["a run without a schedule", withLine(1, { schedule: undefined }), "h: is a history without a schedule"],
    ["a newer version", withLine(1, { version: 2 }), "h:2: version: 2 was made by a newer Interlock"],
    [
      "a newer schedule",
      withLine(1, { schedule: { ...schedule, format: 2 } }),
      "h:2: schedule: format: 2 was made by a newer",
    ],
  ])("%s", (_, text, says) => {
    expect(() => readHistory(text, "h")).toThrow(UsageError);
    expect(() => readHistory(text, "h")).toThrow(says);
  });
});
