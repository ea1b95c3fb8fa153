import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../config/config.ts";
import { asOne } from "../errors.ts";
import { stopSignal } from "../interrupt.ts";
import { type Schedule, versionStepsOf } from "../schedule/schedule.ts";
import { sweepBefore } from "./containers/docker/leftovers.ts";
import { isBeyondReach, needsOf } from "./containers/schedule/reach.ts";
import { runSchedule, unfiredRun } from "./containers/schedule/schedule-run.ts";
import { openScheduleRig } from "./containers/system/open-schedule-rig.ts";
import { findSystem } from "./in-process/find-system.ts";
import { isBeyondReach as isBeyondInProcess } from "./in-process/reach.ts";
import { type Run, runSchedules } from "./in-process/run.ts";
import { withoutStacks } from "./in-process/without-stacks.ts";
import { openWire } from "./wire/wire.ts";

export interface RunnerWish {
  config: Config;
  schedule: Schedule;
  /** Where a rig that needs one gets a folder of its own. */
  runsFolder: string;
  redact: (text: string) => string;
  /** Told before every step that takes long. */
  note: (line: string) => void;
}

/** Runs one schedule on a rig from nothing to its history, and leaves nothing running. */
export type ScheduleRunner = (wish: RunnerWish) => Promise<Run>;

/** The rigs that a schedule can be run on; a rig that is not here is not offered. */
export const scheduleRunners = {
  simulated: async ({ config, schedule }) => {
    const beyond = schedule.faults.filter(isBeyondInProcess);
    if (beyond.length > 0) return unfiredRun(schedule, beyond);
    const system = await findSystem(config, schedule.releases, versionStepsOf(schedule));
    const [run] = await withoutStacks(() => runSchedules(system, [schedule]));
    return run as Run;
  },
  wire: async ({ config, schedule }) => {
    const beyond = schedule.faults.filter(isBeyondInProcess);
    if (beyond.length > 0) return unfiredRun(schedule, beyond);
    const system = await findSystem(config, schedule.releases, versionStepsOf(schedule));
    using wire = openWire();
    const [run] = await runSchedules(system, [schedule], wire);
    return run as Run;
  },
  containers: async ({ schedule, note, ...wish }) => {
    const beyond = schedule.faults.filter(isBeyondReach);
    if (beyond.length > 0) return unfiredRun(schedule, beyond);
    await sweepBefore(wish.runsFolder, note);
    const needs = needsOf(schedule);
    note(`starting MySQL, the API and ${needs.workers} of worker ${needs.generations.join(" and ")}`);
    try {
      await using open = await openScheduleRig({ ...wish, ...needs, signal: stopSignal() });
      note("every component ready and attested; running the schedule");
      const run = await runSchedule(open.rig, schedule);
      const history = run.events.map((event) => `${JSON.stringify(event)}\n`).join("");
      await writeFile(join(open.folder, "schedule.jsonl"), wish.redact(history));
      note(`the schedule is over, its history is in ${open.folder}; removing the system`);
      return run;
    } catch (error) {
      throw asOne(error);
    }
  },
} as const satisfies Readonly<Record<string, ScheduleRunner>>;

export type RigName = keyof typeof scheduleRunners;
export const rigNames = Object.keys(scheduleRunners) as RigName[];
