import type { InProcessSystem } from "../../contracts/in-process.ts";
import { judgeHistory } from "../checks/invariants/judge.ts";
import { seeded } from "../rigs/in-process/random.ts";
import { type Run, runSchedules } from "../rigs/in-process/run.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { type Explored, elsewhereThan, oneMore } from "./one-more.ts";
import { worldsAtOnce } from "./sweep.ts";

/** A schedule that broke what was hunted for, and how. */
export interface Catch {
  schedule: Schedule;
  witnesses: readonly string[];
}

/** Runs schedules on one system until one of them breaks one invariant; any at all, where none is named. */
export class Hunt {
  schedules = 0;
  caught: Catch | null = null;
  readonly broken = new Set<string>();
  readonly #system: InProcessSystem;
  readonly #invariant: string | null;

  constructor(system: InProcessSystem, invariant: string | null) {
    this.#system = system;
    this.#invariant = invariant;
  }

  /**
   * Workloads without a fault, then with every single one, then with so many pairs. The sooner stages are complete, so
   * what is caught has the smallest number of faults.
   */
  async through(bases: readonly Schedule[], mostPairs: number): Promise<void> {
    const calm = await this.#run(bases);
    const single = await this.#run(shuffled(calm.flatMap((run) => oneMore(run))));
    if (this.caught !== null) return;
    // First where a run with one fault went and no run without: retries, takeovers and endings that the first fault has
    // brought about. Elsewhere two faults rarely have to do with each other.
    const opened = elsewhereThan(calm);
    const there = single.flatMap((run) => oneMore(run, opened));
    await this.#run(shuffled(there).slice(0, mostPairs));
    const left = mostPairs - there.length;
    if (this.caught !== null || left <= 0) return;
    const each = Math.ceil(left / single.length);
    await this.#run(single.flatMap((run) => shuffled(oneMore(run, (site) => !opened(site))).slice(0, each)));
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
        this.#judge(run);
      }
    }
    return explored;
  }

  #judge({ schedule, events }: Run): void {
    const { broken } = judgeHistory(events);
    for (const { invariant } of broken) this.broken.add(invariant);
    const own = broken.find(({ invariant }) => this.#invariant === null || invariant === this.#invariant);
    if (own !== undefined) this.caught ??= { schedule, witnesses: own.witnesses };
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
