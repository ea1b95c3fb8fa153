import { allBroken, type BrokenInvariant, judgeHistory } from "../invariants/judge.ts";
import type { Run, RunSchedules } from "../rigs/run.ts";
import type { Schedule } from "../schedule/schedule.ts";

/** A schedule that breaks the invariant which is looked at. All its faults fired. */
export interface Failing {
  schedule: Schedule;
  broken: BrokenInvariant;
  run: Run;
}

/** Runs candidates against one invariant and counts them. */
export class Trials {
  readonly invariant: string;
  readonly #rig: RunSchedules;
  readonly #hasTime: () => boolean;
  /** Schedules that were run. */
  count = 0;
  /** The time was over before a candidate could be run. */
  isCutShort = false;

  /** @param hasTime no candidate is run once it says no: none of them is known to break the invariant then */
  constructor(run: RunSchedules, invariant: string, hasTime: () => boolean = () => true) {
    this.#rig = run;
    this.invariant = invariant;
    this.#hasTime = hasTime;
  }

  /** Whether there is time for another candidate. */
  goesOn(): boolean {
    this.isCutShort ||= this.count > 0 && !this.#hasTime();
    return !this.isCutShort;
  }

  /** Null where the invariant stays whole. A fault that did not fire had no part in it, and is left out. */
  async fails(candidate: Schedule): Promise<Failing | null> {
    if (!this.goesOn()) return null;
    const run = await this.#run(candidate);
    const broken = brokenIn(run, this.invariant);
    if (broken === undefined) return null;
    if (run.unfired.length === 0) return { schedule: run.schedule, broken, run };
    const fired = run.schedule.faults.filter((planned) => !run.unfired.includes(planned));
    return this.fails({ ...candidate, faults: fired });
  }

  async #run(schedule: Schedule): Promise<Run> {
    this.count += 1;
    // A rig tells faults apart by identity; those of a sweep are often one object in two places.
    const faults = schedule.faults.map(({ at, fault }) => ({ at, fault: { ...fault } }));
    const [run] = await this.#rig([{ ...schedule, faults }]);
    return run as Run;
  }
}

/** All that a shrinker needs to know of them. */
export type Trial = Pick<Trials, "fails">;

const brokenIn = ({ events }: Run, wanted: string): BrokenInvariant | undefined =>
  allBroken(judgeHistory(events)).find(({ invariant }) => invariant === wanted);
