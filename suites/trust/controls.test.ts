import { expect, test } from "vitest";
import { base } from "../../harness/explore/bases.ts";
import { judgeHistory } from "../../harness/invariants/judge.ts";
import { runSchedules } from "../../harness/rigs/in-process/run.ts";
import type { Fault, Planned, Site } from "../../harness/schedule/schedule.ts";
import { builds, controls, current, kill } from "./mutant-builds.ts";

/** What looks wrong and is legal: an invariant that speaks here cries wolf. */

test.each(controls)("$id stays green", async (control) => {
  const { verdict, schedules, counterexample } = await kill(control);
  expect({ verdict, counterexample }).toEqual({ verdict: "green", counterexample: null });
  expect(schedules).toBeGreaterThan(1_500);
});

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
  const system = builds.system(releases);
  if (system === undefined) throw new Error("there is no current build");
  const schedule = { ...base("presto", "create-table", releases, 1), faults };
  const [run] = await runSchedules(system, [schedule]);
  expect(run?.unfired).toEqual([]);
  expect(judgeHistory(run?.events ?? []).broken).toEqual([]);
  expect(run?.events.at(-1)).toMatchObject({ kind: "final", stored: ends });
});
