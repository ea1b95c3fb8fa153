import { generationOf } from "../../contracts/job.ts";
import { operations } from "../../contracts/operations.ts";
import { servedStatus, type TimedExchange } from "../history/calls.ts";
import type { HistoryEvent } from "../history/event.ts";
import { historiesIn } from "../history/job-history.ts";
import { type Judgement, judgeHistory } from "../invariants/judge.ts";
import { type DataSeen, dataSeen } from "./data-classes.ts";
import { type Share, sharesOf } from "./shares.ts";
import { type WaysSeen, waysInWords, waysSeen } from "./ways.ts";

/** How often each status of an operation was answered to, or about a job of, a generation. */
export type Counts = Record<string, Record<string, Record<string, number>>>;

/** What a history shows to have been exercised, and what not: what was not exercised is not shown to work. */
export interface Coverage {
  /** By operation, generation (`none` for a call about no job) and status (`none` for one without an answer). */
  operations: Counts;
  /** Operations of the contracts that nobody called. */
  notCalled: readonly string[];
  ways: WaysSeen;
  data: DataSeen;
  invariants: { tested: readonly string[]; untested: readonly string[] };
  workers: readonly Share[];
}

export function coverageOf(
  events: readonly HistoryEvent[],
  { triggered }: Pick<Judgement, "triggered"> = judgeHistory(events),
): Coverage {
  const { jobs, loose } = historiesIn(events);
  const builds = events.find((event) => event.kind === "run")?.builds ?? [];
  const called: Counts = {};
  for (const job of jobs)
    for (const { exchange } of job.calls) count(called, exchange, generationOf(job.engine));
  for (const exchange of loose) count(called, exchange, null);
  const ids = Object.keys(triggered);
  const isTested = (id: string) => (triggered[id]?.jobs ?? 0) > 0;
  return {
    operations: called,
    notCalled: Object.keys(operations).filter((operation) => called[operation] === undefined),
    ways: waysSeen(jobs, loose),
    data: dataSeen(jobs.flatMap(({ scenario }) => scenario ?? [])),
    invariants: { tested: ids.filter(isTested), untested: ids.filter((id) => !isTested(id)) },
    workers: sharesOf(jobs, builds),
  };
}

/** A worker's call is of its own generation, a customer's of the one that runs its job. */
function count(called: Counts, exchange: TimedExchange, ofJob: string | null): void {
  const { operation } = exchange;
  if (operation === null) return;
  const generation = exchange.generation ?? ofJob ?? "none";
  const status = String(servedStatus(exchange) ?? "none");
  const byGeneration = (called[operation] ??= {});
  const byStatus = (byGeneration[generation] ??= {});
  byStatus[status] = (byStatus[status] ?? 0) + 1;
}

/** The same in two lines, for a reader. */
export function coverageLines({
  operations: called,
  notCalled,
  ways,
  data,
  invariants,
  workers,
}: Coverage): string[] {
  const number = Object.keys(called).length;
  const combinations = Object.values(called)
    .flatMap((byGeneration) => Object.values(byGeneration))
    .reduce((sum, byStatus) => sum + Object.keys(byStatus).length, 0);
  const kinds = data.seen.length + data.unseen.length;
  const shares = workers.map(({ component, finished }) => `${component} finished ${finished}`);
  const covered = [
    `${number} of ${number + notCalled.length} operations`,
    `${combinations} combinations of operation, generation and status`,
    waysInWords(ways),
    `${data.seen.length} of ${kinds} kinds of data`,
    ...shares,
  ];
  const open = [
    ...inGroups(notCalled, called),
    ...(invariants.untested.length > 0 ? [`invariants ${invariants.untested.join(" ")}`] : []),
    ...shortened(data.unseen),
  ];
  return [`covered: ${covered.join(", ")}`, `not covered: ${open.join(", ") || "nothing"}`];
}

/** Operations of one kind that nobody called go by the name of the kind. */
function inGroups(notCalled: readonly string[], called: Counts): string[] {
  const kindOf = (operation: string) => operation.slice(0, operation.indexOf(".") + 1);
  const touched = new Set(Object.keys(called).map(kindOf));
  return [...new Set(notCalled.map((name) => (touched.has(kindOf(name)) ? name : `${kindOf(name)}*`)))];
}

const mostKinds = 5;

const shortened = (names: readonly string[]): string[] =>
  names.length <= mostKinds
    ? [...names]
    : [...names.slice(0, mostKinds), `${names.length - mostKinds} more kinds of data`];
