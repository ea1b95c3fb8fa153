import type { InProcessSystem } from "../../contracts/in-process.ts";
import { type BrokenInvariant, judgeHistory } from "../invariants/judge.ts";
import { seeded } from "../rigs/in-process/random.ts";
import { type Run, runSchedules } from "../rigs/in-process/run.ts";
import type { Schedule, Site } from "../schedule/schedule.ts";
import { type Explored, elsewhereThan, oneMore } from "./one-more.ts";
import { worldsAtOnce } from "../explore/sweep.ts";

/** A run that broke what was hunted for, and how. */
export interface Catch {
  run: Run;
  broken: BrokenInvariant;
}

/** For schedules that another rig is to run as well. */
export interface HuntOptions {
  /** Whether a schedule may be run at all. */
  mayRun?: (schedule: Schedule) => boolean;
  /** Under so many other seeds the same must break: what hangs on one latency or jitter is no matter of every rig. */
  moreSeeds?: number;
  /** What a schedule costs there; among those with as many faults the cheap ones are tried first. */
  cost?: (schedule: Schedule) => number;
}

/** Runs schedules on one system until one of them breaks one invariant; any at all, where none is named. */
export class Hunt {
  schedules = 0;
  caught: Catch | null = null;
  readonly broken = new Set<string>();
  readonly #system: InProcessSystem;
  readonly #invariant: string | null;
  readonly #mayRun: (schedule: Schedule) => boolean;
  readonly #moreSeeds: number;
  readonly #cost: (schedule: Schedule) => number;

  constructor(
    system: InProcessSystem,
    invariant: string | null,
    { mayRun = () => true, moreSeeds = 0, cost = () => 0 }: HuntOptions = {},
  ) {
    this.#system = system;
    this.#invariant = invariant;
    this.#mayRun = mayRun;
    this.#moreSeeds = moreSeeds;
    this.#cost = cost;
  }

  /**
   * Workloads without a fault, then with every single one, then with so many pairs. The sooner stages are complete, so
   * what is caught has the smallest number of faults.
   */
  async through(bases: readonly Schedule[], mostPairs: number): Promise<void> {
    const calm = await this.#run(bases.filter(this.#mayRun));
    const single = await this.#run(this.#ordered(calm.flatMap((run) => this.#oneMore(run))));
    if (this.caught !== null) return;
    // First where a run with one fault went and no run without: retries, takeovers and endings that the first fault has
    // brought about. Elsewhere two faults rarely have to do with each other.
    const opened = elsewhereThan(calm);
    const there = single.flatMap((run) => this.#oneMore(run, opened));
    await this.#run(this.#ordered(there).slice(0, mostPairs));
    const left = mostPairs - there.length;
    if (this.caught !== null || left <= 0) return;
    const each = Math.ceil(left / single.length);
    await this.#run(
      single.flatMap((run) => shuffled(this.#oneMore(run, (site) => !opened(site))).slice(0, each)),
    );
  }

  #ordered(schedules: readonly Schedule[]): Schedule[] {
    return shuffled(schedules).sort((a, b) => this.#cost(a) - this.#cost(b));
  }

  #oneMore(run: Explored, wanted?: (site: Site) => boolean): Schedule[] {
    return oneMore(run, wanted).filter(this.#mayRun);
  }

  /** Runs schedules in their order until one is caught. */
  async #run(schedules: readonly Schedule[]): Promise<Explored[]> {
    const explored: Explored[] = [];
    for (let start = 0; start < schedules.length && this.caught === null; start += worldsAtOnce) {
      const runs = await runSchedules(this.#system, schedules.slice(start, start + worldsAtOnce));
      this.schedules += runs.length;
      for (const run of runs) {
        // A fault that found nothing to break proves nothing.
        if (run.unfired.length > 0) continue;
        explored.push({ schedule: run.schedule, reached: run.reached });
        const own = this.#judge(run);
        if (this.caught === null && own !== undefined && (await this.#stands(run.schedule, own)))
          this.caught = { run, broken: own };
      }
    }
    return explored;
  }

  /** What was hunted for, if the run has broken it. */
  #judge({ events }: Run): BrokenInvariant | undefined {
    const { broken } = judgeHistory(events);
    for (const { invariant } of broken) this.broken.add(invariant);
    return broken.find(({ invariant }) => this.#invariant === null || invariant === this.#invariant);
  }

  async #stands(schedule: Schedule, { invariant, job }: BrokenInvariant): Promise<boolean> {
    const others = Array.from({ length: this.#moreSeeds }, (_, i) => ({
      ...schedule,
      seed: schedule.seed + i + 1,
    }));
    this.schedules += others.length;
    const runs = await runSchedules(this.#system, others);
    return runs.every(
      ({ events, unfired }) =>
        unfired.length === 0 &&
        judgeHistory(events).broken.some((broken) => broken.invariant === invariant && broken.job === job),
    );
  }
}

/** In an order that is random and always the same: what brings a fault to light is rarely spread evenly. */
function shuffled<T>(items: readonly T[]): T[] {
  const random = seeded(1);
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
