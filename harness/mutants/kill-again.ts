import { readFile } from "node:fs/promises";
import { parseCounterexample } from "../replay/counterexample.ts";
import { judgeReplay, type Replay } from "../replay/replay.ts";
import type { Run } from "../rigs/run.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { sideBySide } from "../side-by-side.ts";

/** How many other seeds must break the same before containers try it: real time is as good as one more seed. */
export const seedsForRealTime = 32;

/** What came of a mutant's counterexample on another rig than the one that made it. */
export interface Again {
  id: string;
  file: string;
  replay: Replay;
  /** From nothing to the verdict, with the rig's own start and end. */
  millis: number;
}

export interface AgainOptions {
  /** For the verdict. */
  rig: string;
  /** Runs one schedule on a rig of its own; `note` is told before every step that takes long. */
  run: (schedule: Schedule, note: (line: string) => void) => Promise<Run>;
  /** How many runs go on side by side. */
  atOnce: number;
  note: (line: string) => void;
  /** Milliseconds of real time. */
  now: () => number;
}

/** Replays the counterexamples that mutants were killed by, read from their files. */
export const killAgain = (
  files: readonly { id: string; file: string }[],
  { rig, run, atOnce, note, now }: AgainOptions,
): Promise<Again[]> =>
  sideBySide(files, atOnce, async ({ id, file }) => {
    const began = now();
    const counterexample = parseCounterexample(await readFile(file, "utf8"), file);
    const ran = await run(counterexample.schedule, (line) => note(`${id}: ${line}`));
    return { id, file, replay: judgeReplay(counterexample, rig, ran), millis: now() - began };
  });

export const isKilledAgain = ({ replay }: Again): boolean => replay.outcome === "repeated";
