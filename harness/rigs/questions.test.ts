import { expect, test } from "vitest";
import { generationOf } from "../../contracts/job.ts";
import { resultQuestions } from "../customers/questions.ts";
import { type Schedule, scheduleFormat } from "../schedule/schedule.ts";
import { scenarioOf } from "../testing/scenario.ts";
import { asksAll, questionsTo } from "./questions.ts";
import { jobsOf } from "./workload.ts";

const scenarios = [
  scenarioOf(),
  scenarioOf({ name: "other" }),
  scenarioOf({ name: "insert-into", statement: { kind: "insert-into" }, output: null }),
  scenarioOf({ name: "fails", statement: { kind: "failing" }, ending: "error" }),
  scenarioOf({
    name: "many",
    source: {
      name: "many",
      columns: [["id", "bigint"]],
      rows: Array.from({ length: 30_000 }, (_, i) => [i]),
    },
  }),
];
const scheduleOf = (jobs: Schedule["workload"]["jobs"], more: Partial<Schedule> = {}): Schedule => ({
  format: scheduleFormat,
  workload: { jobs, workers: 1 },
  releases: { api: "current", workers: {} },
  seed: 1,
  faults: [],
  ...more,
});
const asked = (...jobs: Schedule["workload"]["jobs"]) => questionsTo(jobsOf(scheduleOf(jobs), scenarios));

test("every question is asked once of each generation's results, by turns", () => {
  const all = asked(
    { scenario: "web", engine: "presto" },
    { scenario: "other", engine: "hive-cdh4" },
    { scenario: "web", engine: "hive-hdp2" },
  );
  const byGeneration = Map.groupBy(all, ({ job }) => generationOf(job.engine));
  for (const own of byGeneration.values())
    expect(new Set(own.flatMap(({ questions }) => questions))).toEqual(new Set(resultQuestions));
  expect(all.map(({ questions }) => questions.length)).toEqual([11, 10, 21]);
});

test("nothing is asked of jobs that give no rows, or fail", () => {
  expect(
    asked({ scenario: "insert-into", engine: "presto" }, { scenario: "fails", engine: "presto" }),
  ).toEqual([]);
});

test("of a long result each format is read that the last look does not read, and no more", () => {
  const long = asked({ scenario: "many", engine: "presto" }, { scenario: "web", engine: "presto" })[0];
  expect(long?.job.scenario.name).toBe("many");
  expect(long?.questions.map(({ format }) => format)).toEqual(["tsv", "csv", "msgpack", "msgpack.gz"]);
  expect(long?.questions.filter(({ headers }) => headers !== undefined)).toEqual([]);
});

test("several sources of rows share what is asked besides the formats", () => {
  const names = ["a", "b", "c", "d"];
  const all = jobsOf(
    scheduleOf(names.map((scenario) => ({ scenario, engine: "presto" }))),
    names.map((name) => scenarioOf({ name, source: { name, columns: [["id", "bigint"]], rows: [] } })),
  );
  const shares = questionsTo(all).map(({ questions }) => questions);
  for (const questions of shares) expect(questions.slice(0, 4)).toEqual(shares[0]?.slice(0, 4));
  expect(shares.map(({ length }) => length)).toEqual([10, 10, 9, 10]);
  expect(new Set(shares.slice(0, 3).flat())).toEqual(new Set(resultQuestions));
});

test("in process one schedule of many asks, and none in which something breaks", () => {
  const jobs: Schedule["workload"]["jobs"] = [{ scenario: "web", engine: "presto" }];
  const seeds = Array.from({ length: 640 }, (_, seed) => asksAll(scheduleOf(jobs, { seed })));
  expect(seeds[1]).toBe(true);
  expect(seeds.filter(Boolean)).toHaveLength(10);
  const site = {
    link: "worker->api",
    operation: "worker.finish",
    job: 1,
    occurrence: 1,
    phase: "before",
  } as const;
  expect(asksAll(scheduleOf(jobs, { faults: [{ at: site, fault: { kind: "lost" } }] }))).toBe(false);
});
