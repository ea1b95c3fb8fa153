import type { Releases } from "../../contracts/in-process.ts";
import { loadConfig } from "../../harness/config/load-config.ts";
import { type InProcessRig, runSchedules } from "../../harness/rigs/in-process/run.ts";
import type { Transport } from "../../harness/rigs/in-process/transport.ts";
import { withoutStacks } from "../../harness/rigs/in-process/without-stacks.ts";
import type { RunSchedules } from "../../harness/rigs/run.ts";
import { Secrets } from "../../harness/secrets.ts";

/** The builds of interlock.config.ts as code. */

export const config = await loadConfig("interlock.config.ts", new Secrets());
export const releases = { api: "current", workers: { v5: "current", v6: "current" } };

/** All of them: a schedule may change to any. */
const builds = await config.inProcess?.load();

/** These builds on a rig of this process; by function calls unless another transport is given. */
export async function rigOf(
  own: Releases = releases,
  transport?: Transport,
  scenarios = config.scenarios,
): Promise<InProcessRig> {
  const system = builds?.system(own);
  if (system === undefined) throw new Error(`interlock.config.ts has no code of ${JSON.stringify(own)}`);
  return { system, scenarios, ...(transport === undefined ? {} : { transport }) };
}

/** Runs schedules on these builds. */
export async function runOn(
  own: Releases = releases,
  transport?: Transport,
  scenarios = config.scenarios,
): Promise<RunSchedules> {
  const rig = await rigOf(own, transport, scenarios);
  return (schedules) => withoutStacks(() => runSchedules(rig, schedules));
}
