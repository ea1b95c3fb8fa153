import { type Engine, generationOf } from "../../contracts/job.ts";
import { hasFresh, isFor, isRefused, type Scenario, type Scenarios } from "../schedule/scenario.ts";
import type { Schedule, WorkloadJob } from "../schedule/schedule.ts";
import { type LiveProcess, startOf } from "./live.ts";
import type { Moment } from "./moments.ts";
import type { Window } from "./window.ts";

/** What the plans of a window have in common. */
export interface PlanShape {
  window: Window;
  /** Of one generation's engines: the steps are taken at these jobs, in their order. */
  jobs: readonly WorkloadJob[];
  /** Of the other generation, run beside them. */
  beside: readonly WorkloadJob[];
  /** Those of all of them. */
  scenarios: Scenarios;
  apis: number;
  workers: number;
  seed: number;
  /** Where a step can be taken at a job of a scenario; absent: at every moment. */
  reaches?: (at: Moment["at"], scenario: Scenario) => boolean;
}

/** Two API processes, one worker of each generation: the fewest in which both releases of each can be live. */
const smallest = { apis: 2, workers: 1 };

/** For each window; the steps are taken at jobs of the first engine's generation. */
export function shapesOf(
  windows: readonly Window[],
  engines: readonly Engine[],
  scenarios: readonly Scenario[],
  seed: number,
): PlanShape[] {
  const names = tellingScenarios(scenarios, engines);
  const all = engines.flatMap((engine) => names.map((scenario): WorkloadJob => ({ scenario, engine })));
  const [first] = engines;
  const isOwn = ({ engine }: WorkloadJob) =>
    first !== undefined && generationOf(engine) === generationOf(first);
  const jobs = { jobs: all.filter(isOwn), beside: all.filter((job) => !isOwn(job)) };
  const known = Object.fromEntries(scenarios.map((scenario) => [scenario.name, scenario]));
  return windows.map((window) => ({ window, ...jobs, scenarios: known, ...smallest, seed }));
}

/**
 * The first scenario of each kind of statement, destination (which takes what it is sent, or refuses it) and ending, of those that
 * every engine runs: success first, then error and killed, since what a release says of such jobs is another's to read too. None
 * where none ends in success. What each run makes anew is left out: a job must end as it does without the steps, to the letter.
 */
export function tellingScenarios(scenarios: readonly Scenario[], engines: readonly Engine[]): string[] {
  const kindOf = (scenario: Scenario) => {
    const { statement, output, ending } = scenario;
    return `${statement.kind} ${output?.kind} ${isRefused(scenario)} ${ending}`;
  };
  const tried = scenarios.filter(
    (scenario) => !hasFresh(scenario.source) && engines.every((engine) => isFor(scenario, engine)),
  );
  const kinds = tried.filter((one, i) => tried.findIndex((other) => kindOf(other) === kindOf(one)) === i);
  const named = (wanted: Scenario["ending"]) =>
    kinds.flatMap(({ name, ending }) => (ending === wanted ? [name] : []));
  const good = named("success");
  return good.length === 0 ? [] : [...good, ...named("error"), ...named("killed")];
}

/** What its plans begin with. */
export const releasesOf = ({ window: { from }, apis }: PlanShape): Schedule["releases"] => ({
  api: from.api,
  ...(apis > 1 ? { beside: Array.from({ length: apis - 1 }, () => from.api) } : {}),
  workers: from.workers,
});

export const beginningOf = (shape: PlanShape): LiveProcess[] =>
  startOf({
    releases: releasesOf(shape),
    workload: { jobs: [...shape.jobs, ...shape.beside], workers: shape.workers },
  });
