import { beyondIn } from "../rigs/beyond.ts";
import { type RigName, rigs } from "../rigs/index.ts";
import { needsOf } from "../rigs/needs.ts";
import type { OpenOptions } from "../rigs/rig.ts";
import type { Run } from "../rigs/run.ts";
import type { Schedule } from "../schedule/schedule.ts";

/** What a rig that writes a history leaves of a schedule. */
export interface Left {
  run: Run;
  folder: string;
  images: ReadonlyMap<string, string>;
}

/**
 * Runs one schedule from nothing to its history, and leaves nothing running. A schedule of which the rig cannot break
 * something is not run: those faults are told as unfired.
 *
 * @param keep given what it left, where that was written down
 */
export async function runOnce(
  rig: RigName,
  schedule: Schedule,
  options: OpenOptions,
  keep: (left: Left) => Promise<void> = async () => {},
): Promise<Run> {
  const { config } = options;
  const needs = needsOf(schedule, config);
  const kind = await rigs[rig]();
  const beyond = beyondIn(kind, schedule, config);
  if (beyond.size > 0)
    return {
      schedule,
      events: [],
      unfired: [...beyond.keys()],
      beyond: [...beyond.values()],
      reached: [],
      millis: 0,
    };
  await using open = await kind.open(needs, options);
  const run = (await open.run([schedule]))[0] as Run;
  for (const folder of open.folders) {
    options.note(`the schedule is over, its history is in ${folder}`);
    if (run.events.length > 0) await keep({ run, folder, images: open.images ?? new Map() });
  }
  return run;
}
