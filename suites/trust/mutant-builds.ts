import type { Mutant } from "../../contracts/in-process.ts";
import { loadConfig } from "../../harness/config/load-config.ts";
import { bases } from "../../harness/explore/bases.ts";
import { type Kill, killMutant, releasesOf } from "../../harness/mutants/kill.ts";
import { findSystem } from "../../harness/rigs/in-process/find-system.ts";
import { runSchedules } from "../../harness/rigs/in-process/run.ts";
import { withoutStacks } from "../../harness/rigs/in-process/without-stacks.ts";
import { Secrets } from "../../harness/secrets.ts";

/** The builds of interlock.config.ts that run in this process, right and wrong ones. */
const config = await loadConfig("interlock.config.ts", new Secrets());
const given = await config.inProcess?.load();
if (given === undefined) throw new Error("interlock.config.ts gives no builds in process");

export const builds = given;
export const { current } = config;
export const mutants = builds.mutants.filter(({ invariant }) => invariant !== null);
export const controls = builds.mutants.filter(({ invariant }) => invariant === null);

/** What the simulated rig makes of a mutant or control. */
export async function kill(mutant: Mutant): Promise<Kill> {
  const releases = releasesOf(mutant, current);
  const system = await findSystem(config, releases);
  return withoutStacks(() =>
    killMutant((schedules) => runSchedules(system, schedules), mutant, {
      workloads: bases(releases, 1),
      now: () => performance.now(),
    }),
  );
}
