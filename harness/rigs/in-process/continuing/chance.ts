import { seeded, seedFor } from "../../../seeded.ts";
import type { FaultPlane } from "../../fault-plane.ts";
import { drawn, type Rest } from "./rest.ts";

/** What decides the latencies and the jitter of one world: its schedule's seed, and from some place on another one. */
export class Chance {
  readonly #seed: number;
  #rest: number | null = null;
  /** Whether it has decided anything since that place. */
  hasDrawn = false;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** What a life draws from, for each use. */
  of(life: string): (use: string) => () => number {
    const rest = this.#rest;
    if (rest === null) return (use) => seeded(seedFor(this.#seed, `${life} ${use}`));
    return (use) => {
      const random = seeded(seedFor(rest, `${life} ${use}`));
      return () => {
        this.hasDrawn = true;
        return random();
      };
    };
  }

  /** From here on another seed decides, where there is one, and faults that have not come yet come as the rest has them. */
  goOn(rest: Rest, faults: FaultPlane, jobs: number): void {
    const unfired = faults.unfired();
    if (rest.seed !== null && unfired.length > 0) this.hasDrawn = true;
    this.#rest = rest.seed;
    faults.plan(drawn(unfired, { ...rest, sites: rest.sites.slice(faults.reached.length) }, jobs));
  }
}
