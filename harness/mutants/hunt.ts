import { orderPlan, overtakingsOf } from "../explore/order-plan.ts";
import { codeOf } from "../explore/pairs.ts";
import { allBroken, type BrokenInvariant, judgeHistory } from "../invariants/judge.ts";
import type { Run, RunSchedules } from "../rigs/run.ts";
import type { Schedule, Site } from "../schedule/schedule.ts";
import { seeded } from "../seeded.ts";
import { type Explored, elsewhereThan, oneMore } from "./one-more.ts";

/** A run that broke what was hunted for, and how. */
export interface Catch {
  run: Run;
  broken: BrokenInvariant;
}

/** Which schedules are worth a run, for those that another rig is to run as well. */
export interface HuntRules {
  /** Whether a schedule may be run at all. */
  mayRun?: (schedule: Schedule) => boolean;
  /** How many other seeds must break the same: what depends on one latency or jitter does not carry over to other rigs. */
  moreSeeds?: number;
  /** What a schedule costs there; among those with as many faults the cheap ones are tried first. */
  cost?: (schedule: Schedule) => number;
}

export interface HuntOptions extends HuntRules {
  /** What is hunted for; null for any invariant at all. */
  invariant: string | null;
  /** How many pairs of faults are tried when no single fault is enough. */
  maxPairs: number;
}

export interface Hunted {
  caught: Catch | null;
  /** Every invariant that broke on the way. */
  broken: ReadonlySet<string>;
  schedules: number;
}

/**
 * Runs the workloads without a fault, then with every single fault, then with pairs, until one run breaks the
 * invariant. The sooner stages are complete, so what is caught has the smallest number of faults.
 */
export async function hunt(
  run: RunSchedules,
  workloads: readonly Schedule[],
  options: HuntOptions,
): Promise<Hunted> {
  const hunter = new Hunter(run, options);
  await hunter.through(workloads);
  return hunter;
}

/** So many schedules are run at a time; nothing is run after the group of the catch. */
const groupSize = 16;

class Hunter implements Hunted {
  schedules = 0;
  caught: Catch | null = null;
  readonly broken = new Set<string>();
  readonly #runSchedules: RunSchedules;
  readonly #options: HuntOptions & Required<HuntRules>;

  constructor(run: RunSchedules, options: HuntOptions) {
    this.#runSchedules = run;
    this.#options = { mayRun: () => true, moreSeeds: 0, cost: () => 0, ...options };
  }

  async through(workloads: readonly Schedule[]): Promise<void> {
    const { mayRun, maxPairs } = this.#options;
    const calm = await this.#run(workloads.filter(mayRun));
    const single = await this.#run(this.#ordered(calm.flatMap((run) => this.#oneMore(run))));
    if (this.caught !== null) return;
    await this.#run(await this.#overtakings(calm));
    if (this.caught !== null) return;
    // First where a run with one fault went and no run without: retries, takeovers and endings that the first fault has
    // brought about. Elsewhere two faults rarely have to do with each other.
    const opened = elsewhereThan(calm);
    const there = single.flatMap((run) => this.#oneMore(run, opened));
    await this.#run(this.#ordered(there).slice(0, maxPairs));
    const left = maxPairs - there.length;
    if (this.caught !== null || left <= 0) return;
    const each = Math.ceil(left / single.length);
    await this.#run(
      single.flatMap((run) => shuffled(this.#oneMore(run, (site) => !opened(site))).slice(0, each)),
    );
  }

  /** Two transactions of one workload of each code, one of them overtaken; the fewest faults first. */
  async #overtakings(calm: readonly Explored[]): Promise<Schedule[]> {
    const own = calm.filter(({ schedule }) => schedule.workload.probe === undefined);
    const schedules: Schedule[] = [];
    for (const { schedule: base, reached } of own.filter(isFirstOfItsCode)) {
      const { meetings } = await orderPlan(this.#runSchedules, { base, reached });
      schedules.push(...meetings.flatMap(overtakingsOf));
    }
    return schedules.filter(this.#options.mayRun).sort((a, b) => a.faults.length - b.faults.length);
  }

  #ordered(schedules: readonly Schedule[]): Schedule[] {
    const { cost } = this.#options;
    return shuffled(schedules).sort((a, b) => cost(a) - cost(b));
  }

  #oneMore(run: Explored, wanted?: (site: Site) => boolean): Schedule[] {
    return oneMore(run, wanted).filter(this.#options.mayRun);
  }

  /** Runs schedules in their order until one is caught. */
  async #run(schedules: readonly Schedule[]): Promise<Explored[]> {
    const explored: Explored[] = [];
    for (let start = 0; start < schedules.length && this.caught === null; start += groupSize) {
      const runs = await this.#runSchedules(schedules.slice(start, start + groupSize));
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
    const broken = allBroken(judgeHistory(events));
    for (const { invariant } of broken) this.broken.add(invariant);
    const wanted = this.#options.invariant;
    return broken.find(({ invariant }) => wanted === null || invariant === wanted);
  }

  async #stands(schedule: Schedule, { invariant, job }: BrokenInvariant): Promise<boolean> {
    const others = Array.from({ length: this.#options.moreSeeds }, (_, i) => ({
      ...schedule,
      seed: schedule.seed + i + 1,
    }));
    this.schedules += others.length;
    const runs = await this.#runSchedules(others);
    return runs.every(
      ({ events, unfired }) =>
        unfired.length === 0 &&
        allBroken(judgeHistory(events)).some(
          (broken) => broken.invariant === invariant && broken.job === job,
        ),
    );
  }
}

/** Engines of a generation run the same code. */
const isFirstOfItsCode = (explored: Explored, _: number, all: readonly Explored[]): boolean =>
  all.find((other) => codeOf(other.schedule) === codeOf(explored.schedule)) === explored;

/** In an order that is random and always the same: what brings a mutant to light is rarely spread evenly. */
function shuffled<T>(items: readonly T[]): T[] {
  const random = seeded(1);
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
