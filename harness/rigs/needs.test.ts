import { describe, expect, test } from "vitest";
import { type Fault, type Schedule, scheduleFormat } from "../schedule/schedule.ts";
import { scenarioOf } from "../testing/scenario.ts";
import { lacksIn, needsOf } from "./needs.ts";

const scenarios = [
  scenarioOf(),
  scenarioOf({ name: "quiet", output: null }),
  scenarioOf({ name: "rows", output: { kind: "mysql", mode: "append", before: [] } }),
  scenarioOf({ name: "bad-url", output: { kind: "invalid", url: "?" }, ending: "refused" }),
];
const api = {
  current: { url: "http://127.0.0.1:1" },
  older: { url: "http://127.0.0.1:1", lacks: ["worker.register_table" as const] },
};
const step: Fault = { kind: "version", process: "api", release: "next", ms: 0 };

const scheduleOf = (jobs: Schedule["workload"]["jobs"], faults: Fault[] = []): Schedule => ({
  format: scheduleFormat,
  workload: { jobs, workers: 3 },
  releases: { api: "current", workers: { v5: "older" } },
  seed: 1,
  faults: faults.map((fault) => ({
    at: { link: "customer->api", operation: "job.show", job: 1, occurrence: 1, phase: "before" },
    fault,
  })),
});

test("a schedule needs each engine and each destination of its jobs once, its workers and its releases", () => {
  const schedule = scheduleOf([
    { scenario: "web", engine: "presto" },
    { scenario: "rows", engine: "presto" },
    { scenario: "web", engine: "hive-hdp2" },
  ]);
  expect(needsOf(schedule, { api, scenarios })).toEqual({
    releases: { api: "current", workers: { v5: "older" } },
    steps: [],
    engines: ["presto", "hive-hdp2"],
    destinations: ["web", "mysql"],
    workers: 3,
    due: [],
  });
});

test("a job without output, or with one that must be refused, needs no destination", () => {
  const schedule = scheduleOf([
    { scenario: "quiet", engine: "presto" },
    { scenario: "bad-url", engine: "presto" },
  ]);
  expect(needsOf(schedule, { api, scenarios }).destinations).toEqual([]);
});

test("a job that comes by itself needs a rig that has the time for it", () => {
  const due = scenarioOf({
    name: "each-minute",
    statement: { kind: "scheduled-query" },
    output: null,
    due: true,
  });
  const schedule = scheduleOf([
    { scenario: "quiet", engine: "presto" },
    { scenario: "each-minute", engine: "presto" },
  ]);
  expect(needsOf(schedule, { api, scenarios: [...scenarios, due] }).due).toEqual(["each-minute"]);
});

test("the releases of version steps are needed, other faults need nothing", () => {
  const schedule = scheduleOf([{ scenario: "quiet", engine: "presto" }], [step, { kind: "lost" }]);
  expect(needsOf(schedule, { api, scenarios }).steps).toEqual([step]);
});

test("scenarios that the config does not have are named", () => {
  const schedule = scheduleOf([{ scenario: "other", engine: "presto" }]);
  expect(() => needsOf(schedule, { api, scenarios })).toThrow(
    "the config has no scenario other; it has web, quiet",
  );
});

describe("what an API of the schedule lacks", () => {
  const table = scenarioOf({ name: "table", statement: { kind: "create-table" }, output: null });
  const config = { api, scenarios: [...scenarios, table] };
  const jobs = [{ scenario: "quiet", engine: "presto" as const }];
  const toOlder: Fault = { kind: "version", process: "api", release: "older", ms: 0 };
  const releases = { workers: {} };
  const schedules: Record<string, Schedule> = {
    "of its release": { ...scheduleOf(jobs), releases: { ...releases, api: "older" } },
    "of one beside it": { ...scheduleOf(jobs), releases: { ...releases, api: "current", beside: ["older"] } },
    "of one that comes": scheduleOf(jobs, [toOlder]),
  };

  test.each(Object.entries(schedules))("is not asked for: %s", (_, schedule) => {
    expect(lacksIn(schedule, config)).toEqual(["worker.register_table"]);
    expect(needsOf(schedule, config).engines).toEqual(["presto"]);
    const { workload } = schedule;
    const asking = {
      ...schedule,
      workload: { ...workload, jobs: [...jobs, { ...jobs[0], scenario: "table" }] },
    };
    expect(() => needsOf(asking as Schedule, config)).toThrow(
      "job 2 of the schedule: API older lacks worker.register_table, which the scenario table takes",
    );
  });

  test("is nothing where it has all, or the config does not know it", () => {
    expect(lacksIn(scheduleOf(jobs), config)).toEqual([]);
    expect(lacksIn({ ...scheduleOf(jobs), releases: { ...releases, api: "none" } }, config)).toEqual([]);
  });
});
