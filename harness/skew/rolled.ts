import type { Mutant } from "../../contracts/in-process.ts";
import type { Engine } from "../../contracts/job.ts";
import type { SkewPolicy } from "../config/skew-policy.ts";
import { isFor, type Scenario } from "../schedule/scenario.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { jobsFor, type PlanShape, shortPlans } from "./plans.ts";
import type { Window } from "./window.ts";

/** Two API processes, one worker of each generation: the fewest in which both releases of each can be live. */
export const smallest = { apis: 2, workers: 1 };

/** The first scenario that ends in success of each kind of statement and destination, those that every engine runs. */
export function tellingScenarios(scenarios: readonly Scenario[], engines: readonly Engine[]): string[] {
  const kindOf = ({ statement, output }: Scenario) => `${statement.kind} ${output?.kind}`;
  const good = scenarios.filter(({ ending }) => ending === "success");
  return good
    .filter((one, i) => good.findIndex((other) => kindOf(other) === kindOf(one)) === i)
    .filter((scenario) => engines.every((engine) => isFor(scenario, engine)))
    .map(({ name }) => name);
}

/** The short plans of a mutant that shows only while it is rolled out; any order of its steps is allowed. */
export function rolledPlans(
  { rolled }: Pick<Mutant, "rolled">,
  engines: readonly Engine[],
  scenarios: readonly Scenario[],
  seed: number,
): Schedule[] {
  if (rolled === undefined) return [];
  const { api, workers } = rolled;
  const both = (release: string) => ({ v5: release, v6: release });
  const window: Window = {
    from: { api: api[0], workers: both(workers[0]) },
    to: { api: api[1], workers: both(workers[1]) },
  };
  const takes = { v5: [...new Set(workers)], v6: [...new Set(workers)] };
  const policy: SkewPolicy = { apis: [...new Set(api)].map((release) => ({ release, takes })) };
  const jobs = jobsFor(engines, tellingScenarios(scenarios, engines), "v5");
  const shape: PlanShape = { window, ...jobs, ...smallest, seed };
  return shortPlans(policy, shape).plans;
}
