import { isRetryable } from "../../contracts/errors.ts";
import type { JobStatus } from "../../contracts/job.ts";
import type { Call } from "../history/calls.ts";
import type { JobHistory, TimedHeld } from "../history/job-history.ts";
import { heldWith, isSurelyLast } from "../history/work.ts";
import { between, type Contradiction, type Invariant, seconds } from "./invariant.ts";

export const noAcknowledgedStatusLost: Invariant = {
  id: "I5",
  name: "no acknowledged status lost",
  definition:
    "An end that the API has acknowledged to a worker stays: every later look shows it, the database holds it, and the same report is acknowledged again.",
  applies: (history) => acknowledged(history).length > 0,
  witnesses: (history) => [
    ...acknowledged(history).flatMap((end) => forgotten(history, end)),
    ...refusedAgain(history),
  ],
};

interface End {
  status: JobStatus | undefined;
  at: number;
  report: Call;
  /** What the database had before its worker knew of the acknowledgement; undefined where nobody looked. */
  held: TimedHeld | undefined;
}

const acknowledged = (history: JobHistory): End[] =>
  history.steps.report
    .filter((call) => call.served === 200 && isSurelyLast(history, call))
    .map((call) => ({
      status: call.facts.state,
      at: call.takenAt,
      report: call,
      held: heldWith(history, call, "after"),
    }));

function forgotten({ looks, final }: JobHistory, { status, at, report, held }: End): Contradiction[] {
  const said = `${status} was acknowledged ${seconds(at)}`;
  const { exchange } = report;
  const later = looks.find((read) => read.sent > at && read.status !== status);
  return [
    ...(held?.stored === undefined || held.stored === status
      ? []
      : [between(`${said}, the database then held ${held.stored}`, exchange, held)]),
    ...(later === undefined
      ? []
      : [between(`${said}, the customer read ${later.status} ${seconds(later.sent)}`, exchange, later)]),
    ...(final.stored === status
      ? []
      : [between(`${said}, the database holds ${final.stored}`, exchange, final)]),
  ];
}

/** A worker that lost the first acknowledgement has no other way to learn that its report was taken. */
function refusedAgain(history: JobHistory): Contradiction[] {
  const reports = history.steps.report;
  return reports.flatMap((first) => {
    // Of a failure that another attempt has followed nothing is left to say.
    if (first.served !== 200 || !isSurelyLast(history, first)) return [];
    const again = reports.find(
      (call) => call.sent >= first.takenAt && isSameReport(call, first) && isRefused(call),
    );
    return again === undefined
      ? []
      : [
          between(
            `${first.facts.state} was acknowledged ${seconds(first.takenAt)}, the same report was refused ${seconds(again.at)}`,
            first.exchange,
            again.exchange,
          ),
        ];
  });
}

const isSameReport = ({ facts: a }: Call, { facts: b }: Call): boolean =>
  a.attempt === b.attempt && a.state === b.state;

function isRefused(call: Call): boolean {
  const status = call.served;
  return status !== null && status !== 200 && !isRetryable(status);
}
