import type { InProcessBuilds, Mutant } from "../../contracts/in-process.ts";
import { generations } from "../../contracts/job.ts";
import type { Config } from "../config/config.ts";
import type { HuntRules } from "../mutants/hunt.ts";
import { releasesOf } from "../mutants/kill.ts";
import { seedsForRealTime } from "../mutants/kill-again.ts";
import { costOf, isWithinReach } from "../rigs/containers/schedule/reach.ts";
import { missingImages } from "../rigs/containers/system/find-releases.ts";

/** How mutants are killed when containers are to kill them again by the same counterexamples. */
export const repeatable: HuntRules = { mayRun: isWithinReach, moreSeeds: seedsForRealTime, cost: costOf };

/** Mutants that have images too, for every generation that the config has; controls have none. */
export function mutantsWithImages({ mutants }: InProcessBuilds, config: Config): Mutant[] {
  const present = generations.filter((name) =>
    Object.values(config.workers).some(({ generation }) => generation === name),
  );
  return mutants.filter(
    (mutant) =>
      mutant.invariant !== null &&
      missingImages(config, releasesOf(mutant, config.current), present).length === 0,
  );
}
