import { expect, test } from "vitest";
import { judgeHistory } from "../../harness/invariants/judge.ts";
import { runOnce } from "../../harness/replay/run-once.ts";
import { checkSchedule } from "../../harness/schedule/parse.ts";
import type { Planned, Site } from "../../harness/schedule/schedule.ts";
import { options } from "./mutant-builds.ts";

/** Schedules after bugs that public trackers tell of, written for format 1: what each breaks, and on which build. */

const at = (link: Site["link"], operation: string, more: Partial<Site> = {}): Site => ({
  link,
  operation,
  job: 1,
  occurrence: 1,
  phase: "before",
  ...more,
});
const workerBecomes = (release: string, ms: number, graceMs?: number): Planned["fault"] => ({
  kind: "version",
  process: "worker",
  release,
  ms,
  ...(graceMs === undefined ? {} : { graceMs }),
});

interface Reported {
  what: string;
  statement: string;
  workers: number;
  releases: { api: string; workers: { v5: string } };
  faults: Planned[];
  broken: string[];
}

const twoRestarts: Planned[] = [
  { at: at("worker->api", "worker.heartbeat", { phase: "after" }), fault: workerBecomes("current", 5_000) },
  {
    at: at("worker->api", "worker.claim", { occurrence: 2, phase: "after" }),
    fault: workerBecomes("current", 5_000),
  },
];
const current = { api: "current", workers: { v5: "current" } };

/** A worker with a wrong stop path becomes the current one in the middle of its job. */
const replaced = (graceMs: number | undefined): Omit<Reported, "what" | "broken"> => ({
  statement: "insert-into",
  workers: 2,
  releases: { api: "current", workers: { v5: "stop-ends-job" } },
  faults: [{ at: at("worker->warehouse", "insertInto"), fault: workerBecomes("current", 5_000, graceMs) }],
});

test.each<Reported>([
  {
    what: "orphaned twice in a rolling restart, on an API that looks for orphans once an hour (sidekiq#4635)",
    statement: "insert-into",
    workers: 2,
    releases: { ...current, api: "orphans-hourly" },
    faults: twoRestarts,
    broken: ["L1", "E", "C"],
  },
  {
    what: "orphaned twice in a rolling restart, on the current API (sidekiq#4635)",
    statement: "insert-into",
    workers: 2,
    releases: current,
    faults: twoRestarts,
    broken: [],
  },
  {
    what: "old and new worker keep their notes in another form (celery#4356)",
    statement: "insert-into",
    workers: 2,
    releases: current,
    faults: [
      {
        at: at("worker->api", "worker.claim", { job: null }),
        fault: workerBecomes("ledger-by-attempt", 2_000),
      },
      {
        at: at("worker->warehouse", "insertInto", { phase: "after" }),
        fault: { kind: "kill", process: "worker", ms: 60_000 },
      },
    ],
    broken: ["I2"],
  },
  {
    what: "a success whose result could not be stored (celery#8588)",
    statement: "select",
    workers: 1,
    releases: { ...current, workers: { v5: "result-swallowed" } },
    faults: [{ at: at("worker->warehouse", "saveResult"), fault: { kind: "lost" } }],
    broken: ["I3", "C"],
  },
  {
    what: "a worker whose stop path ends its job, killed without a word (sidekiq#622)",
    ...replaced(undefined),
    broken: [],
  },
  {
    what: "the same, asked to end (sidekiq#622)",
    ...replaced(10_000),
    // Its attempt is heard to fail, in trouble of some seconds, and then to succeed.
    broken: ["I3", "E", "C", "I12"],
  },
])("$what breaks $broken", async ({ statement, workers, releases, faults, broken }) => {
  const old = {
    format: 1,
    workload: { jobs: [{ statement, engine: "presto" }], workers },
    releases,
    seed: 1,
    faults,
  };
  const { events, unfired } = await runOnce("simulated", checkSchedule(old, "reported"), options);
  expect(unfired).toEqual([]);
  expect(judgeHistory(events).broken.map(({ invariant, job }) => [invariant, job])).toEqual(
    broken.map((invariant) => [invariant, 1]),
  );
});
