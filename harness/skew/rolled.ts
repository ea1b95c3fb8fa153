import type { Mutant } from "../../contracts/in-process.ts";
import type { Engine } from "../../contracts/job.ts";
import type { SkewPolicy } from "../config/skew-policy.ts";
import type { Scenario } from "../schedule/scenario.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { shortPlans } from "./plans.ts";
import { shapesOf } from "./shape.ts";
import type { Window } from "./window.ts";

/**
 * The short plans of a mutant that shows only while it is rolled out, with jobs of the scenarios that it names, or of each
 * kind; any order of its steps is allowed.
 */
export function rolledPlans(
  { rolled, scenarios: named }: Pick<Mutant, "rolled" | "scenarios">,
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
  const own = scenarios.filter(({ name }) => named?.includes(name) ?? true);
  return shapesOf([window], engines, own, seed).flatMap((shape) => shortPlans(policy, shape).plans);
}
