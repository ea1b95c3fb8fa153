import { nextSignal, stopSignal } from "../../interrupt.ts";
import type { LiveProgress } from "../../report/live/progress.ts";
import { sweepBefore } from "../../rigs/containers/docker/leftovers.ts";
import type { Addresses } from "../../up/addresses.ts";
import { runsFolder } from "./defaults.ts";
import { openProgress, writeNote } from "./output.ts";
import { type ReportFlags, tellAddresses } from "./reports.ts";

/** What a command is given that starts a system by itself. */
interface Given {
  runsFolder: string;
  progress: LiveProgress;
  /** Aborted when the command is stopped by hand. */
  signal: AbortSignal;
}

/** Removes what dead runs have left, then acts, with its progress on standard error. */
export async function inContainers<T>(act: (given: Given) => Promise<T>): Promise<T> {
  const signal = stopSignal();
  await sweepBefore(runsFolder, writeNote);
  using progress = openProgress();
  // Awaited here, or the progress would fall silent at once.
  return await act({ runsFolder, progress, signal });
}

/** Tells how to reach a system, and leaves it alone until Ctrl-C. `open` and `closing` are said before and after that. */
export const leftAlone =
  (flags: ReportFlags, progress: LiveProgress, { open, closing }: { open: string; closing: string }) =>
  async (addresses: Addresses): Promise<void> => {
    const ended = nextSignal();
    await tellAddresses(addresses, flags);
    progress.event(`${open}; Ctrl-C ends it`);
    progress.phase(`${await ended}: ${closing}`);
  };
