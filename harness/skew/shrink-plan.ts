import type { SkewPolicy } from "../config/skew-policy.ts";
import type { Counterexample } from "../replay/counterexample.ts";
import type { Run, RunSchedules } from "../rigs/run.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { shrink } from "../shrink/shrink.ts";
import { shrunkCounterexample } from "../shrink/shrunk-counterexample.ts";
import { planProblems } from "./live.ts";
import type { RedPlan } from "./run-plans.ts";

/**
 * The smallest part of a red plan that the policy allows and that breaks the same invariant; null where it broke only I10,
 * which one run alone does not show.
 */
export async function shrinkPlan(
  run: RunSchedules,
  policy: SkewPolicy,
  { plan, broken }: RedPlan,
): Promise<Counterexample | null> {
  const invariant = broken.find((one) => one.invariant !== "I10")?.invariant;
  if (invariant === undefined) return null;
  // No other plan stands in for this one.
  const shrunk = await shrink(withinPolicy(run, policy), plan, invariant, { lookup: null });
  return shrunk && shrunkCounterexample(shrunk, plan.faults.length);
}

/** What the policy does not allow is run without its steps: it is no smaller plan. */
const withinPolicy =
  (run: RunSchedules, policy: SkewPolicy): RunSchedules =>
  async (schedules) => {
    const allowed = schedules.map(
      (schedule): Schedule =>
        planProblems(policy, schedule).length === 0 ? schedule : { ...schedule, faults: [] },
    );
    const runs = await run(allowed);
    return runs.map((one, i): Run => ({ ...one, schedule: schedules[i] as Schedule }));
  };
