import { describe, expect, test } from "vitest";
import { engineLabel, engines, generationOf } from "../../contracts/job.ts";
import { checkConfig } from "../config/check-config.ts";
import { UsageError } from "../errors.ts";
import { scheduleSchema } from "../schedule/schedule.ts";
import { writtenConfig } from "../testing/config.ts";
import { scenarioOf } from "../testing/scenario.ts";
import { chooseCells, extentOf, matrixSchedule, planCells } from "./cell.ts";

const scenarios = ["web", "web-empty", "insert-into"].map((name) => scenarioOf({ name }));
const cells = planCells("2015-08-24", engines, scenarios);

describe("a plan", () => {
  test("has a cell for every scenario with every engine", () => {
    expect(cells.map(({ path }) => path)).toEqual([
      "2015-08-24/v5-presto/web",
      "2015-08-24/v5-hive-cdh4/web",
      "2015-08-24/v6-hive-hdp2/web",
      "2015-08-24/v5-presto/web-empty",
      "2015-08-24/v5-hive-cdh4/web-empty",
      "2015-08-24/v6-hive-hdp2/web-empty",
      "2015-08-24/v5-presto/insert-into",
      "2015-08-24/v5-hive-cdh4/insert-into",
      "2015-08-24/v6-hive-hdp2/insert-into",
    ]);
  });

  test("has cells that say what their paths say", () => {
    for (const { path, api, engine, generation, scenario } of cells) {
      expect(path).toBe(`${api}/${engineLabel(engine)}/${scenario.name}`);
      expect(generation).toBe(generationOf(engine));
    }
  });

  test("is empty without engines or without scenarios", () => {
    expect(planCells("current", [], scenarios)).toEqual([]);
    expect(planCells("current", engines, [])).toEqual([]);
  });
});

describe("a choice", () => {
  const checked = checkConfig(writtenConfig());
  if (!checked.ok) throw new Error(checked.problems.join("\n"));
  const { config } = checked;
  const chosen = (api: string, ...patterns: string[]) =>
    chooseCells(config, api, patterns).map(({ path }) => path);

  test("is of the engines that the workers run; all cells without a pattern", () => {
    const all = ["next/v5-presto/web", "next/v5-hive-cdh4/web", "next/v6-hive-hdp2/web"];
    expect(chosen("next")).toEqual(all);
    expect(chosen("next", "*/v5-*/*")).toEqual(all.slice(0, 2));
  });

  test("of a release that the config has not is refused, and those that it has are named", () => {
    expect(() => chosen("2015")).toThrow(UsageError);
    expect(() => chosen("2015")).toThrow("no API release 2015 in the config; it has current, next");
    expect(() => chosen("constructor")).toThrow("no API release constructor");
  });

  test("is of what the API of the release has: a scenario that takes what it lacks is no cell of it", () => {
    const { current, next } = config.api as Required<typeof config.api>;
    const [web] = config.scenarios as [(typeof config.scenarios)[number]];
    const table = { ...web, name: "table", statement: { kind: "create-table" as const } };
    const api = { current: current as never, next: { ...next, lacks: ["worker.register_table"] } as never };
    const both = { ...config, api, scenarios: [web, table] };
    expect(chooseCells(both, "current", []).length).toBe(6);
    expect(chooseCells(both, "next", []).map(({ scenario: { name } }) => name)).toEqual([
      "web",
      "web",
      "web",
    ]);
    expect(extentOf(both, "next").cells).toBe(3);
    expect(() => chooseCells(both, "next", ["**/table"])).toThrow("no cell matches **/table");
  });

  test("by a pattern that matches nothing is refused, also beside one that matches", () => {
    expect(() => chosen("current", "**", "current/v7-*/**")).toThrow(
      "no cell matches current/v7-*/**; `script/interlock cells` lists them all",
    );
  });
});

test("cells are a schedule without faults, a job each in their order, issued as customers do", () => {
  const schedule = matrixSchedule(cells, "2015-08-24", { v5: "current", v6: "current" });
  expect(scheduleSchema.parse(schedule)).toEqual(schedule);
  expect(schedule).toMatchObject({
    faults: [],
    releases: { api: "2015-08-24", workers: { v5: "current", v6: "current" } },
  });
  expect(schedule.workload.jobs).toEqual(
    cells.map(({ engine, scenario }) => ({ engine, scenario: scenario.name, customer: "td" })),
  );
});

test("cells whose queries read alike are issued by customers that send domain keys", () => {
  const alike = cells.map((cell) => ({ ...cell, scenario: { ...cell.scenario, alike: true as const } }));
  const { workload } = matrixSchedule(alike, "current", { v5: "current", v6: "current" });
  expect(workload.jobs.map(({ customer }) => customer)).toEqual(alike.map(() => undefined));
});

test("cells whose job npm td has no call for are issued by customers that have one", () => {
  const statement = { kind: "partial-delete" } as const;
  const deleting = cells.map((cell) => ({ ...cell, scenario: { ...cell.scenario, statement } }));
  const { workload } = matrixSchedule(deleting, "current", { v5: "current", v6: "current" });
  expect(workload.jobs.map(({ customer }) => customer)).toEqual(deleting.map(() => undefined));
});
