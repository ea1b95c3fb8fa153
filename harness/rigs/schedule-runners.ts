import type { Config } from "../config.ts";
import { withoutStacks } from "../explore/without-stacks.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { findSystem } from "./in-process/find-system.ts";
import { type Run, runSchedules } from "./in-process/run.ts";
import { openWire } from "./wire/wire.ts";

/** Runs one schedule on a rig from nothing to its history, and leaves nothing behind. */
export type ScheduleRunner = (config: Config, schedule: Schedule) => Promise<Run>;

/** The rigs that a schedule can be run on; a rig that is not here is not offered. */
export const scheduleRunners: Readonly<Record<string, ScheduleRunner>> = {
  simulated: async (config, schedule) => {
    const system = await findSystem(config, schedule.releases);
    const [run] = await withoutStacks(() => runSchedules(system, [schedule]));
    return run as Run;
  },
  wire: async (config, schedule) => {
    const system = await findSystem(config, schedule.releases);
    using wire = openWire();
    const [run] = await runSchedules(system, [schedule], wire);
    return run as Run;
  },
};
