import { describe, expect, test } from "vitest";
import { parseDestination } from "../../contracts/destination.ts";
import { engines } from "../../contracts/job.ts";
import { kindNamed } from "../destinations/index.ts";
import { destinationNameOf, type Scenario } from "../schedule/scenario.ts";
import { type Schedule, scheduleFormat, type WorkloadJob } from "../schedule/schedule.ts";
import { type StatementName, statementKinds } from "../schedule/statements.ts";
import { numberOf, numberOfKey } from "../schedule/targets.ts";
import { scenarioOf } from "../testing/scenario.ts";
import { isMoving, jobsOf, orderOf, scenariosOf, type UrlOf } from "./workload.ts";

const web = scenarioOf();
const quiet = scenarioOf({ name: "quiet", output: null });
const badUrl = scenarioOf({
  name: "bad-url",
  output: { kind: "invalid", url: "mysql://?" },
  ending: "refused",
});
const scenarios = [web, quiet, badUrl];

const scheduleOf = (...jobs: WorkloadJob[]): Schedule => ({
  format: scheduleFormat,
  workload: { jobs, workers: 1 },
  releases: { api: "current", workers: {} },
  seed: 1,
  faults: [],
});
const urlOf: UrlOf = (name, output, target) => kindNamed(name).simulatedUrl(output, target);

const orderFor = (scenario: Scenario, more: Partial<WorkloadJob> = {}, prefix = "") => {
  const [job] = jobsOf(
    scheduleOf({ scenario: scenario.name, engine: "presto", ...more }),
    [scenario],
    prefix,
  );
  if (job === undefined) throw new Error("no job");
  return orderOf(job, { apikey: "1/k", database: "sample" }, urlOf, prefix);
};

test("customers move what they have made beside the probe, where nothing is to be broken", () => {
  const calm = scheduleOf({ scenario: "web", engine: "presto" });
  const probed: Schedule = { ...calm, workload: { ...calm.workload, probe: true } };
  const at = {
    link: "api->database",
    operation: "job.list",
    job: null,
    occurrence: 1,
    phase: "after",
  } as const;
  const broken: Schedule = { ...probed, faults: [{ at, fault: { kind: "lost" } }] };
  expect([calm, probed, broken].map((one) => isMoving(one))).toEqual([false, true, false]);
  const own = (schedule: Schedule, moves: boolean) =>
    jobsOf(schedule, scenarios).map(
      (job) => orderOf(job, { apikey: "1/k", database: "sample", moves }, urlOf).own,
    );
  expect(own(calm, false)).toEqual([undefined]);
  expect(own(probed, true)).toEqual([{ type: "presto", database: "effect_1", domain_key: "workload-1-own" }]);
  expect(isMoving(probed, ["table.swap"])).toBe(false);
});

describe("the jobs of a schedule", () => {
  test("are numbered from 1, each with its scenario, its customer and a target of its own", () => {
    const schedule = scheduleOf(
      { scenario: "quiet", engine: "hive-hdp2" },
      { scenario: "web", engine: "presto", customer: "td" },
      { scenario: "quiet", engine: "presto", customer: "script" },
    );
    expect(jobsOf(schedule, scenarios, "r7_")).toEqual([
      {
        number: 1,
        engine: "hive-hdp2",
        customer: "script",
        scenario: quiet,
        template: quiet,
        target: "r7_effect_1",
        isFirst: true,
      },
      {
        number: 2,
        engine: "presto",
        customer: "td",
        scenario: web,
        template: web,
        target: "r7_effect_2",
        isFirst: true,
      },
      {
        number: 3,
        engine: "presto",
        customer: "script",
        scenario: quiet,
        template: quiet,
        target: "r7_effect_3",
        isFirst: false,
      },
    ]);
    expect(scenariosOf(jobsOf(schedule, scenarios))).toEqual({ quiet, web });
  });

  test("read the rows of their customers, under one name", () => {
    const source = { ...quiet.source, rows: quiet.source.rows.map((row) => row.with(0, "of {customer}")) };
    const marked = { ...quiet, source };
    const schedule = scheduleOf(
      { scenario: "quiet", engine: "hive-hdp2" },
      { scenario: "quiet", engine: "hive-cdh4" },
    );
    const jobs = jobsOf(schedule, [marked]);
    expect(jobs.map(({ scenario }) => scenario.source.rows[0]?.[0])).toEqual(["of hdp2", "of cdh4"]);
    expect(scenariosOf(jobs)).toEqual({ quiet: marked });
    expect(jobsOf(schedule, [marked])[0]?.scenario).toBe(jobs[0]?.scenario);
  });

  test("a scenario that the config does not have is refused, with those that it has", () => {
    const schedule = scheduleOf(
      { scenario: "web", engine: "presto" },
      { scenario: "other", engine: "presto" },
    );
    expect(() => jobsOf(schedule, scenarios)).toThrow(
      expect.objectContaining({
        name: "UsageError",
        message: "job 2 of the schedule: the config has no scenario other; it has web, quiet, bad-url",
      }),
    );
    expect(() => jobsOf(scheduleOf({ scenario: "constructor", engine: "presto" }), scenarios)).toThrow(
      "the config has no scenario constructor",
    );
  });
});

