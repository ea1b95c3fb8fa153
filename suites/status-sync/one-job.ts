import type { Releases } from "../../contracts/in-process.ts";
import type { Engine } from "../../contracts/job.ts";
import { runAll, singlesOf } from "../../harness/explore/sweep.ts";
import { count, emptyTally, type Tally } from "../../harness/explore/tally.ts";
import { basesOf } from "../../harness/explore/workloads.ts";
import type { RunSchedules } from "../../harness/rigs/run.ts";
import type { Fault, Schedule } from "../../harness/schedule/schedule.ts";
import { config, releases, runOn } from "./system.ts";

/** One job, to be run under every single fault. */
export interface OneJob {
  base: Schedule;
  run: RunSchedules;
}

/** The job of a scenario on an engine, without a fault, and how schedules of it are run. @param own mutants among them */
export async function jobOn(scenario: string, engine: Engine, own: Releases = releases): Promise<OneJob> {
  const scenarios = config.scenarios.filter(({ name }) => name === scenario);
  const [first] = basesOf([engine], scenarios, own, 1);
  if (first === undefined) throw new Error(`${scenario} has no job on ${engine}`);
  return { base: first.base, run: await runOn(own) };
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
