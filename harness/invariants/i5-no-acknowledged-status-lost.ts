import { isRetryable } from "../../contracts/errors.ts";
import {
  callsOf,
  field,
  type JobHistory,
  readsOf,
  servedStatus,
  type TimedExchange,
  takenAt,
} from "../history/job-history.ts";
import { type Invariant, seconds } from "./invariant.ts";

export const noAcknowledgedStatusLost: Invariant = {
  id: "I5",
  name: "no acknowledged status lost",
  definition:
    "An end that the API has acknowledged to a worker is what every later look shows, what the database holds, and what is acknowledged again when it is reported again.",
  applies: (history) => acknowledged(history).length > 0,
  witnesses: (history) => [
    ...acknowledged(history).flatMap((end) => forgotten(history, end)),
    ...refusedAgain(history),
  ],
};

interface End {
  status: unknown;
  at: number;
}

const acknowledged = (history: JobHistory): End[] =>
  callsOf(history, "worker.finish")
    .filter((call) => servedStatus(call) === 200)
    .map((call) => ({ status: field(call.request, "status"), at: takenAt(call) }));

function forgotten(history: JobHistory, { status, at }: End): string[] {
  const said = `${String(status)} was acknowledged ${seconds(at)}`;
  const later = readsOf(history).find((read) => read.sent > at && read.status !== status);
  return [
    ...(later === undefined ? [] : [`${said}, the customer read ${later.status} ${seconds(later.sent)}`]),
    ...(history.final.stored === status ? [] : [`${said}, the database holds ${history.final.stored}`]),
  ];
}

/** A worker that lost the first acknowledgement has no other way to learn that its report was taken. */
function refusedAgain(history: JobHistory): string[] {
  const finishes = callsOf(history, "worker.finish");
  return finishes.flatMap((first) => {
    if (servedStatus(first) !== 200) return [];
    const again = finishes.find(
      (call) => (call.sent ?? call.at) >= takenAt(first) && isSameReport(call, first) && isRefused(call),
    );
    return again === undefined
      ? []
      : [
          `${String(field(first.request, "status"))} was acknowledged ${seconds(takenAt(first))}, the same report was refused ${seconds(again.at)}`,
        ];
  });
}

const isSameReport = (a: TimedExchange, b: TimedExchange): boolean =>
  ["attempt", "status"].every((name) => field(a.request, name) === field(b.request, name));

function isRefused(call: TimedExchange): boolean {
  const status = servedStatus(call);
  return status !== null && status !== 200 && !isRetryable(status);
}
