import { isDeepStrictEqual } from "node:util";
import { abstractOutcome, type Outcome } from "../rigs/abstract-outcome.ts";
import type { Run } from "../rigs/run.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { stepsOf } from "./live.ts";

/** I10: nobody may be able to tell from how jobs ended that releases were changed meanwhile. */

/** A job that came to another outcome than without the steps. */
export interface Difference {
  /** From 1. */
  job: number;
  message: string;
}

/**
 * The same jobs without a step, on what a plan begins with. Null where they cannot be compared: it has no step, or something
 * else goes wrong too, which may change how a job ends.
 */
export function twinOf(plan: Schedule): Schedule | null {
  const steps = stepsOf(plan).length;
  // How such jobs end does not depend on the seed.
  return steps > 0 && steps === plan.faults.length ? { ...plan, seed: 1, faults: [] } : null;
}

/** Of every job that one of them had. */
export function differences(outcomes: readonly Outcome[], twins: readonly Outcome[]): Difference[] {
  const numbers = [...new Set([...outcomes, ...twins].map(({ number }) => number))];
  return numbers
    .toSorted((a, b) => a - b)
    .flatMap((job) => {
      const [mine, expected] = [outcomes, twins].map((all) => all.find(({ number }) => number === job));
      return isDeepStrictEqual(mine, expected)
        ? []
        : [{ job, message: `${inWords(mine)}; without the steps ${inWords(expected)}` }];
    });
}

const inWords = (outcome: Outcome | undefined): string => JSON.stringify(outcome) ?? "nobody saw its end";

/** Outcomes of twins, each of which is run once. */
export class Twins {
  readonly #run: (twin: Schedule) => Promise<Run>;
  readonly #known = new Map<string, readonly Outcome[]>();

  constructor(run: (twin: Schedule) => Promise<Run>) {
    this.#run = run;
  }

  /** What the jobs of a plan come to without its steps; null where they cannot be compared. */
  async of(plan: Schedule): Promise<readonly Outcome[] | null> {
    const twin = twinOf(plan);
    if (twin === null) return null;
    const key = JSON.stringify(twin);
    const outcome = this.#known.get(key) ?? abstractOutcome((await this.#run(twin)).events);
    this.#known.set(key, outcome);
    return outcome;
  }
}

/** What a run breaks beside the outcome of its twin: nothing where a step was not taken. */
export const brokenBeside = ({ unfired, events }: Run, twin: readonly Outcome[] | null) =>
  twin === null || unfired.length > 0
    ? []
    : differences(abstractOutcome(events), twin).map(({ job, message }) => ({
        invariant: "I10",
        job,
        witnesses: [message],
      }));
