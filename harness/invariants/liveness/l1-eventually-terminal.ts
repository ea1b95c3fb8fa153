import { isTerminal } from "../../../contracts/job.ts";
import { lastRead, type PromisedJob } from "../../history/job-history.ts";
import { againstOrder, type Contradiction, ofPromise } from "../invariant.ts";

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
    "When all faults are over, every accepted job ends within the declared time, and its customer can read the end.",
  isOfTime: () => true,
  applies: allAreThere,
  witnesses: (history) => (allAreThere(history) ? stillRunning(history) : []),
});

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
