import { expect } from "vitest";
import type { Releases } from "../../contracts/in-process.ts";
import type { Engine } from "../../contracts/job.ts";
import { runAll, singlesOf, sweepSingles } from "../../harness/explore/sweep.ts";
import { count, emptyTally, type Tally } from "../../harness/explore/tally.ts";
import { basesOf } from "../../harness/explore/workloads.ts";
import type { RunSchedules } from "../../harness/rigs/run.ts";
import type { Scenario } from "../../harness/schedule/scenario.ts";
import type { Fault, Schedule } from "../../harness/schedule/schedule.ts";
import { config, releases, runOn } from "./system.ts";

/** One job, to be run under every single fault. */
export interface OneJob {
  base: Schedule;
  run: RunSchedules;
}

/** The job of a scenario on an engine, without a fault, and how schedules of it are run. @param own mutants among them */
export const jobOn = (scenario: string, engine: Engine, own: Releases = releases): Promise<OneJob> =>
  jobOf(scenarioNamed(scenario), engine, own);

/** The same of a scenario of the suite's own. */
export async function jobOf(scenario: Scenario, engine: Engine, own: Releases = releases): Promise<OneJob> {
  const [first] = basesOf([engine], [scenario], own, 1);
  if (first === undefined) throw new Error(`${scenario.name} has no job on ${engine}`);
  return { base: first.base, run: await runOn(own, undefined, [scenario]) };
}

export function scenarioNamed(wanted: string): Scenario {
  const found = config.scenarios.find(({ name }) => name === wanted);
  if (found === undefined) throw new Error(`the config has no scenario ${wanted}`);
  return found;
}

/** What comes of it without a fault and with each of its single faults that is chosen. */
export async function singlesTried(
  { base, run }: OneJob,
  isChosen: (fault: Fault) => boolean = () => true,
): Promise<Tally> {
  const singles = (await singlesOf(run, base)).filter(({ fault }) => isChosen(fault));
  const tally = emptyTally();
  await runAll(run, [base, ...singles.map((single) => ({ ...base, faults: [single] }))], (one) =>
    count(tally, one),
  );
  return tally;
}

/** Runs it under every single fault: nothing is broken and all of it is judged. @param least so many schedules are tried */
export async function sweptUnbroken({ base, run }: OneJob, least: number): Promise<Tally> {
  const tally = await sweepSingles(run, base);
  const { found, broken, unjudged, schedules } = tally;
  expect({ found, broken, unjudged }).toEqual({ found: [], broken: {}, unjudged: 0 });
  expect(schedules).toBeGreaterThan(least);
  return tally;
}

/** The invariants that more than so many of its schedules put to the test. */
export const testedIn = ({ triggered }: Tally, least: number): string[] =>
  Object.keys(triggered).filter((invariant) => Number(triggered[invariant]) > least);
