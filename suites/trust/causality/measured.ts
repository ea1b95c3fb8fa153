import { availableParallelism } from "node:os";
import type { Mutant } from "../../../contracts/in-process.ts";
import { causalityOf } from "../../../harness/causality/measure.ts";
import type { Causality } from "../../../harness/causality/strip.ts";
import { allBroken, judgeHistory } from "../../../harness/invariants/judge.ts";
import { runOnce } from "../../../harness/replay/run-once.ts";
import type { Schedule } from "../../../harness/schedule/schedule.ts";
import { keptSchedule } from "../kills/kept.ts";
import { options } from "../mutant-builds.ts";
import { isPlantedAt } from "./planted.ts";

export interface Measured {
  id: string;
  causality: Causality;
  millis: number;
  isAtSite: boolean;
}

/** The strip of the kept counterexample of a mutant, and whether its peak is where the mutant acts. */
export async function measured(mutant: Mutant, threads = availableParallelism() - 1): Promise<Measured> {
  const { id, invariant } = mutant;
  const schedule = keptSchedule(id) as Schedule;
  const { events } = await runOnce("simulated", schedule, options);
  const broken = allBroken(judgeHistory(events)).find((one) => one.invariant === invariant);
  if (broken === undefined) throw new Error(`${id}: its kept schedule does not break ${invariant} any more`);
  const { config } = options;
  const began = performance.now();
  const wanted = { invariant: broken.invariant, job: broken.job };
  const causality = await causalityOf(schedule, wanted, {
    config,
    configFile: "interlock.config.ts",
    threads,
  });
  const millis = performance.now() - began;
  const { peak, goesOn } = causality;
  const isAtSite =
    peak !== null &&
    goesOn !== null &&
    (await isPlantedAt(peak.seq, { mutant, schedule, goesOn, job: broken.job, config }));
  return { id, causality, millis, isAtSite };
}
