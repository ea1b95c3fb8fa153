import type { RunSchedules } from "../rigs/run.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { shrinkDurations, shrinkFaults, shrinkProbe, shrinkWorkload } from "./shrink-parts.ts";
import { type Lookup, SweepLookup } from "./sweep-lookup.ts";
import { type Failing, Trials } from "./trials.ts";

/** The smallest schedule that was found to break the invariant. */
export interface Shrunk extends Failing {
  /** Schedules that were run, those of the sweep among them. */
  schedules: number;
  millis: number;
  /** The sweep of what is left of the workload breaks the invariant with no smaller number of faults. */
  globallyMinimal: boolean;
}

export interface ShrinkOptions {
  /**
   * A sweep that is shared between several shrinkings, which then costs its time once; null where no other schedule is to
   * stand in for this one, or a sweep would take hours.
   */
  lookup?: Lookup | null;
  /** Once it says no, what has been found is the result; the schedule itself is always run. */
  hasTime?: () => boolean;
  /** Told before anything that takes long. */
  note?: (line: string) => void;
}

/**
 * Makes a failing schedule as small as it can be: few questions of the probe, few faults, then a small workload, then short durations. Null
 * where the schedule does not break the invariant. The same schedule always shrinks to the same one.
 */
export async function shrink(
  run: RunSchedules,
  schedule: Schedule,
  invariant: string,
  { lookup = new SweepLookup(run), hasTime, note = () => {} }: ShrinkOptions = {},
): Promise<Shrunk | null> {
  const started = performance.now();
  const trials = new Trials(run, invariant, hasTime);
  let best = await trials.fails(schedule);
  if (best === null) return null;
  const look = async (which: keyof Lookup, failing: Failing): Promise<Schedule | undefined> => {
    if (lookup === null || !trials.goesOn()) return undefined;
    note(`looking up ${invariant} among all ${which === "single" ? "single faults" : "pairs"}`);
    const looked = await lookup[which]({ ...failing.schedule, faults: [] }, invariant);
    trials.count += looked.schedules;
    return looked.found;
  };

  best = await shrinkProbe(trials, best);
  for (let smaller: Failing | null = best; smaller !== null; smaller = await shrinkWorkload(trials, best)) {
    best = smaller;
    const { faults, workload } = best.schedule;
    if (faults.length === 0) continue;
    // Under the probe few faults mean anything, and a sweep would take hours.
    const known = workload.probe === undefined ? await look("single", best) : undefined;
    best = await fewerFaults(trials, best, known);
  }
  // No single fault does it, so two are the fewest; more may be fewer yet.
  if (best.schedule.faults.length > 2) {
    const pair = await look("pair", best);
    if (pair !== undefined) best = (await trials.fails(pair)) ?? best;
  }
  best = await shrinkDurations(trials, best);
  return {
    ...best,
    schedules: trials.count,
    millis: Math.round(performance.now() - started),
    // Neither no fault nor a single one nor a pair breaks it, or the schedule would have become that.
    globallyMinimal: best.schedule.faults.length <= (lookup === null || trials.isCutShort ? 0 : 3),
  };
}

/**
 * The sweep knows of faults that the schedule has not; the shrinker of lengths and places that the sweep does not try.
 * Of two that are equally small the schedule's own stays.
 */
async function fewerFaults(trials: Trials, failing: Failing, known: Schedule | undefined): Promise<Failing> {
  const own = known?.faults.length === 0 ? failing : await shrinkFaults(trials, failing);
  return known !== undefined && known.faults.length < own.schedule.faults.length
    ? ((await trials.fails(known)) ?? own)
    : own;
}
