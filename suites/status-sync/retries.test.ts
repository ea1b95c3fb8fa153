import { expect, test } from "vitest";
import { basesOf } from "../../harness/explore/workloads.ts";
import { historiesIn } from "../../harness/history/job-history.ts";
import { judgeHistory } from "../../harness/invariants/judge.ts";
import { runSchedules } from "../../harness/rigs/in-process/run.ts";
import type { Planned } from "../../harness/schedule/schedule.ts";
import { jobOn, sweptUnbroken } from "./one-job.ts";
import { config, releases, rigOf } from "./system.ts";

/** A job that fails is tried again up to its retry limit, and each try finds what the one before has left. */

const minute = 60_000;

/** Trouble that lasts longer than a worker's patience with it. */
const outages: [scenario: string, fault: Planned][] = [
  [
    "web",
    {
      at: {
        link: "worker->destination",
        operation: "deliver",
        job: 1,
        occurrence: 1,
        phase: "before",
      },
      fault: { kind: "outage", ms: 3 * minute },
    },
  ],
  ...(["insertInto", "stageTable"] as const).map((operation): [string, Planned] => [
    operation === "insertInto" ? "insert-into" : "create-table",
    {
      at: { link: "worker->warehouse", operation, job: 1, occurrence: 1, phase: "before" },
      fault: { kind: "outage", ms: 12 * minute },
    },
  ]),
];

test.each(outages)("%s: what fails the first attempt is over at the second", async (name, fault) => {
  const [scenario] = config.scenarios.filter((one) => one.name === name);
  if (scenario === undefined) throw new Error(`there is no scenario ${name}`);
  const ends = [];
  for (const retryLimit of [0, 1]) {
    const scenarios = [{ ...scenario, retryLimit }];
    const [first] = basesOf(["presto"], scenarios, releases, 1);
    if (first === undefined) throw new Error(`${name} has no job`);
    const [run] = await runSchedules({ ...(await rigOf()), scenarios }, [{ ...first.base, faults: [fault] }]);
    const events = run?.events ?? [];
    expect([run?.unfired, judgeHistory(events).broken]).toEqual([[], []]);
    const [job] = historiesIn(events).jobs;
    ends.push([job?.final.stored, job?.steps.report.filter(({ served }) => served === 200).length]);
  }
  expect(ends).toEqual([
    ["error", 1],
    ["success", 2],
  ]);
});

test.each([
  ["query-fails", "presto", 3],
  ["insert-fails", "hive-hdp2", 2],
] as const)(
  "%s on %s is tried %i times, and no single fault lets it end otherwise",
  async (name, engine, times) => {
    const { base, run } = await jobOn(name, engine);
    const [calm] = await run([base]);
    const [job] = historiesIn(calm?.events ?? []).jobs;
    expect(job?.steps.report.map(({ facts }) => [facts.attempt, facts.state])).toEqual(
      Array.from({ length: times }, (_, i) => [i + 1, "error"]),
    );
    await sweptUnbroken({ base, run }, 500);
  },
);
