import { reportingSteps } from "../../contracts/step.ts";
import type { Millis } from "../../contracts/values.ts";
import type { Call } from "../history/calls.ts";
import type { JobHistory } from "../history/job-history.ts";
import { isSurelyLast } from "../history/work.ts";
import { between, type Contradiction, type Invariant, seconds } from "./invariant.ts";

export const oneValidOwner: Invariant = {
  id: "I8",
  name: "one valid owner",
  definition:
    "At most one attempt holds the job's lease at any time, and the API takes no report of an attempt that was taken over.",
  applies: (history) => grants(history).length > 0,
  witnesses: (history) => [...overlaps(history), ...staleWrites(history)],
};

interface Grant {
  attempt: number;
  /** Earliest and latest moment at which the API can have granted it. */
  from: Millis;
  to: Millis;
  leaseMs: Millis;
  exchange: Call["exchange"];
}

/** One that names no attempt is neither before nor after another. */
const attemptOf = ({ facts }: Call): number => facts.attempt ?? Number.NaN;

const grants = (history: JobHistory): Grant[] =>
  history.steps.grant
    .filter((call) => call.served === 200)
    .map((call) => ({ attempt: attemptOf(call), exchange: call.exchange, ...holdOf(history, call) }))
    .sort((a, b) => a.attempt - b.attempt);

/** Only what is certain counts: a lease that surely still ran when the next attempt had surely been handed out. */
function overlaps(history: JobHistory): Contradiction[] {
  const held = grants(history);
  const twice = held.findIndex(({ attempt }, i) => held[i + 1]?.attempt === attempt);
  if (twice >= 0) {
    const [one, other] = held.slice(twice) as [Grant, Grant];
    return [between(`attempt ${one.attempt} was handed out twice`, one.exchange, other.exchange)];
  }
  return held.slice(1).flatMap((next, i) => {
    const before = held[i] as Grant;
    const until = leaseEnd(history, before, next);
    return next.to < until
      ? [
          between(
            `attempt ${before.attempt} held the lease until ${seconds(until)}, attempt ${next.attempt} was handed out ${seconds(next.to)}`,
            before.exchange,
            next.exchange,
          ),
        ]
      : [];
  });
}

/** When a lease was given, and how long it was said to be: releases may differ in that. */
const holdOf = ({ limits }: JobHistory, { sent, takenAt, facts }: Call) => ({
  from: sent,
  to: takenAt,
  leaseMs: facts.leaseMs ?? limits.leaseMs,
});

/** The earliest end that the lease of an attempt can have had when the next one was granted, by the API's own clock. */
function leaseEnd(history: JobHistory, grant: Grant, next: Grant): Millis {
  const { attempt } = grant;
  const extensions = history.steps.extend.filter(
    (call) => call.served === 200 && call.facts.attempt === attempt && call.takenAt <= next.from,
  );
  const holds = [grant, ...extensions.map((call) => holdOf(history, call))];
  const last = Math.max(...holds.map(({ from }) => from));
  // Any that was under way by then may have been taken last.
  const leaseMs = Math.min(...holds.flatMap((hold) => (hold.to >= last ? hold.leaseMs : [])));
  // A failure after which the job waits for its next attempt; whether it was taken is for the contract to say.
  const released = history.steps.report.filter(
    (call) => call.facts.attempt === attempt && !isSurelyLast(history, call),
  );
  return Math.min(last + leaseMs - history.clockErrorMs, ...released.map(({ sent }) => sent));
}

function staleWrites(history: JobHistory): Contradiction[] {
  const held = grants(history);
  const takeoverOf = (call: Call) =>
    held.find(({ attempt, to }) => attempt > attemptOf(call) && to <= call.sent);
  return reportingSteps
    .flatMap((step) => history.steps[step])
    .flatMap((call) => {
      const takeover = call.served === 200 ? takeoverOf(call) : undefined;
      const { exchange, facts, at } = call;
      const what = `${exchange.operation} of attempt ${facts.attempt} was taken ${seconds(at)}, after a takeover`;
      return takeover === undefined ? [] : [between(what, takeover.exchange, exchange)];
    });
}
