import type { SkewPolicy } from "../config/skew-policy.ts";
import { firstLife } from "../rigs/later-life.ts";
import type { Scenario } from "../schedule/scenario.ts";
import type { Planned, Schedule } from "../schedule/schedule.ts";
import { isApi } from "../world/is-api.ts";
import { stepsOf } from "./live.ts";
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
 * One short plan for each order of steps, there and back, of what can be done where they are to run; ways and moments in
 * turn. Processes of the API go one by one in plans of their own: among steps of workers there is a single one, since the
 * orders of all would be more than can be run.
 */
export function oneEach(
  policy: SkewPolicy,
  shapes: readonly PlanShape[],
  isWithin: (planned: Planned, scenario: Scenario | undefined) => boolean,
): NamedPlan[] {
  const named = shapes.flatMap((shape) => {
    const plansWith = (apis: number) =>
      shortPlans(policy, { ...shape, apis, reaches: (at, scenario) => isWithin(killAt(at), scenario) }).plans;
    const plans = [...plansWith(1), ...plansWith(shape.apis).filter(isOneByOne)];
    const within = plans.filter(({ faults, workload: { jobs } }) =>
      faults.every((planned) =>
        isWithin(planned, shape.scenarios[jobs[(planned.at.job ?? 0) - 1]?.scenario ?? ""]),
      ),
    );
    return [...Map.groupBy(within, stepsInWords)].map(([name, same], i) => ({
      name,
      plan: same[(i * stride) % same.length] as Schedule,
    }));
  });
  // Those of several windows differ in their releases alone: the last window is the one ahead.
  return [...new Map(named.map((one) => [one.name, one])).values()];
}

/** Whether it changes processes of the API alone, and more than the first. */
function isOneByOne(plan: Schedule): boolean {
  const names = stepsOf(plan).map(({ fault }) => fault.name ?? "");
  return names.every(isApi) && names.some((name) => name !== "api");
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
    const name = "name" in fault ? firstLife(fault.name ?? "") : "";
    if (fault.kind === "kill") return "failed";
    if (gone.has(name)) return "back";
    gone.add(name);
    return name;
  });
  return words.filter((word, i) => word !== "back" || words[i - 1] !== "back").join("-");
}
