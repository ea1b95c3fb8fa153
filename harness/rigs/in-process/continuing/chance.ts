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

  /** From here on another seed decides, and faults that have not come yet come elsewhere. */
  goOn(seed: number, { releases, sites }: Rest, faults: FaultPlane, jobs: number): void {
    this.#rest = seed;
    const unfired = faults.unfired();
    if (unfired.length > 0) this.hasDrawn = true;
    faults.plan(drawn(unfired, { releases, sites: sites.slice(faults.reached.length) }, seed, jobs));
  }
}
