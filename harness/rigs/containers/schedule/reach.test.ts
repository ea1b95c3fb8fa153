import { describe, expect, test } from "vitest";
import {
  type Fault,
  type Planned,
  type Schedule,
  type Site,
  scheduleFormat,
} from "../../../schedule/schedule.ts";
import { beyondReach, costOf, isBeyondReach, isWithinReach, needsOf } from "./reach.ts";

const planned = (link: Site["link"], job: number | null, fault: Fault, operation = "some"): Planned => ({
  at: { link, operation, job, occurrence: 1, phase: "before" },
  fault,
});
const lost: Fault = { kind: "lost" };
const duplicate: Fault = { kind: "duplicate" };

const withinTransaction: Planned = {
  ...planned("worker->warehouse", 1, lost),
  at: { ...planned("worker->warehouse", 1, lost).at, statement: 2 },
};

const scheduleOf = (...faults: Planned[]): Schedule => ({
  format: scheduleFormat,
  workload: {
    jobs: [
      { scenario: "insert-into", engine: "presto" },
      { scenario: "create-table", engine: "hive-cdh4" },
    ],
    workers: 3,
  },
  releases: { api: "current", workers: {} },
  seed: 1,
  faults,
});

describe("what this rig cannot break", () => {
  test.each<[string, Planned, boolean]>([
    ["a call to the API", planned("worker->api", 1, duplicate), false],
    ["a statement of a job", planned("worker->warehouse", 1, lost), false],
    ["a worker's disk", planned("worker->disk", 1, { kind: "pause", process: "worker", ms: 1 }), true],
    ["a transaction that comes twice", planned("api->database", null, duplicate), true],
    ["a statement of nobody's job", planned("worker->warehouse", null, lost), true],
    ["a statement within a transaction", withinTransaction, true],
  ])("%s", (_, fault, beyond) => {
    expect(isBeyondReach(fault)).toBe(beyond);
    expect(isWithinReach(scheduleOf(planned("worker->api", 1, lost), fault))).toBe(!beyond);
  });
});

test("what cannot be broken is told with the rig's name", () => {
  expect(beyondReach(withinTransaction)).toBe("the containers rig breaks transactions only as a whole");
});

test("a schedule needs the generations of its jobs, each once, and its workers", () => {
  expect(needsOf(scheduleOf())).toMatchObject({ generations: ["v5"], workers: 3 });
});

test("what is over at once is cheaper than what lasts, and that than an event of a process", () => {
  const late: Fault = { kind: "late", ms: 5_000 };
  const kill: Fault = { kind: "kill", process: "worker", ms: 5_000 };
  const costs = [
    planned("worker->api", 1, lost),
    planned("worker->api", 1, late),
    planned("worker->api", 1, kill),
    planned("worker->api", 1, kill, "worker.heartbeat"),
  ].map((fault) => costOf(scheduleOf(fault)));
  expect(costs).toEqual(costs.toSorted((a, b) => a - b));
  expect(new Set(costs).size).toBe(costs.length);
});
