import type { Millis } from "../../contracts/values.ts";
import {
  callsOf,
  field,
  type JobHistory,
  servedStatus,
  type TimedExchange,
  takenAt,
} from "../history/job-history.ts";
import { type Invariant, seconds } from "./invariant.ts";

export const oneValidOwner: Invariant = {
  id: "I8",
  name: "one valid owner",
  definition:
    "At any time at most one attempt holds the job's lease, and the API takes no report of an attempt that has been taken over.",
  applies: (history) => grants(history).length > 0,
  witnesses: (history) => [...overlaps(history), ...staleWrites(history)],
};

interface Grant {
  attempt: number;
  /** Earliest and latest moment at which the API can have granted it. */
  from: Millis;
  to: Millis;
}

const grants = (history: JobHistory): Grant[] =>
  callsOf(history, "worker.claim")
    .filter((call) => servedStatus(call) === 200)
    .map((call) => ({
      attempt: Number(field(field(call.reply, "job"), "attempt")),
      from: call.sent ?? call.at,
      to: takenAt(call),
    }))
    .sort((a, b) => a.attempt - b.attempt);

/** Only what is certain counts: a lease that surely still ran when the next attempt had surely been handed out. */
function overlaps(history: JobHistory): string[] {
  const held = grants(history);
  const twice = held.find(({ attempt }, i) => held[i + 1]?.attempt === attempt);
  if (twice !== undefined) return [`attempt ${twice.attempt} was handed out twice`];
  return held.slice(1).flatMap((next, i) => {
    const before = held[i] as Grant;
    const until = leaseEnd(history, before, next);
    return next.to < until
      ? [
          `attempt ${before.attempt} held the lease until ${seconds(until)}, attempt ${next.attempt} was handed out ${seconds(next.to)}`,
        ]
      : [];
  });
}

/** The earliest end that the lease of an attempt can have had when the next one was granted. */
function leaseEnd(history: JobHistory, { attempt, from }: Grant, next: Grant): Millis {
  const extensions = callsOf(history, "worker.heartbeat").filter(
    (call) =>
      servedStatus(call) === 200 && field(call.request, "attempt") === attempt && takenAt(call) <= next.from,
  );
  return Math.max(from, ...extensions.map((call) => call.sent ?? call.at)) + history.limits.leaseMs;
}

const reports = ["worker.heartbeat", "worker.register_table", "worker.receipt", "worker.finish"];

function staleWrites(history: JobHistory): string[] {
  const held = grants(history);
  const isStale = (call: TimedExchange) =>
    held.some(
      ({ attempt, to }) => attempt > Number(field(call.request, "attempt")) && to <= (call.sent ?? call.at),
    );
  return reports
    .flatMap((operation) => callsOf(history, operation))
    .filter((call) => servedStatus(call) === 200 && isStale(call))
    .map(
      (call) =>
        `${call.operation} of attempt ${String(field(call.request, "attempt"))} was taken ${seconds(call.at)}, after a takeover`,
    );
}
