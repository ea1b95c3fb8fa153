import type { Config } from "../config/config.ts";
import { type RigName, rigs } from "../rigs/index.ts";
import { needsOf } from "../rigs/needs.ts";
import type { OpenOptions } from "../rigs/rig.ts";
import type { Run } from "../rigs/run.ts";
import type { Planned, Schedule } from "../schedule/schedule.ts";

/**
 * Runs one schedule from nothing to its history, and leaves nothing running. A schedule of which the rig cannot break
 * something is not run: those faults are told as unfired.
 */
export async function runOnce(rig: RigName, schedule: Schedule, options: OpenOptions): Promise<Run> {
  const { config } = options;
  const needs = needsOf(schedule, config);
  const beyond = beyondRig(rig, schedule, config);
  if (beyond.length > 0) return { schedule, events: [], unfired: beyond, reached: [], millis: 0 };
  await using open = await rigs[rig].open(needs, options);
  const [run] = await open.run([schedule]);
  for (const folder of open.folders) options.note(`the schedule is over, its history is in ${folder}`);
  return run as Run;
}

const beyondRig = (rig: RigName, { faults }: Schedule, config: Config): Planned[] =>
  faults.filter((planned) => rigs[rig].isBeyond(planned, config));
