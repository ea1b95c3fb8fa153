import { resolve } from "node:path";
import fc from "fast-check";
import { loadConfig } from "../../harness/config/load-config.ts";
import { singlesOf } from "../../harness/explore/sweep.ts";
import { baseSchedule } from "../../harness/explore/workloads.ts";
import type { Counterexample } from "../../harness/replay/counterexample.ts";
import { findSystem } from "../../harness/rigs/in-process/find-system.ts";
import { runSchedules } from "../../harness/rigs/in-process/run.ts";
import { withoutStacks } from "../../harness/rigs/in-process/without-stacks.ts";
import type { RunSchedules } from "../../harness/rigs/run.ts";
import type { Planned, Schedule } from "../../harness/schedule/schedule.ts";
import { Secrets } from "../../harness/secrets.ts";
import { type Shrunk, shrink } from "../../harness/shrink/shrink.ts";
import { shrunkCounterexample } from "../../harness/shrink/shrunk-counterexample.ts";
import { Trials } from "../../harness/shrink/trials.ts";
import { invariant } from "./forgetful.config.ts";

/** Flags of the command line for these builds. */
export const withConfig = ["--config", resolve("suites/trust/forgetful.config.ts")];

const config = await loadConfig("suites/trust/forgetful.config.ts", new Secrets());
export const { scenarios } = config;

export const workloadOf = (api: string): Schedule =>
  baseSchedule("presto", "insert-into", { api, workers: { v5: "current", v6: "current" } }, 7);

/** Runs schedules on the build. */
export async function runOn(api: string): Promise<RunSchedules> {
  const system = await findSystem(config, workloadOf(api).releases, [], "simulated");
  return (schedules) => withoutStacks(() => runSchedules({ system, scenarios }, schedules));
}

const killed = (operation: string, occurrence: number): Planned => ({
  at: { link: "worker->api", operation, job: 1, occurrence, phase: "before" },
  fault: { kind: "kill", process: "api", ms: 200 },
});

/** By build: the faults that alone make it fail. */
export const cores: Record<string, Planned[]> = {
  "forgets-after-restart": [killed("worker.heartbeat", 1)],
  "forgets-after-two-restarts": [killed("worker.heartbeat", 1), killed("worker.finish", 1)],
  "forgets-after-silence": [
    { ...killed("worker.heartbeat", 1), fault: { kind: "pause", process: "api", ms: 120_000 } },
  ],
};

/** So many schedules that fail on a build: its core among up to six faults that have nothing to do with it. */
export async function failingSchedules(api: string, wanted: number): Promise<Schedule[]> {
  const workload = workloadOf(api);
  const run = await runOn(api);
  const noise = await singlesOf(run, workload);
  const lists = fc
    .tuple(fc.array(fc.constantFrom(...noise), { minLength: 1, maxLength: 6 }), fc.infiniteStream(fc.nat()))
    .map(([list, places]) =>
      (cores[api] as Planned[]).reduce((faults, planned) => insert(faults, planned, places), list),
    );
  const failing: Schedule[] = [];
  const trials = new Trials(run, invariant);
  for (const faults of fc.sample(lists, { seed: 1, numRuns: 4 * wanted })) {
    const schedule = { ...workload, faults };
    if (failing.length < wanted && (await trials.fails(schedule)) !== null) failing.push(schedule);
  }
  return failing;
}

const insert = (list: readonly Planned[], planned: Planned, places: Iterator<number>): Planned[] =>
  list.toSpliced((places.next().value as number) % (list.length + 1), 0, planned);

/** The smallest counterexample of a build. */
export async function counterexampleFor(api: string): Promise<Counterexample> {
  const schedule = { ...workloadOf(api), faults: cores[api] as Planned[] };
  const shrunk = (await shrink(await runOn(api), schedule, invariant)) as Shrunk;
  return shrunkCounterexample(shrunk, schedule.faults.length);
}
