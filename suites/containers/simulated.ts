import type { Config } from "../../harness/config/config.ts";
import { findSystem } from "../../harness/rigs/in-process/find-system.ts";
import { runSchedules } from "../../harness/rigs/in-process/run.ts";
import type { RunSchedules } from "../../harness/rigs/run.ts";
import { releases } from "./schedule-bed.ts";

/** Runs schedules on the current builds of a config as code in this process. */
export async function simulated(config: Config): Promise<RunSchedules> {
  const system = await findSystem(config, releases, [], "simulated");
  return (schedules) => runSchedules({ system, scenarios: config.scenarios }, schedules);
}