describe("an order", () => {
  test.each(Object.keys(statementKinds) as StatementName[])(
    "of %s tells by its query which job of which schedule it is",
    (kind) => {
      const { query } = orderFor(scenarioOf({ statement: { kind } }), {}, "r7_");
      expect(numberOf(query, "r7_")).toBe(1);
      expect(numberOf(query, "r8_")).toBeNull();
      expect(numberOf(query)).toBeNull();
    },
  );

  test.each(engines)("of %s is sent to its engine, in the customer's database", (engine) => {
    const type = engine === "presto" ? "presto" : "hive";
    expect(orderFor(web, { engine })).toMatchObject({ type, database: "sample" });
  });

  test("says where its result goes, by the job's own target", () => {
    const { result = "" } = orderFor(web, {}, "r7_");
    expect(parseDestination(result)).toMatchObject({ ok: true });
    expect(numberOf(result, "r7_")).toBe(1);
  });

  test("into a table of the service has its customer's own key, and says what is made before and waited for", () => {
    const order = orderFor(scenarioOf({ output: { kind: "td" } }), {}, "r7_");
    expect(parseDestination(order.result ?? "")).toEqual({
      ok: true,
      settings: { type: "td", apikey: "1/k", database: "sample", table: "r7_effect_1", mode: "append" },
    });
    expect(order.fills).toEqual({ table: "r7_effect_1", records: web.source.rows.length });
    expect(orderFor(web)).not.toHaveProperty("fills");
  });

  test("without output says nothing of a result", () => {
    expect(orderFor(quiet)).not.toHaveProperty("result");
  });

  test("with a destination that must be refused writes it as it is", () => {
    expect(orderFor(badUrl).result).toBe("mysql://?");
  });

  test("of the script has a key by which it is known again, of its schedule alone", () => {
    expect(numberOfKey(orderFor(web).domain_key ?? "")).toBe(1);
    expect(orderFor(web, {}, "r7_").domain_key).toBe(`r7_${orderFor(web).domain_key}`);
  });

  test("whose query reads alike in every job is known by its key alone", () => {
    const alike = { ...web, alike: true as const };
    expect(orderFor(alike, {}, "r7_").query).toBe(orderFor(alike, { engine: "hive-hdp2" }).query);
    expect(orderFor(alike, {}, "r7_").query).toBe("SELECT id, symbol FROM trades");
    expect(orderFor(alike, {}, "r7_").domain_key).toBe("r7_workload-1");
  });

  test("of npm td has none: the client cannot send one", () => {
    expect(orderFor(web, { customer: "td" })).not.toHaveProperty("domain_key");
  });
});

test("a destination that must be refused is of no kind, and a table of the service has no server", () => {
  const table = scenarioOf({ output: { kind: "td" } });
  expect([web, quiet, badUrl, table].map(destinationNameOf)).toEqual(["web", null, null, null]);
});
