import { resolve } from "node:path";
import fc from "fast-check";
import type { InProcessBuilds } from "../../contracts/in-process.ts";
import { base } from "../../harness/explore/bases.ts";
import { singlesOf } from "../../harness/explore/sweep.ts";
import { type Counterexample, counterexampleOf } from "../../harness/replay/counterexample.ts";
import { withoutStacks } from "../../harness/rigs/in-process/without-stacks.ts";
import type { Planned, Schedule } from "../../harness/schedule/schedule.ts";
import { type Shrunk, shrink } from "../../harness/shrink/shrink.ts";
import { Trials } from "../../harness/shrink/trials.ts";
import config, { buildsOf, invariant } from "./forgetful.config.ts";

/** Flags of the command line for these builds. */
export const withConfig = ["--config", resolve("suites/trust/forgetful.config.ts")];

export const loadBuilds = async (): Promise<InProcessBuilds> =>
  buildsOf(config({ secret: (name) => `secret of ${name}` }).inProcess);

export const workloadOf = (api: string): Schedule =>
  base("presto", "insert-into", { api, workers: { v5: "current", v6: "current" } }, 7);

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
export async function failingSchedules(
  builds: InProcessBuilds,
  api: string,
  wanted: number,
): Promise<Schedule[]> {
  const workload = workloadOf(api);
  const system = systemOf(builds, api);
  const noise = await singlesOf(system, workload);
  const lists = fc
    .tuple(fc.array(fc.constantFrom(...noise), { minLength: 1, maxLength: 6 }), fc.infiniteStream(fc.nat()))
    .map(([list, places]) =>
      (cores[api] as Planned[]).reduce((faults, planned) => insert(faults, planned, places), list),
    );
  const failing: Schedule[] = [];
  const trials = new Trials(system, invariant);
  for (const faults of fc.sample(lists, { seed: 1, numRuns: 4 * wanted })) {
    const schedule = { ...workload, faults };
    if (failing.length < wanted && (await trials.fails(schedule)) !== null) failing.push(schedule);
  }
  return failing;
}

const insert = (list: readonly Planned[], planned: Planned, places: Iterator<number>): Planned[] =>
  list.toSpliced((places.next().value as number) % (list.length + 1), 0, planned);

export function systemOf(builds: InProcessBuilds, api: string) {
  const system = builds.system(workloadOf(api).releases);
  if (system === undefined) throw new Error(`no build ${api}`);
  return system;
}

/** The smallest counterexample of a build. */
export async function counterexampleFor(builds: InProcessBuilds, api: string): Promise<Counterexample> {
  const schedule = { ...workloadOf(api), faults: cores[api] as Planned[] };
  const shrunk = (await withoutStacks(() => shrink(systemOf(builds, api), schedule, invariant))) as Shrunk;
  const { run, broken, schedules, millis, globallyMinimal } = shrunk;
  return counterexampleOf(run, broken, {
    faultsBefore: schedule.faults.length,
    schedules,
    millis,
    globallyMinimal,
  });
}
