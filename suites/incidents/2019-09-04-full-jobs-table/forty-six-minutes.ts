import type { Engine } from "../../../contracts/job.ts";
import type { Millis } from "../../../contracts/values.ts";
import { basesOf, type Workload, workloadsOf } from "../../../harness/explore/workloads.ts";
import type { ExchangeEvent, FinalEvent } from "../../../harness/history/event.ts";
import { allBroken, judgeHistory } from "../../../harness/invariants/judge.ts";
import type { Run, RunSchedules } from "../../../harness/rigs/run.ts";
import type { Scenario } from "../../../harness/schedule/scenario.ts";
import type { Planned, Schedule, Site } from "../../../harness/schedule/schedule.ts";
import { releases } from "../../status-sync/system.ts";

/** The evening of 2019-09-04 in its full length, in virtual time. */

export const minute: Millis = 60_000;
/** As long as the table of jobs was full. */
export const fullMs: Millis = 46 * minute;

/** From this statement on the table to which it writes is full. */
const fullFrom = (at: Site, ms: Millis): Planned => ({ at, fault: { kind: "table-full", ms } });

/** Jobs of these scenarios, each with the calls that it makes without a fault. */
export const workloadsOn = (
  run: RunSchedules,
  engines: readonly Engine[],
  scenarios: readonly Scenario[],
  own = releases,
): Promise<Workload[]> => workloadsOf(run, basesOf(engines, scenarios, own, 2019));

/** Full from the nth call of this operation that writes, at one of its statements; null where the job comes to none. */
export function fullAt(
  { reached }: Workload,
  operation: string,
  { nth = 1, statement = 1, ms = fullMs } = {},
): Planned | null {
  const sites = reached.filter(
    (site) => site.link === "api->database" && site.operation === operation && site.statement === statement,
  );
  const at = sites[nth - 1];
  return at === undefined ? null : fullFrom(at, ms);
}

/** The workload with the table full from the first write of each of these operations on, where its job comes to that. */
export const fullFromEach = (workload: Workload, operations: readonly string[], ms = fullMs): Schedule[] =>
  operations.flatMap((operation) => {
    const fault = fullAt(workload, operation, { ms });
    return fault === null ? [] : [{ ...workload.base, faults: [fault] }];
  });

export const brokenBy = (runs: readonly Run[]): string[] => [
  ...new Set(runs.flatMap(({ events }) => allBroken(judgeHistory(events)).map(({ invariant }) => invariant))),
];

/** What each job came to, and what it says of it. */
export const endsOf = ({ events }: Run): string[] =>
  (events.filter((event) => event.kind === "final") as FinalEvent[]).map(
    ({ stored, record }) => `${stored}${record?.message == null ? "" : `: ${record.message}`}`,
  );

/** From when to when the table was full. */
export function fullIn({ events }: Run): { from: Millis; to: Millis } {
  const from = events.find((event) => event.kind === "fault")?.at ?? Number.NaN;
  return { from, to: from + fullMs };
}

/** What the service answered to customers and workers while the table was full. */
export function answersWhileFull(run: Run): ExchangeEvent[] {
  const { from, to } = fullIn(run);
  return run.events.flatMap((event) =>
    event.kind === "exchange" && event.link.endsWith("->api") && event.sent >= from && event.at <= to
      ? [event]
      : [],
  );
}
