import { readFile } from "node:fs/promises";
import type { InProcessBuilds, PlantedFault } from "../../contracts/in-process.ts";
import { generations } from "../../contracts/job.ts";
import type { Config } from "../config/config.ts";
import { parseCounterexample } from "../replay/counterexample.ts";
import { judgeReplay, type Replay } from "../replay/replay.ts";
import { missingImages } from "../rigs/containers/system/find-releases.ts";
import { costOf, isWithinReach } from "../rigs/containers/schedule/reach.ts";
import { type RigName, type RunnerWish, scheduleRunners } from "../rigs/schedule-runners.ts";
import { sideBySide } from "../side-by-side.ts";
import type { HuntOptions } from "./hunt.ts";
import { releasesOf } from "./kill-planted.ts";

/**
 * How planted faults are killed when containers are to kill them again. Real time is as good as one more seed: what
 * stands under so many is likely to stand there too.
 */
export const repeatable: HuntOptions = { mayRun: isWithinReach, moreSeeds: 32, cost: costOf };

/** Planted faults that are releases in images too, for every generation that the config has. */
export function releasedFaults({ plantedFaults }: InProcessBuilds, config: Config): PlantedFault[] {
  const there = generations.filter((name) =>
    Object.values(config.workers).some(({ generation }) => generation === name),
  );
  return plantedFaults.filter(
    (fault) =>
      fault.invariant !== null &&
      missingImages(config, releasesOf(fault, config.current), there).length === 0,
  );
}

/** What came of a planted fault's counterexample on another rig than the one that made it. */
export interface Again {
  id: string;
  file: string;
  replay: Replay;
  /** From nothing to the verdict, with the rig's own start and end. */
  millis: number;
}

export interface AgainWish extends Omit<RunnerWish, "schedule"> {
  rig: RigName;
  /** Rigs that run side by side. */
  atOnce: number;
  now: () => number;
}

/** Replays the files that planted faults were killed by, each on a rig of its own. */
export const killAgain = (
  files: readonly { id: string; file: string }[],
  { rig, atOnce, now, note, ...wish }: AgainWish,
): Promise<Again[]> =>
  sideBySide(files, atOnce, async ({ id, file }) => {
    const began = now();
    const counterexample = parseCounterexample(await readFile(file, "utf8"), file);
    const { schedule } = counterexample;
    const run = await scheduleRunners[rig]({ ...wish, schedule, note: (line) => note(`${id}: ${line}`) });
    return { id, file, replay: judgeReplay(counterexample, rig, run), millis: now() - began };
  });

export const isKilledAgain = ({ replay }: Again): boolean => replay.verdict === "repeated";
