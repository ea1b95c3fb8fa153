import type { Build, RequiredSchedule } from "../policy.ts";
import { databaseName, isSame, matrixOf, type Pair, type PlannedWorker, type Question } from "../question.ts";

/** What has to be shown: derived from what is live and from the policy of the live release, by no filter. */

/** Something that has to be shown of a pair: a cell, a schedule, or, with neither, what only a whole matrix shows. */
export interface Item {
  pair: Pair;
  cell: string | null;
  schedule: RequiredSchedule | null;
}

export function itemsOf(pair: Pair, question: Question): Item[] {
  const worker = question.plan.workers.find(({ component }) => component === pair.worker.component);
  if (worker === undefined) return [];
  const { faults } = question.deployed.policy;
  const isAsked = isAskedOf(worker, question);
  return [
    { pair, cell: null, schedule: null },
    ...cellsOf(pair, question, isAsked).map((cell) => ({ pair, cell, schedule: null })),
    ...faults
      .filter(({ engines }) => engines.some(isAsked))
      .map((schedule) => ({ pair, cell: null, schedule })),
  ];
}

/** Every pair that will be live together and has a build of the candidate in it. */
export function pairsOf({ deployed, candidate, plan }: Question): Pair[] {
  const live = liveBuilds({ deployed, candidate });
  const of = (component: string) => live.filter((build) => build.component === component);
  const databases = of(databaseName);
  return of("api").flatMap((api) =>
    plan.workers.flatMap(({ component }) =>
      of(component).flatMap((worker) =>
        (databases.length === 0 ? [null] : databases).flatMap((database) => {
          const pair = { api, worker, database };
          return isOfCandidate(pair, candidate) ? [pair] : [];
        }),
      ),
    ),
  );
}

/** All that will be live in the window of the release: what goes out does not replace what is there at once. */
export function liveBuilds({ deployed, candidate }: Pick<Question, "deployed" | "candidate">): Build[] {
  const all: Build[] = [];
  for (const build of [...deployed.builds, ...candidate])
    if (!all.some((one) => isSame(one, build))) all.push(build);
  return all;
}

const isOfCandidate = ({ api, worker, database }: Pair, candidate: readonly Build[]): boolean =>
  candidate.some((build) => [api, worker, database].some((one) => one !== null && isSame(one, build)));

/** Whether a worker is asked for what an engine does. What no worker of the config runs any longer is asked of the first pair's. */
function isAskedOf({ component, engines: own }: PlannedWorker, question: Question) {
  const { deployed, plan } = question;
  const engines = [...own, ...(deployed.policy.engines[component] ?? [])];
  const isFirst = pairsOf(question)[0]?.worker.component === component;
  const isUnknown = (engine: string) => !plan.workers.some((worker) => worker.engines.includes(engine));
  return (engine: string): boolean => engines.includes(engine) || (isFirst && isUnknown(engine));
}

/**
 * The cells that a pair needs: those of the frozen policy, and what the config has besides for this API. What is live and
 * never had it is not asked for it; what is to go out has no such excuse.
 */
function cellsOf(
  { api }: Pair,
  { deployed, plan }: Question,
  isAsked: (engine: string) => boolean,
): string[] {
  const matrix = matrixOf(plan, api.release);
  const isLive = deployed.builds.some((build) => isSame(build, api));
  const isExcused = (cell: string) => isLive && plan.scenarios.has(cell) && !matrix.has(cell);
  const frozen = deployed.policy.cells.filter((cell) => !isExcused(cell));
  return [...new Set([...frozen, ...matrix])].filter((cell) => isAsked(cell.slice(0, cell.indexOf("/"))));
}
