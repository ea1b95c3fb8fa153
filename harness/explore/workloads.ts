import { isDeepStrictEqual } from "node:util";
import type { Engine } from "../../contracts/job.ts";
import type { RunSchedules } from "../rigs/run.ts";
import { pathOf } from "../schedule/paths.ts";
import { isFor, type Scenario, serviceTableOf } from "../schedule/scenario.ts";
import { type Schedule, type Site, scheduleFormat } from "../schedule/schedule.ts";

/** A workload of one job without a fault, and the sites that it reaches. */
export interface Workload {
  /** `<api release>/<generation>-<engine>/<scenario>`, as cells are called. */
  path: string;
  base: Schedule;
  /** Kind of statement of its job. */
  statement: Scenario["statement"]["kind"];
  reached: readonly Site[];
}

/** A workload that has not been run yet. */
export type Base = Omit<Workload, "reached">;

/**
 * The scenarios that are explored unless others are asked for: of each kind of statement the first that ends in success,
 * the first whose result goes into a table of the service, and the first whose job comes by itself. Claims, heartbeats and reports are the same for the others of
 * its kind.
 */
export function usualScenarios(scenarios: readonly Scenario[]): Scenario[] {
  const good = scenarios.filter(({ ending }) => ending === "success");
  return good.filter(
    (scenario, i) => good.findIndex((other) => isDeepStrictEqual(kindOf(other), kindOf(scenario))) === i,
  );
}

const kindOf = (scenario: Scenario) => [
  scenario.statement.kind,
  serviceTableOf(scenario) !== null,
  scenario.due,
];

/** Every engine with every scenario, each without a fault. */
export const basesOf = (
  engines: readonly Engine[],
  scenarios: readonly Scenario[],
  releases: Schedule["releases"],
  seed: number,
): Base[] =>
  engines.flatMap((engine) =>
    scenarios
      .filter((scenario) => isFor(scenario, engine))
      .map((scenario) => {
        const base = baseSchedule(engine, scenario.name, releases, seed);
        return { path: pathOf(base), base, statement: scenario.statement.kind };
      }),
  );

/** A schedule of one job and two workers without a fault. */
export const baseSchedule = (
  engine: Engine,
  scenario: string,
  releases: Schedule["releases"],
  seed: number,
): Schedule => ({
  format: scheduleFormat,
  workload: { jobs: [{ scenario, engine }], workers: 2 },
  releases,
  seed,
  faults: [],
});

/** The same, run once. */
export async function workloadsOf(run: RunSchedules, bases: readonly Base[]): Promise<Workload[]> {
  const runs = await run(bases.map(({ base }) => base));
  return bases.map((base, i) => ({ ...base, reached: runs[i]?.reached ?? [] }));
}
