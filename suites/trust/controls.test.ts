import { expect, test } from "vitest";
import { baseSchedule } from "../../harness/explore/workloads.ts";
import { judgeHistory } from "../../harness/invariants/judge.ts";
import { runOnce } from "../../harness/replay/run-once.ts";
import type { Fault, Planned, Site } from "../../harness/schedule/schedule.ts";
import { shareOf } from "../share.ts";
import { controls, current, expectGreenWithoutFault, options } from "./mutant-builds.ts";

/** What looks wrong and is legal: an invariant that is broken here is a false alarm. A night tries all of them. */

test.each(shareOf(4, controls))("$id stays green, also under the probe", expectGreenWithoutFault);

const at = (link: Site["link"], operation: string, phase: Site["phase"], fault: Fault): Planned => ({
  at: { link, operation, job: 1, occurrence: 1, phase },
  fault,
});
const duplicate: Fault = { kind: "duplicate" };
const forEver: Fault = { kind: "kill", process: "worker", ms: null };

test.each<{ name: string; faults: Planned[]; ends: string }>([
  {
    name: "a report that is delivered after an outage of ten minutes",
    faults: [at("worker->api", "worker.finish", "before", { kind: "outage", ms: 600_000 })],
    ends: "success",
  },
  {
    name: "a job that is killed while it is queued",
    faults: [at("customer->api", "job.show", "before", { kind: "kill-job" })],
    ends: "killed",
  },
  {
    name: "every report delivered twice",
    faults: [
      at("worker->api", "worker.heartbeat", "before", duplicate),
      at("worker->api", "worker.register_table", "before", duplicate),
      at("worker->api", "worker.finish", "before", duplicate),
    ],
    ends: "success",
  },
  {
    name: "a second worker that finds the effect done and reports success",
    faults: [at("worker->warehouse", "publishTable", "after", forEver)],
    ends: "success",
  },
])("$name breaks nothing and ends as $ends", async ({ faults, ends }) => {
  const releases = { api: current, workers: {} };
  const schedule = { ...baseSchedule("presto", "create-table", releases, 1), faults };
  const { events, unfired } = await runOnce("simulated", schedule, options);
  expect(unfired).toEqual([]);
  expect(judgeHistory(events).broken).toEqual([]);
  expect(events.at(-1)).toMatchObject({ kind: "final", stored: ends });
});
