import type { Config } from "../harness/config/config.ts";
import { stopSignal } from "../harness/interrupt.ts";
import {
  type OpenScheduleRig,
  type OpenWish,
  openScheduleRig,
} from "../harness/rigs/containers/system/open-schedule-rig.ts";

/** What every measurement is given. */
export interface Bench {
  config: Config;
  redact: (text: string) => string;
  /** A folder that is removed after the last measurement. */
  folder: string;
  /** Told before every step that takes long. */
  note: (line: string) => void;
}

/** A rig for schedules as `interlock` itself starts one. */
export const openRig = (
  { config, redact, folder }: Bench,
  wish: Pick<OpenWish, "releases" | "generations" | "workers">,
): Promise<OpenScheduleRig> =>
  openScheduleRig({ config, redact, runsFolder: folder, signal: stopSignal(), ...wish });
