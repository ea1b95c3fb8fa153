import { engineLabel } from "../../contracts/job.ts";
import type { Schedule } from "./schedule.ts";

/** Paths by which cells and workloads are named and chosen: `<api release>/<generation>-<engine>/<scenario>`. */

/** Whatever is chosen by its path. */
export interface Pathed {
  path: string;
}

export const pathOf = ({ releases: { api }, workload }: Pick<Schedule, "releases" | "workload">): string =>
  [api, ...workload.jobs.map(({ engine, scenario }) => `${engineLabel(engine)}/${scenario}`)].join("/");

/** The jobs of a schedule by their paths, in their order: the cells of a matrix. */
export const jobPaths = ({ releases, workload }: Pick<Schedule, "releases" | "workload">): Pathed[] =>
  workload.jobs.map((job) => ({ path: pathOf({ releases, workload: { ...workload, jobs: [job] } }) }));

/** Those whose path matches one of the patterns: `*` is any run of characters without a slash, `**` any at all. */
export function selectPaths<T extends Pathed>(all: readonly T[], patterns: readonly string[]): T[] {
  if (patterns.length === 0) return [...all];
  const tests = patterns.map(toRegExp);
  return all.filter(({ path }) => tests.some((test) => test.test(path)));
}

/** The patterns that match nothing: a typing mistake must not shrink a run in silence. */
export const unmatchedPatterns = (all: readonly Pathed[], patterns: readonly string[]): string[] =>
  patterns.filter((pattern) => !all.some(({ path }) => toRegExp(pattern).test(path)));

const toRegExp = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .split(/(\*\*|\*)/)
      .map((part) =>
        part === "**" ? ".*" : part === "*" ? "[^/]*" : part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"),
      )
      .join("")}$`,
  );
