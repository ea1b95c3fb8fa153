import type { SkewPolicy } from "../config/skew-policy.ts";
import type { Planned, Schedule } from "../schedule/schedule.ts";
import type { Moment } from "./moments.ts";
import { shortPlans } from "./plans.ts";
import type { PlanShape } from "./shape.ts";

/** A plan to keep, and a name that tells its steps. */
export interface NamedPlan {
  name: string;
  plan: Schedule;
}

/** How many of the plans with the same steps are passed over from one to the next: ways and moments differ then. */
const stride = 7;

/**
 * One short plan for each order of steps, there and back, with a single API process, of what can be done where they are to
 * run; ways and moments in turn.
 */
export function oneEach(
  policy: SkewPolicy,
  shapes: readonly PlanShape[],
  isWithin: (planned: Planned) => boolean,
): NamedPlan[] {
  const named = shapes.flatMap((shape) => {
    const { plans } = shortPlans(policy, { ...shape, apis: 1, reaches: (at) => isWithin(killAt(at)) });
    const within = plans.filter(({ faults }) => faults.every(isWithin));
    return [...Map.groupBy(within, stepsInWords)].map(([name, same], i) => ({
      name,
      plan: same[(i * stride) % same.length] as Schedule,
    }));
  });
  // Those of several windows differ in their releases alone: the last window is the one ahead.
  return [...new Map(named.map((one) => [one.name, one])).values()];
}

/** What can be done wherever anything can. */
const killAt = (at: Moment["at"]): Planned => ({
  at: { ...at, job: 1, occurrence: 1 },
  fault: { kind: "kill", process: "worker", ms: 1 },
});

/** `api-worker-v5-1-back`: what goes there, what fails there, and whether all go back. */
function stepsInWords({ faults }: Schedule): string {
  const gone = new Set<string>();
  const words = faults.map(({ fault }) => {
    const name = "name" in fault ? (fault.name ?? "") : "";
    if (fault.kind === "kill") return "failed";
    if (gone.has(name)) return "back";
    gone.add(name);
    return name;
  });
  return words.filter((word, i) => word !== "back" || words[i - 1] !== "back").join("-");
}
