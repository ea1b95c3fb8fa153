import { expect, test } from "vitest";
import type { Engine } from "../../contracts/job.ts";
import { baseSchedule } from "../../harness/explore/workloads.ts";
import { judgeHistory } from "../../harness/invariants/judge.ts";
import type { Planned } from "../../harness/schedule/schedule.ts";
import { releases, runOn } from "./system.ts";

/** Schedules that an exploration has found, kept since they broke an invariant once: a wrong build, or a wrong alarm. */
const firstClaim = { operation: "worker.claim", job: null, occurrence: 1, phase: "before" } as const;
interface Found {
  what: string;
  seed: number;
  faults: Planned[];
  engine: Engine;
  scenario: string;
  workers: number;
}

const found: Found[] = [
  {
    what: "one of two copies of a claim gets the job, unseen, long after the other was told that there is none (1,250,000 random ones, seed 1: I8)",
    seed: 1_848_810_788,
    engine: "hive-hdp2",
    scenario: "web",
    workers: 1,
    faults: [
      { at: { link: "api->database", ...firstClaim }, fault: { kind: "late", ms: 41_500 } },
      { at: { link: "worker->api", ...firstClaim }, fault: { kind: "duplicate" } },
      {
        at: { link: "worker->warehouse", operation: "select", job: 1, occurrence: 1, phase: "before" },
        fault: { kind: "pause", process: "worker", ms: 31_000 },
      },
    ],
  },
  {
    what: "a report that failed is sent again and fails again: either may have been taken (a pair of INSERT INTO, seed 1: C)",
    seed: 1,
    engine: "presto",
    scenario: "insert-into",
    workers: 2,
    faults: [
      {
        at: { link: "api->database", operation: "job.show", job: null, occurrence: 1, phase: "after" },
        fault: { kind: "pause", process: "api", ms: 10_400 },
      },
      {
        at: {
          link: "api->database",
          operation: "worker.heartbeat",
          job: null,
          occurrence: 1,
          phase: "after",
        },
        fault: { kind: "outage", ms: 19_000 },
      },
    ],
  },
];

test.each(found)("$what", async ({ seed, faults, engine, scenario, workers }) => {
  const { workload, ...rest } = baseSchedule(engine, scenario, releases, seed);
  const schedule = { ...rest, workload: { ...workload, workers }, faults };
  const [run] = await (await runOn())([schedule]);
  expect(run?.unfired).toEqual([]);
  expect(judgeHistory(run?.events ?? []).broken).toEqual([]);
});
