import { isRetryable } from "../../../contracts/errors.ts";
import { isTerminal } from "../../../contracts/job.ts";
import type { Call } from "../../history/calls.ts";
import { lastRead, type PromisedJob } from "../../history/job-history.ts";
import { againstOrder, between, type Contradiction, ofPromise, orderOf, seconds } from "../invariant.ts";

const ended = (history: PromisedJob): boolean => {
  const last = lastRead(history);
  return last !== undefined && isTerminal(last);
};

const stillRunning = (history: PromisedJob): readonly Contradiction[] =>
  ended(history)
    ? []
    : againstOrder(history, history.final, [
        `the customer last read ${lastRead(history) ?? "nothing"}, the database holds ${history.final.stored ?? "no such job"}`,
      ]);

export const eventuallyTerminal = ofPromise({
  id: "L1",
  name: "eventually terminal",
  definition:
    "When all faults are over, an order that was refused for the time being is taken, and every accepted job ends, within the declared time, and its customer can read the end.",
  isOfTime: () => true,
  applies: (history) => allAreThere(history) || refusedStill(history) !== null,
  witnesses: (history) => {
    if (allAreThere(history)) return stillRunning(history);
    const last = refusedStill(history);
    if (last === null) return [];
    const told = `the order was answered ${last.served} ${seconds(last.sent)}, when the trouble had been over for as long as a job may wait`;
    return [between(told, orderOf(history), last.exchange)];
  },
});

/** The last try of an order of which no job has come, long after all trouble; null where there is none. */
function refusedStill({ id, gone, troubled, steps, limits, laterLimits }: PromisedJob): Call | null {
  const last = steps.issue.findLast(({ genuine }) => genuine);
  if (id !== null || gone.length > 0 || troubled === null || last === undefined) return null;
  const waits = Math.max(...[limits, ...laterLimits].flatMap((one) => [one.registerMs, one.statementMs]));
  const isForNow = last.served !== null && isRetryable(last.served);
  return isForNow && last.sent >= troubled.to + waits ? last : null;
}

export const progressInDegradedCore = ofPromise({
  id: "L2",
  name: "progress in a degraded core",
  definition: "While one worker stays dead, the others finish every job.",
  isOfTime: () => true,
  applies: coreIsLeft,
  witnesses: (history) => (coreIsLeft(history) ? stillRunning(history) : []),
});

function allAreThere({ id, gone, scenario, steps }: PromisedJob): boolean {
  // Its customer was told that what issues it is there, now or by a call before.
  const isKept = steps.issue.some(({ genuine, served }) => genuine && (served === 200 || served === 409));
  const isToCome = scenario.due === true && isKept;
  return (id !== null || isToCome) && gone.length === 0;
}

/** An API or a last worker that is gone for ever leaves nobody who could bring a job to its end. */
function coreIsLeft({ id, gone, schedule }: PromisedJob): boolean {
  const isDegraded = id !== null && gone.length > 0;
  return isDegraded && !gone.includes("api") && new Set(gone).size < schedule.workload.workers;
}
