import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Generation } from "../../../../contracts/job.ts";
import type { Config } from "../../../config/config.ts";
import { UsageError } from "../../../errors.ts";
import { Recorder } from "../../../history/recorder.ts";
import { newRunId } from "../../../run-id.ts";
import type { Schedule, VersionStep } from "../../../schedule/schedule.ts";
import { findReleases } from "./find-releases.ts";
import { ownerOf } from "../docker/owner.ts";
import { type ScheduleRig, startScheduleRig } from "./schedule-rig.ts";

export interface OpenWish {
  config: Config;
  releases: Schedule["releases"];
  generations: readonly Generation[];
  /** Version steps of the schedules that are to be run on it. */
  steps?: readonly VersionStep[];
  /** Workers of each generation: the most that a schedule on this rig may ask for. */
  workers: number;
  /** Where the run gets a folder of its own, for logs and notes. */
  runsFolder: string;
  redact: (text: string) => string;
  /** Aborted when the run is to stop; everything that was started is removed then too. */
  signal: AbortSignal;
}

/** A rig for schedules in a run of its own. Disposing of it removes all that runs, and leaves the run's folder to read. */
export interface OpenScheduleRig extends AsyncDisposable {
  rig: ScheduleRig;
  /** The run's id: the label of what the engine holds of it. */
  run: string;
  folder: string;
}

/** Starts a rig for schedules: the one way to do so, whoever asks. */
export async function openScheduleRig(wish: OpenWish): Promise<OpenScheduleRig> {
  if (wish.config.schedules?.outbox === undefined && wish.steps?.some(({ process }) => process === "worker"))
    throw new UsageError(
      "a version step of a worker needs `schedules.outbox` in the config: the folder that its next container is given",
    );
  const builds = findReleases(wish.config, wish.releases, wish.generations, wish.steps);
  const run = newRunId(new Date());
  const folder = join(wish.runsFolder, run);
  await mkdir(join(folder, "logs"), { recursive: true });
  const about = { id: run, api: wish.releases.api };
  const now = () => performance.now();
  await using stack = new AsyncDisposableStack();
  const recorder = new Recorder(join(folder, "history.jsonl"), about, wish.redact, now);
  stack.defer(() => recorder.close());
  const rig = stack.use(await startScheduleRig({ ...wish, builds, owner: ownerOf(run), folder, recorder }));
  const all = stack.move();
  return { rig, run, folder, [Symbol.asyncDispose]: () => all.disposeAsync() };
}
