import { type Cluster, clusters, type Generation, generationOf, generations } from "../../contracts/job.ts";
import { defaultFormat, type ResultFormat, resultFormats } from "../../contracts/operations/jobs.ts";
import { field } from "../../contracts/step.ts";
import { stepOf } from "../../contracts/steps.ts";
import { servedStatus, type TimedExchange } from "../history/calls.ts";
import type { JobHistory } from "../history/job-history.ts";

/** In which ways results are read and lists asked for. */

const resultWays = [...resultFormats, "with header", "by Range"] as const;
const listWays = ["by place", "by status"] as const;

/** The ways that the service answered to: about results of jobs by generation, about lists by customer. */
export interface WaysSeen {
  results: Readonly<Record<Generation, readonly string[]>>;
  lists: Readonly<Record<Cluster, readonly string[]>>;
}

export function waysSeen(jobs: readonly JobHistory[], loose: readonly TimedExchange[]): WaysSeen {
  const read = (generation: Generation): Set<string> =>
    new Set(
      jobs
        .filter(({ engine }) => generationOf(engine) === generation)
        .flatMap(({ steps }) => steps.read.flatMap(({ exchange }) => waysToRead(exchange))),
    );
  const paged = (cluster: Cluster): Set<string> =>
    new Set(loose.filter(({ customer }) => customer === cluster).flatMap(waysToList));
  return {
    results: byName(generations, (generation) => inOrder(resultWays, read(generation))),
    lists: byName(clusters, (cluster) => inOrder(listWays, paged(cluster))),
  };
}

const byName = <Name extends string, T>(names: readonly Name[], of: (name: Name) => T): Record<Name, T> =>
  Object.fromEntries(names.map((name) => [name, of(name)])) as Record<Name, T>;

const inOrder = (all: readonly string[], seen: ReadonlySet<string>): string[] =>
  all.filter((way) => seen.has(way));

/** A Range that is ignored, or of which nothing is there, was answered to all the same. */
function waysToRead(exchange: TimedExchange): string[] {
  const { request, headers } = exchange;
  if (![200, 206, 416].includes(servedStatus(exchange) ?? 0)) return [];
  const format = (field(request, "format") ?? defaultFormat) as ResultFormat;
  return [
    format,
    ...(String(field(request, "header")).toLowerCase() === "true" ? ["with header"] : []),
    ...(headers?.request["range"] === undefined ? [] : ["by Range"]),
  ];
}

function waysToList(exchange: TimedExchange): string[] {
  const { operation, request } = exchange;
  if (stepOf(operation) !== "list" || servedStatus(exchange) !== 200) return [];
  return [
    ...(field(request, "to") == null ? [] : ["by place"]),
    ...(field(request, "status") == null ? [] : ["by status"]),
  ];
}

/** What a whole matrix must have asked and has not: of generations that have results, and of customers that have jobs. */
export function waysLeft(
  { results, lists }: WaysSeen,
  readable: ReadonlySet<Generation>,
  customers: ReadonlySet<Cluster>,
): string[] {
  const left = (all: readonly string[], seen: readonly string[]) => all.filter((way) => !seen.includes(way));
  return [
    ...generations
      .filter((generation) => readable.has(generation))
      .map(
        (generation) =>
          [`the result of a job of ${generation}`, left(resultWays, results[generation])] as const,
      ),
    ...clusters
      .filter((cluster) => customers.has(cluster))
      .map((cluster) => [`the list of ${cluster}`, left(listWays, lists[cluster])] as const),
  ].flatMap(([what, ways]) => (ways.length === 0 ? [] : `${what} was not answered ${ways.join(", ")}`));
}

/** In a few words, for a reader. */
export const waysInWords = ({ results }: WaysSeen): string => {
  const formats = resultFormats.filter((format) =>
    Object.values(results).some((ways) => ways.includes(format)),
  );
  return `results in ${formats.length} of ${resultFormats.length} formats`;
};
