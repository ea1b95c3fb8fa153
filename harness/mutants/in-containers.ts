import type { InProcessBuilds, Mutant } from "../../contracts/in-process.ts";
import type { Config } from "../config/config.ts";
import { beyondIn } from "../rigs/beyond.ts";
import { costOf } from "../rigs/containers/schedule/reach.ts";
import { missingReleases } from "../rigs/containers/system/releases.ts";
import { rigs } from "../rigs/index.ts";
import type { HuntRules } from "./hunt.ts";
import { releasesOf } from "./kill.ts";
import { seedsForRealTime } from "./kill-again.ts";

/** How mutants are killed when containers are to kill them again by the same counterexamples. */
export async function repeatable(config: Config): Promise<HuntRules> {
  const containers = await rigs.containers();
  return {
    mayRun: (schedule) => beyondIn(containers, schedule, config).size === 0,
    moreSeeds: seedsForRealTime,
    cost: costOf,
  };
}

/** Mutants that are releases of the config too, for every worker that it has; controls are none. */
export function mutantsWithImages({ mutants }: InProcessBuilds, config: Config): Mutant[] {
  const engines = [...new Set(Object.values(config.workers).flatMap((worker) => worker.engines))];
  return mutants.filter(
    (mutant) =>
      mutant.invariant !== null &&
      missingReleases(config, releasesOf(mutant, config.current), engines).length === 0,
  );
}
