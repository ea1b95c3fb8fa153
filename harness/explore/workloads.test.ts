import { describe, expect, test } from "vitest";
import { faultProblems } from "../schedule/applicable.ts";
import { type Site, scheduleSchema } from "../schedule/schedule.ts";
import { scenarioOf } from "../testing/scenario.ts";
import { fakeRun } from "./testing/fake-run.ts";
import { baseSchedule, basesOf, usualScenarios, workloadsOf } from "./workloads.ts";

const releases = { api: "next", workers: { v5: "older" } };
const insert = { statement: { kind: "insert-into" as const }, output: null };

describe("the scenarios that are usually explored", () => {
  test("are of each kind of statement the first that ends in success, and one that delivers into the service", () => {
    const scenarios = [
      scenarioOf({ name: "refused", ending: "refused" }),
      scenarioOf({ name: "web" }),
      scenarioOf({ ...insert, name: "insert-fails", ending: "error" }),
      scenarioOf({ ...insert, name: "insert" }),
      scenarioOf({ name: "web-empty" }),
      scenarioOf({ ...insert, name: "insert-more" }),
      scenarioOf({ name: "table", output: { kind: "td" } }),
      scenarioOf({ name: "other-table", output: { kind: "td" } }),
      scenarioOf({ name: "endless", statement: { kind: "endless" }, ending: "killed" }),
    ];
    expect(usualScenarios(scenarios).map(({ name }) => name)).toEqual(["web", "insert", "table"]);
  });

  test("are none where none ends in success", () => {
    expect(usualScenarios([scenarioOf({ ending: "error" })])).toEqual([]);
  });
});

test("every engine has every scenario, under the path by which a cell is called", () => {
  const scenarios = [scenarioOf(), scenarioOf({ ...insert, name: "insert" })];
  const bases = basesOf(["presto", "hive-hdp2"], scenarios, releases, 7);
  expect(bases.map(({ path, statement }) => [path, statement])).toEqual([
    ["next/v5-presto/web", "select"],
    ["next/v5-presto/insert", "insert-into"],
    ["next/v6-hive-hdp2/web", "select"],
    ["next/v6-hive-hdp2/insert", "insert-into"],
  ]);
  for (const { base } of bases) expect(base).toMatchObject({ releases, seed: 7, faults: [] });
});

test("a base is a schedule of one job and two workers, so that another can take over", () => {
  const base = baseSchedule("presto", "web", releases, 7);
  expect(scheduleSchema.parse(base)).toEqual(base);
  expect(base.workload).toEqual({ jobs: [{ scenario: "web", engine: "presto" }], workers: 2 });
  expect(faultProblems(base.faults, 1)).toEqual([]);
});

test("a workload is a base with the sites that it reaches when it is run once", async () => {
  const reached: Site[] = [
    { link: "customer->api", operation: "job.issue", job: 1, occurrence: 1, phase: "before" },
  ];
  const bases = basesOf(["presto", "hive-hdp2"], [scenarioOf()], releases, 7);
  const { run, batches } = fakeRun({ reached });
  expect(await workloadsOf(run, bases)).toEqual(bases.map((base) => ({ ...base, reached })));
  expect(batches).toEqual([bases.map(({ base }) => base)]);
});
