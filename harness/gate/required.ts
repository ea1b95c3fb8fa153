import { type Build } from "./policy.ts";
import { databaseName, isSame, type Pair, type PlannedWorker, type Question } from "./question.ts";

/** What has to be shown: derived from what is live and from the policy of the live release, by no filter. */

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

/** The cells that a pair needs: those of the frozen policy, and what the config has besides. */
export function cellsOf({ deployed, plan }: Question, { component, engines: own }: PlannedWorker): string[] {
  const engines = [...own, ...(deployed.policy.engines[component] ?? [])];
  const engineOf = (cell: string) => cell.slice(0, cell.indexOf("/"));
  const isUnknown = (cell: string) => !plan.workers.some((worker) => worker.engines.includes(engineOf(cell)));
  // A cell that no worker of the config runs any longer is nobody's: the first worker is asked for it.
  const isFirst = plan.workers[0]?.component === component;
  return [...new Set([...deployed.policy.cells, ...plan.scenarios.keys()])].filter(
    (cell) => engines.includes(engineOf(cell)) || (isFirst && isUnknown(cell)),
  );
}
