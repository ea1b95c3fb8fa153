import { singlesOf, sweepPairs, sweepSingles } from "../explore/sweep.ts";
import { emptyTally, type Tally } from "../explore/tally.ts";
import type { RunSchedules } from "../rigs/run.ts";
import type { Schedule } from "../schedule/schedule.ts";

/** What a look into the sweep gave, and how many schedules had to be run for it. */
export interface Looked {
  found: Schedule | undefined;
  schedules: number;
}

/** Answers which schedule of the sweep of a workload breaks an invariant with the fewest faults. */
export interface Lookup {
  /** Among no fault and every single one. */
  single(base: Schedule, invariant: string): Promise<Looked>;
  /** Among all pairs. */
  pair(base: Schedule, invariant: string): Promise<Looked>;
}

/** Sweeps when it is asked first, and remembers. `base` is a workload, releases and seed without a fault. */
export class SweepLookup implements Lookup {
  readonly #run: RunSchedules;
  readonly #singles = new Map<string, Promise<Tally>>();
  readonly #pairs = new Map<string, Promise<Looked>>();

  constructor(run: RunSchedules) {
    this.#run = run;
  }

  async single(base: Schedule, invariant: string): Promise<Looked> {
    const key = JSON.stringify(base);
    const known = this.#singles.get(key);
    const swept = known ?? sweepSingles(this.#run, base);
    this.#singles.set(key, swept);
    const tally = await swept;
    return { found: fewest(tally, invariant), schedules: known === undefined ? tally.schedules : 0 };
  }

  async pair(base: Schedule, invariant: string): Promise<Looked> {
    const key = JSON.stringify([base, invariant]);
    const known = this.#pairs.get(key);
    const looked = known ?? this.#sweepPairs(base, invariant);
    this.#pairs.set(key, looked);
    return { ...(await looked), ...(known === undefined ? {} : { schedules: 0 }) };
  }

  async #sweepPairs(base: Schedule, invariant: string): Promise<Looked> {
    const tally = emptyTally();
    for (const { at, fault } of await singlesOf(this.#run, base)) {
      // The rig tells faults apart by identity: the first must not be the same object as a second of its kind.
      await sweepPairs(this.#run, base, { at, fault: { ...fault } }, tally);
      if (tally.broken[invariant] !== undefined) break;
    }
    return { found: fewest(tally, invariant), schedules: tally.schedules };
  }
}

const fewest = ({ found }: Tally, wanted: string): Schedule | undefined =>
  found
    .filter(({ broken }) => broken.some(({ invariant }) => invariant === wanted))
    .map(({ schedule }) => schedule)
    .sort((a, b) => a.faults.length - b.faults.length)[0];
