import { expect, test } from "vitest";
import { type Fault, type Schedule, scheduleFormat } from "../schedule/schedule.ts";
import { scenarioOf } from "../testing/scenario.ts";
import { needsOf } from "./needs.ts";

const scenarios = [
  scenarioOf(),
  scenarioOf({ name: "quiet", output: null }),
  scenarioOf({ name: "rows", output: { kind: "mysql", mode: "append", before: [] } }),
  scenarioOf({ name: "bad-url", output: { kind: "invalid", url: "?" }, ending: "refused" }),
];
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
  expect(needsOf(schedule, { scenarios })).toEqual({
    releases: { api: "current", workers: { v5: "older" } },
    steps: [],
    engines: ["presto", "hive-hdp2"],
    destinations: ["web", "mysql"],
    workers: 3,
  });
});

test("a job without output, or with one that must be refused, needs no destination", () => {
  const schedule = scheduleOf([
    { scenario: "quiet", engine: "presto" },
    { scenario: "bad-url", engine: "presto" },
  ]);
  expect(needsOf(schedule, { scenarios }).destinations).toEqual([]);
});

test("the releases of version steps are needed, other faults need nothing", () => {
  const schedule = scheduleOf([{ scenario: "quiet", engine: "presto" }], [step, { kind: "lost" }]);
  expect(needsOf(schedule, { scenarios }).steps).toEqual([step]);
});

test("scenarios that the config does not have are named", () => {
  const schedule = scheduleOf([{ scenario: "other", engine: "presto" }]);
  expect(() => needsOf(schedule, { scenarios })).toThrow(
    "the config has no scenario other; it has web, quiet",
  );
});
