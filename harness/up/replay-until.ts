import type { Config } from "../config/config.ts";
import { asOne } from "../errors.ts";
import type { IsAt } from "../history/event.ts";
import { keepSeen } from "../history/write.ts";
import { runSchedule } from "../rigs/containers/schedule/run-schedule.ts";
import { openRig } from "../rigs/containers/system/open-rig.ts";
import { needsOf } from "../rigs/needs.ts";
import type { Run } from "../rigs/run.ts";
import type { Schedule } from "../schedule/schedule.ts";
import type { Secrets } from "../secrets.ts";
import { type Addresses, addressesOf } from "./addresses.ts";

export interface UntilOptions {
  config: Config;
  secrets: Secrets;
  /** Where the schedule goes no further. */
  isAt: IsAt;
  runsFolder: string;
  progress: { phase: (line: string) => void; ready: (component: string) => void };
  signal: AbortSignal;
  /** Told how to reach the system that stands still; it stands until this resolves. */
  during: (addresses: Addresses) => Promise<void>;
}

/** Runs a schedule in containers until it comes to a place, or to its end; `isStopped` tells which. */
export async function replayUntil(
  schedule: Schedule,
  { config, secrets, isAt, runsFolder, progress, signal, during }: UntilOptions,
): Promise<{ run: Run; isStopped: boolean; file: string }> {
  progress.phase("starting what the schedule needs");
  try {
    await using rig = await openRig({
      ...needsOf(schedule, config),
      config,
      byHand: config.workers,
      runsFolder,
      redact: secrets.redact,
      onReady: progress.ready,
      onPhase: progress.phase,
      signal,
    });
    progress.phase("every component ready and attested; running the schedule");
    let isStopped = false;
    const standStill = {
      isAt,
      during: async () => {
        isStopped = true;
        await during(addressesOf(rig, config));
      },
    };
    const { folder } = rig;
    const { file, ...run } = await keepSeen({ folder, secrets }, async ({ onTrouble }) => {
      const { run: seen } = await runSchedule(rig, schedule, { standStill, onTrouble });
      return seen;
    });
    progress.phase("removing the system");
    return { run, isStopped, file };
  } catch (error) {
    throw asOne(error);
  }
}
