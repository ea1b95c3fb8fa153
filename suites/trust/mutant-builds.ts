import { expect } from "vitest";
import type { Mutant } from "../../contracts/in-process.ts";
import { loadConfig } from "../../harness/config/load-config.ts";
import { allBroken, judgeHistory } from "../../harness/invariants/judge.ts";
import type { Kill } from "../../harness/mutants/kill.ts";
import { killSimulated, runSimulated } from "../../harness/mutants/kill-simulated.ts";
import { rigs } from "../../harness/rigs/index.ts";
import { needsOf } from "../../harness/rigs/needs.ts";
import type { OpenOptions } from "../../harness/rigs/rig.ts";
import { Secrets } from "../../harness/secrets.ts";
import { keptSchedule } from "./kills/kept.ts";

/** The builds of interlock.config.ts that run in this process, right and wrong ones. */
const secrets = new Secrets();
const config = await loadConfig("interlock.config.ts", secrets);
const given = await config.inProcess?.load();
if (given === undefined) throw new Error("interlock.config.ts gives no builds in process");

export const builds = given;
export const { current } = config;
export const mutants = builds.mutants.filter(({ invariant }) => invariant !== null);
export const controls = builds.mutants.filter(({ invariant }) => invariant === null);

/** For rigs without a folder, whose notes nobody reads. */
export const options: OpenOptions = { config, secrets, runsFolder: "", note: () => {} };

/** What the simulated rig makes of a mutant or control. */
export const kill = (mutant: Mutant): Promise<Kill> => killSimulated(mutant, options);

/** By the schedule that is kept of its last kill; false where that is none any more, or another number of faults is declared. */
export async function isKilledAsKept({ id, invariant, minimalFaults }: Mutant): Promise<boolean> {
  const schedule = keptSchedule(id);
  if (schedule?.faults.length !== minimalFaults) return false;
  const simulated = await rigs.simulated();
  await using rig = await simulated.open(needsOf(schedule, config), options);
  const runs = await rig.run([schedule]);
  return runs.some(
    ({ events, unfired }) =>
      unfired.length === 0 &&
      allBroken(judgeHistory(events)).some((broken) => broken.invariant === invariant),
  );
}

/** Killed by its own invariant: as it was the last time, or by the first schedule that does. */
export async function expectKilled(mutant: Mutant): Promise<void> {
  if (!(await isKilledAsKept(mutant))) await expectFound(mutant);
}

/** Killed by its own invariant, with as many faults as declared and no fewer. */
export async function expectFound(mutant: Mutant): Promise<void> {
  const { verdict, counterexample } = await kill(mutant);
  const { schedule, expected } = counterexample ?? {};
  expect(verdict, `broke ${expected?.witnesses.join("; ") ?? "nothing of its own"}`).toBe("killed");
  expect(schedule?.faults).toHaveLength(mutant.minimalFaults);
  expect(expected?.invariant).toBe(mutant.invariant);
}

/** A control breaks nothing in many schedules: an invariant that is broken by one is a false alarm. */
export async function expectGreen(control: Mutant): Promise<void> {
  const { verdict, schedules, counterexample } = await kill(control);
  expect({ verdict, counterexample }).toEqual({ verdict: "green", counterexample: null });
  expect(schedules).toBeGreaterThan(1_500);
}

/** The same without a fault: every usual workload, and the probe. */
export async function expectGreenWithoutFault(control: Mutant): Promise<void> {
  const runs = await runSimulated(control, options);
  expect(runs.flatMap(({ events }) => allBroken(judgeHistory(events)))).toEqual([]);
  expect(runs.length).toBeGreaterThan(5);
}
