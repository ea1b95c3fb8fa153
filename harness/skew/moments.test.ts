import { describe, expect, test } from "vitest";
import { engines } from "../../contracts/job.ts";
import {
  createTable,
  destinationRefuses,
  endless,
  insertInto,
  queryFails,
  select,
  web,
} from "../invariants/testing/scenarios.ts";
import type { Scenario } from "../schedule/scenario.ts";
import { moments, momentsOf } from "./moments.ts";
import { oneEach } from "./one-each.ts";
import { shortPlans } from "./plans.ts";
import { shapesOf, tellingScenarios } from "./shape.ts";

const at = (scenario: Scenario, process: string) =>
  momentsOf(scenario, process).map((place) => {
    const { phase, operation } = (moments[place] as (typeof moments)[number]).at;
    return `${phase} ${operation}`;
  });
const begin = ["after job.issue", "after worker.claim", "before worker.heartbeat"];
const end = ["before put", "before worker.finish", "after worker.finish"];

describe("the moments of a job", () => {
  test.each<[Scenario, string[]]>([
    [select, []],
    [insertInto, []],
    [web, ["after deliver"]],
    [createTable, ["before publishTable"]],
    [destinationRefuses, []],
    [endless, ["after job.kill"]],
  ])("$0.name has those of its own kind", (scenario, own) => {
    expect(at(scenario, "worker-v5-1")).toEqual([...begin, ...own, ...end]);
  });

  test("one that streams beforehand begins with its chunks", () => {
    const streams = { ...select, statement: { kind: "streaming-import" } as const };
    expect(at(streams, "api")).toEqual(["after table.import_with_id", ...at(select, "api")]);
  });

  test("a fault at a worker's disk hits no API", () => {
    expect(at(select, "api-2")).toEqual([...begin, "before worker.finish", "after worker.finish"]);
  });
});

describe("the jobs of plans", () => {
  const all = [destinationRefuses, queryFails, endless, web, { ...web, name: "web-again" }, createTable];

  test("are one of each kind, in each way to end, success first", () => {
    const names = tellingScenarios(all, engines);
    expect(names).toEqual(["destination-refuses", "web", "create-table", "query-fails", "killed"]);
    const ofV6 = { ...createTable, engines: ["hive-hdp2" as const] };
    expect(tellingScenarios([web, ofV6], engines)).toEqual(["web"]);
  });

  test("are none where none ends in success", () => {
    expect(tellingScenarios([queryFails, endless], engines)).toEqual([]);
  });
});

const both = { v5: ["old", "new"], v6: ["old", "new"] };
const policy = { apis: [{ release: "a1", takes: both }] };
const window = {
  from: { api: "a1", workers: { v5: "old", v6: "old" } },
  to: { api: "a1", workers: { v5: "new", v6: "new" } },
};

test("a step of one process is taken in each way at each moment of each kind of its own jobs", () => {
  const scenarios = [web, createTable, endless];
  const { plans } = shortPlans(policy, ...(shapesOf([window], engines, scenarios, 1) as [never]));
  const ofV6 = plans.filter(({ faults }) =>
    faults.every(({ fault }) => "name" in fault && fault.name?.startsWith("worker-v6-")),
  );
  const sites = ofV6
    .filter(({ faults }) => faults.length === 1)
    .map(({ workload, faults: [step] }) => {
      const job = workload.jobs[(step?.at.job ?? 0) - 1];
      expect(job?.engine).toBe("hive-hdp2");
      return `${job?.scenario}: ${step?.at.phase} ${step?.at.operation}`;
    });
  const wanted = scenarios.flatMap((scenario) =>
    at(scenario, "worker-v6-1").map((one) => `${scenario.name}: ${one}`),
  );
  expect(sites.toSorted()).toEqual(wanted.flatMap((one) => [one, one, one]).toSorted());
});

test("no step of a saved plan is at a delivery to a destination where the rig sees none", () => {
  const table: Scenario = { ...web, name: "append", output: { kind: "mysql", mode: "append" } };
  const shapes = shapesOf([window], engines, [web, table], 1);
  const sees = (kind: string) =>
    oneEach(
      policy,
      shapes,
      ({ at: { link } }, scenario) => link !== "worker->destination" || scenario?.output?.kind === kind,
    ).flatMap(({ plan: { faults, workload } }) =>
      faults
        .filter(({ at: { link } }) => link === "worker->destination")
        .map(({ at: { job } }) => workload.jobs[(job ?? 0) - 1]?.scenario),
    );
  expect(new Set(sees("web"))).toEqual(new Set(["web"]));
  expect(new Set(sees("mysql"))).toEqual(new Set(["append"]));
});
