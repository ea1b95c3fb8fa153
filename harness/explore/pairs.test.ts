import { expect, test } from "vitest";
import { engineLabel, engines } from "../../contracts/job.ts";
import { partnersAt, singlesAt } from "../schedule/catalog.ts";
import type { LinkName, Site } from "../schedule/schedule.ts";
import { type StatementName, statementKinds } from "../schedule/statements.ts";
import { leftOutOfPairs, leftToOtherEngines, pairPlan, pairTasks, partOfPairs } from "./pairs.ts";
import { baseSchedule, type Workload } from "./workloads.ts";

const releases = { api: "current", workers: {} };
const site = (link: LinkName, operation: string): Site => ({
  link,
  operation,
  job: 1,
  occurrence: 1,
  phase: "before",
});
const common = [site("worker->api", "worker.finish"), site("worker->warehouse", "insertInto")];
const delivery = site("worker->destination", "deliver");

/** Every kind of statement on every engine; a query alone has a link of its own. */
const workloads: Workload[] = engines.flatMap((engine) =>
  (Object.keys(statementKinds) as StatementName[]).map((statement) => ({
    path: `current/${engineLabel(engine)}/${statement}`,
    // A scenario of its own for each kind, under a name that is none.
    base: baseSchedule(engine, `my-${statement}`, releases, 1),
    statement,
    reached: statement === "select" ? [...common, delivery] : common,
  })),
);

const tasksOf = (statement: string) =>
  pairTasks(workloads).flatMap((task) =>
    task.kind === "pairs" && task.base.workload.jobs[0]?.scenario === `my-${statement}` ? [task] : [],
  );

test.each(["insert-into", "create-table"])("all pairs of %s are swept", (statement) => {
  const tasks = tasksOf(statement);
  expect(tasks.every(({ own }) => own === null)).toBe(true);
  const firsts = tasks
    .filter(({ base: { workload } }) => workload.jobs[0]?.engine === "presto")
    .flatMap((task) => task.firsts);
  expect(firsts).toEqual(partnersAt(common));
});

test("of a query only pairs with a fault on its own link are swept, and the plan says so", () => {
  expect(tasksOf("select").length).toBeGreaterThan(0);
  for (const { own } of tasksOf("select")) expect(own).toEqual(["worker->destination"]);
  expect(pairPlan(workloads)).toBe(
    "of select those with a fault on worker->destination, which the others do not use; all of insert-into; all of create-table",
  );
});

test("what is in no pair is counted", () => {
  const counts = workloads.map(
    ({ reached }) => [singlesAt(reached).length, partnersAt(reached).length] as const,
  );
  const [all, paired] = [0, 1].map((i) => counts.reduce((sum, count) => sum + (count[i] as number), 0));
  expect(leftOutOfPairs(workloads)).toBe(
    `${(all as number) - (paired as number)} of ${all} single faults are in no pair: they only repeat others, or come where others of their kind do`,
  );
});

test("single faults that are left to another engine are counted", () => {
  const others = workloads.filter(({ base }) => base.workload.jobs[0]?.engine === "hive-cdh4");
  const singles = others.reduce((sum, { reached }) => sum + singlesAt(reached).length, 0);
  expect(leftToOtherEngines(others)).toBe(
    `${singles} single faults with v5-hive-cdh4, which runs the same code as another engine; --cell picks it`,
  );
});

test("a workload that is explored alone has all its pairs swept", () => {
  const alone = workloads.filter(({ path }) => path === "current/v5-hive-cdh4/select");
  const tasks = pairTasks(alone);
  expect(tasks.flatMap((task) => (task.kind === "pairs" ? task.firsts : []))).toEqual(
    partnersAt([...common, delivery]),
  );
  expect(tasks.every((task) => task.kind === "pairs" && task.own === null)).toBe(true);
  expect(pairPlan(alone)).toBe("all of select");
});

test("a query that delivers nowhere has no pairs that the others do not have", () => {
  const silent = workloads.map((workload) => ({ ...workload, reached: common }));
  const scenarios = pairTasks(silent).flatMap((task) =>
    task.kind === "pairs" ? task.base.workload.jobs.map(({ scenario }) => scenario) : [],
  );
  expect(new Set(scenarios)).toEqual(new Set(["my-insert-into", "my-create-table"]));
  expect(pairPlan(silent)).toBe("all of insert-into; all of create-table");
});

test("Hive on CDH4 is the code of Presto: its pairs are not swept again", () => {
  const swept = new Set(
    pairTasks(workloads).map((task) => "base" in task && task.base.workload.jobs[0]?.engine),
  );
  expect(swept).toEqual(new Set(["presto", "hive-hdp2"]));
});

test("the parts are all pairs together, each once, and none of them is a workload alone", () => {
  const all = pairTasks(workloads);
  const parts = [1, 2, 3].map((index) => partOfPairs(all, { index, of: 3 }));
  expect(new Set(parts.flat())).toEqual(new Set(all));
  expect(parts.flat()).toHaveLength(all.length);
  const few = [...all, ...all, ...all];
  for (const index of [1, 2, 3])
    expect(new Set(partOfPairs(few, { index, of: 3 }).map((task) => "base" in task && task.base)).size).toBe(
      new Set(all.map((task) => "base" in task && task.base)).size,
    );
});
