import { schedulesAtOnce } from "../explore/sweep.ts";
import { count, type Tally } from "../explore/tally.ts";
import type { BrokenInvariant } from "../invariants/judge.ts";
import type { Run, RunSchedules } from "../rigs/run.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { brokenBeside, Twins } from "./twin.ts";

/** A plan that broke an invariant, or came to another outcome than without its steps. */
export interface RedPlan {
  plan: Schedule;
  broken: readonly BrokenInvariant[];
}

/** Runs plans and judges each twice: by the invariants, and against the same jobs without a step (I10). */
export async function runPlans(
  run: RunSchedules,
  plans: readonly Schedule[],
  tally: Tally,
  onRun: (run: Run) => void = () => {},
): Promise<RedPlan[]> {
  const red: RedPlan[] = [];
  const twins = new Twins(async (twin) => (await run([twin]))[0] as Run);
  for (let start = 0; start < plans.length; start += schedulesAtOnce) {
    const some = plans.slice(start, start + schedulesAtOnce);
    for (const ran of await run(some)) {
      const twin = ran.unfired.length > 0 ? null : await twins.of(ran.schedule);
      const broken = [...count(tally, ran), ...brokenBeside(ran, twin)];
      if (broken.length > 0) red.push({ plan: ran.schedule, broken });
      onRun(ran);
    }
  }
  return red;
}
