import type { SystemLimits } from "../../contracts/in-process.ts";
import type { JobStatus } from "../../contracts/job.ts";
import type { Millis } from "../../contracts/values.ts";
import type { Schedule, StatementKind } from "../schedule/schedule.ts";
import type { ComponentEvent, ExchangeEvent, FinalEvent, HistoryEvent } from "./event.ts";

/** All that a history says about one job, in the order in which the callers learned it. */
export interface JobHistory {
  schedule: Schedule;
  limits: SystemLimits;
  number: number;
  id: string | null;
  statement: StatementKind;
  /** Calls to the API about this job, by customer and workers. */
  calls: readonly TimedExchange[];
  final: FinalEvent;
  /** When the oracle took that last look. */
  end: Millis;
  /** Whether any fault had fired: only then a check proves something about faults. */
  faulted: boolean;
  /** First and last moment at which a fault was at work; null without faults. */
  troubled: { from: Millis; to: Millis } | null;
  /** When which process died, for a while or for ever. */
  deaths: readonly { process: string; at: Millis }[];
  /** Processes that died and never came back. */
  gone: readonly string[];
}

export type TimedExchange = HistoryEvent & ExchangeEvent;

/** A history that is not whole cannot be judged. */
export class BrokenHistory extends Error {
  override name = "BrokenHistory";
}

export function jobHistories(events: readonly HistoryEvent[]): JobHistory[] {
  const run = events.find((event) => event.kind === "run");
  if (run?.kind !== "run" || run.schedule === undefined || run.limits === undefined) {
    throw new BrokenHistory("the history does not begin with the schedule that it is of");
  }
  const finals = events.filter((event) => event.kind === "final");
  const { schedule, limits } = run;
  if (finals.length !== schedule.workload.jobs.length) {
    throw new BrokenHistory(
      `the history ends early: ${finals.length} of ${schedule.workload.jobs.length} jobs have a final look`,
    );
  }
  const exchanges = events.filter((event) => event.kind === "exchange");
  const troubled = troubleOf(events, schedule);
  const exits = events.filter(
    (event) => event.kind === "component" && event.what === "exited",
  ) as (HistoryEvent & ComponentEvent)[];
  const deaths = exits.map(({ component, at }) => ({ process: component, at }));
  const gone = exits.filter(({ detail }) => detail === "for ever").map(({ component }) => component);
  return finals.map((final) => ({
    schedule,
    limits,
    number: final.number,
    id: final.job,
    statement: schedule.workload.jobs[final.number - 1]?.statement ?? "insert-into",
    calls: exchanges.filter((call) => isAbout(call, final)),
    final,
    end: final.at,
    faulted: troubled !== null,
    troubled,
    deaths,
    gone,
  }));
}

/** A job has no id before the API gives it one: until then its domain key stands for it. */
const isAbout = ({ job, request }: ExchangeEvent, { job: id, number }: FinalEvent): boolean =>
  (job !== null && job === id) || field(request, "domain_key") === domainKey(number);

export const domainKey = (number: number): string => `workload-${number}`;

function troubleOf(events: readonly HistoryEvent[], schedule: Schedule): JobHistory["troubled"] {
  const spans = events.flatMap((event) => {
    if (event.kind !== "fault") return [];
    const fault = schedule.faults[event.index]?.fault;
    const ms = fault !== undefined && "ms" in fault ? (fault.ms ?? 0) : 0;
    return [{ from: event.at, to: event.at + ms }];
  });
  if (spans.length === 0) return null;
  return { from: Math.min(...spans.map(({ from }) => from)), to: Math.max(...spans.map(({ to }) => to)) };
}

/** Calls of one operation. */
export const callsOf = ({ calls }: JobHistory, operation: string): TimedExchange[] =>
  calls.filter((call) => call.operation === operation);

/** Looks of the customer that were answered, in the order in which they were begun. */
export const readsOf = (history: JobHistory): { sent: Millis; status: JobStatus }[] =>
  callsOf(history, "job.show")
    .filter(({ status }) => status === 200)
    .map((call) => ({ sent: call.sent ?? call.at, status: field(call.reply, "status") as JobStatus }))
    .sort((a, b) => a.sent - b.sent);

/** The status that the service answered, whether or not the answer arrived. */
export const servedStatus = ({ status, served }: ExchangeEvent): number | null =>
  served === undefined ? status : served;

/** The latest moment at which the service can have done what the call asked for. */
export const takenAt = ({ at, servedAt }: TimedExchange): Millis => servedAt ?? at;

export const field = (of: unknown, name: string): unknown =>
  typeof of === "object" && of !== null ? (of as Record<string, unknown>)[name] : undefined;
