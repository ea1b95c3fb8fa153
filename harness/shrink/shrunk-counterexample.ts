import { type Counterexample, counterexampleOf } from "../replay/counterexample.ts";
import type { Shrunk } from "./shrink.ts";

/** What shrinking left of a schedule that had so many faults. */
export const shrunkCounterexample = (shrunk: Shrunk, faultsBefore: number): Counterexample => {
  const { run, broken, schedules, millis, globallyMinimal } = shrunk;
  return counterexampleOf(run, broken, { faultsBefore, schedules, millis, globallyMinimal });
};
