import { isDeepStrictEqual } from "node:util";
import { schedulesAtOnce } from "../explore/sweep.ts";
import { count, type Tally } from "../explore/tally.ts";
import type { BrokenInvariant } from "../invariants/judge.ts";
import { abstractOutcome } from "../rigs/abstract-outcome.ts";
import type { Run, RunSchedules } from "../rigs/run.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { stepsOf } from "./live.ts";

/** A plan that broke an invariant, or came to another outcome than without its steps. */
export interface RedPlan {
  plan: Schedule;
  broken: readonly BrokenInvariant[];
}

/**
 * Runs plans and judges each twice: by the invariants, and against the same jobs without a step (I10): nobody may be able
 * to tell from how the jobs ended that releases were changed meanwhile.
 */
export async function runPlans(
  run: RunSchedules,
  plans: readonly Schedule[],
  tally: Tally,
  onRun: (run: Run) => void = () => {},
): Promise<RedPlan[]> {
  const red: RedPlan[] = [];
  const twins = new Twins(run);
  for (let start = 0; start < plans.length; start += schedulesAtOnce) {
    const some = plans.slice(start, start + schedulesAtOnce);
    for (const ran of await run(some)) {
      const broken = [...count(tally, ran), ...(await differences(twins, ran))];
      if (broken.length > 0) red.push({ plan: ran.schedule, broken });
      onRun(ran);
    }
  }
  return red;
}

/** What the same jobs come to on the releases that a plan begins with. */
class Twins {
  readonly #run: RunSchedules;
  readonly #known = new Map<string, object[]>();

  constructor(run: RunSchedules) {
    this.#run = run;
  }

  async of(twin: Schedule): Promise<object[]> {
    // How such jobs end does not depend on the seed.
    const asked = { ...twin, seed: 1 };
    const key = JSON.stringify(asked);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const [ran] = await this.#run([asked]);
    const outcome = abstractOutcome((ran as Run).events);
    this.#known.set(key, outcome);
    return outcome;
  }
}

async function differences(twins: Twins, ran: Run): Promise<BrokenInvariant[]> {
  const twin = twinOf(ran);
  return twin === null ? [] : differencesFrom(await twins.of(twin), ran);
}

/**
 * The same jobs without a step. Null where they cannot be compared: no step was taken, or something else went wrong too, which
 * may change how a job ends.
 */
export function twinOf({ schedule, unfired }: Run): Schedule | null {
  const steps = stepsOf(schedule).length;
  const isPlan = unfired.length === 0 && steps > 0 && steps === schedule.faults.length;
  return isPlan ? { ...schedule, faults: [] } : null;
}

/** I10, of each job that came to another outcome than without the steps. */
export const differencesFrom = (expected: readonly object[], { events }: Run): BrokenInvariant[] =>
  abstractOutcome(events).flatMap((outcome, i) =>
    isDeepStrictEqual(outcome, expected[i])
      ? []
      : [
          {
            invariant: "I10",
            job: i + 1,
            witnesses: [`${JSON.stringify(outcome)}; without the steps ${JSON.stringify(expected[i])}`],
          },
        ],
  );
