import { isRetryable } from "../../contracts/errors.ts";
import { field, textField } from "../../contracts/step.ts";
import type { Millis } from "../../contracts/values.ts";
import type { Call } from "../history/calls.ts";
import type { PromisedJob } from "../history/job-history.ts";
import { endingReport, saidRefused } from "../history/work.ts";
import { isRefused } from "../schedule/scenario.ts";
import { againstReport, between, type Contradiction, ofPromise, patienceOf, seconds } from "./invariant.ts";

export const errorsAreClassified = ofPromise({
  id: "I12",
  name: "errors are classified",
  definition:
    "A failure that may pass is retried until it passes or the declared limit is over, a receipt and an end without a limit; a decided refusal is never retried, and who has lost the job reports no end of it; trouble that passes in time fails no job.",
  applies: ({ faulted }) => faulted,
  witnesses: (history) =>
    history.faulted
      ? [
          ...triedAgainInVain(history),
          ...reportedThoughLost(history),
          ...givenUp(history),
          ...receiptGivenUp(history),
          ...failedByTransientTrouble(history),
        ]
      : [],
});

const decided = ({ status }: Call): boolean => status !== null && status !== 200 && !isRetryable(status);

const reportKey = ({ step, facts }: Call): string => `${step} ${facts.attempt} ${facts.state}`;

const reports = (history: PromisedJob): Call[] =>
  (["register", "receipt", "report"] as const).flatMap((step) => history.steps[step]);

/** The same report after a refusal that will not change. */
function triedAgainInVain(history: PromisedJob): Contradiction[] {
  const all = reports(history);
  return all.filter(decided).flatMap((refusal) => {
    const again = all.find(
      (call) =>
        reportKey(call) === reportKey(refusal) &&
        call.by === refusal.by &&
        call.sent > refusal.at &&
        !diedBetween(history, refusal.by, refusal.at, call.sent),
    );
    return again === undefined
      ? []
      : [
          between(
            `${again.exchange.operation} was answered ${refusal.status} ${seconds(refusal.at)} and sent again ${seconds(again.sent)}`,
            refusal.exchange,
            again.exchange,
          ),
        ];
  });
}

/**
 * An end, reported by a process that knew from a refusal that its attempt has lost the job: it has nothing to say. What it has
 * said before is repeated. Heartbeats come beside the work: a report that is being stored when one is refused is sent.
 */
function reportedThoughLost(history: PromisedJob): Contradiction[] {
  const { report, extend } = history.steps;
  return [...reports(history), ...extend].filter(saysLost).flatMap((refusal) => {
    const own = report.filter(
      ({ by, facts }) => by === refusal.by && facts.attempt === refusal.facts.attempt,
    );
    const before = new Set(own.filter(({ sent }) => sent < refusal.at).map(reportKey));
    const since = refusal.at + (refusal.step === "extend" ? history.limits.leaseMs / 3 : 0);
    const told = own.find(
      (call) =>
        !before.has(reportKey(call)) &&
        call.sent > since &&
        !diedBetween(history, refusal.by, refusal.at, call.sent),
    );
    return told === undefined
      ? []
      : [
          between(
            `${refusal.by} was told ${seconds(refusal.at)} that attempt ${refusal.facts.attempt} has lost the job, and reported ${told.facts.state} of it ${seconds(told.sent)}`,
            refusal.exchange,
            told.exchange,
          ),
        ];
  });
}

const saysLost = (call: Call): boolean => call.status === 404 || lostReasons.includes(reasonOf(call));

/** The service's own; null for an answer that was put in its place. */
const reasonOf = ({ status, served, exchange }: Call): string | null =>
  (status === served && textField(field(exchange.reply, "details"), "reason")) || null;

const lostReasons: readonly (string | null)[] = ["stale_attempt", "already_finished"];
/** By these the service says that the worker has left something out before. */
const omissions: readonly (string | null)[] = ["output_undelivered", "table_unregistered", "counts_missing"];

/** A refusal by which a job may fail. Of an attempt that has lost the job it says nothing. */
const isReason = (call: Call): boolean =>
  decided(call) && !omissions.includes(reasonOf(call)) && !lostReasons.includes(reasonOf(call));

/** A process that died before it could take note of an answer does not know it. */
const diedBetween = ({ deaths }: PromisedJob, by: string, from: Millis, to: Millis): boolean =>
  deaths.some(({ process, at }) => process === by && at >= from && at <= to);

/** A finish report that was neither acknowledged nor refused, and that nobody keeps any more. */
function givenUp(history: PromisedJob): Contradiction[] {
  if (history.final.unsent > 0) return [];
  const isThere = ({ by }: Call) => !history.gone.includes(by) && !history.retired.includes(by);
  const attempts = Map.groupBy(history.steps.report.filter(isThere), ({ facts }) => facts.attempt);
  return [...attempts].flatMap(([attempt, calls]) =>
    calls.some((call) => call.status === 200 || decided(call))
      ? []
      : [
          between(
            `the report of attempt ${attempt} was given up after ${calls.length} tries without an answer`,
            (calls.at(-1) as Call).exchange,
            history.final,
          ),
        ],
  );
}

/** An end in error by a process that had something to say of its delivery, and got no answer: what is delivered stays so. */
function receiptGivenUp(history: PromisedJob): Contradiction[] {
  const { receipt, report } = history.steps;
  return report
    .filter(({ facts }) => facts.state === "error")
    .flatMap((error) => {
      const said = receipt.filter(
        ({ by, facts, sent }) =>
          by === error.by && facts.attempt === error.facts.attempt && sent <= error.sent,
      );
      const last = said.at(-1);
      if (last === undefined || said.some((call) => call.status === 200 || decided(call))) return [];
      if (diedBetween(history, error.by, last.sent, error.sent)) return [];
      return [
        between(
          `the receipt of attempt ${error.facts.attempt} was given up after ${said.length} tries without an answer, and the job reported as an error`,
          last.exchange,
          error.exchange,
        ),
      ];
    });
}

/** An end in error, or without what it was to deliver, although nobody refused anything and every trouble passed within the declared limits. */
function failedByTransientTrouble(history: PromisedJob): Contradiction[] {
  const { final, scenario, troubled } = history;
  const isUndelivered = saidRefused(history) !== undefined && !isRefused(scenario);
  const ended = final.stored === "error" || final.stored === "killed";
  if (!isUndelivered && (!ended || final.stored === scenario.ending)) return [];
  if (troubled === null || (final.stored === "killed" && history.steps.cancel.length > 0)) return [];
  const attempt = endingReport(history)?.facts.attempt;
  const own = reports(history).filter(({ facts }) => attempt === undefined || facts.attempt === attempt);
  if (troubled.to - troubled.from >= patienceOf(history) || own.some(isReason)) return [];
  const end = `${final.stored}${isUndelivered ? " and delivered nothing" : ""}`;
  return againstReport(history, final, [
    `the job ended as ${end} although the trouble was over after ${((troubled.to - troubled.from) / 1000).toFixed(1)} s`,
  ]);
}
