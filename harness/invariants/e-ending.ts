import { statusOf } from "../../contracts/errors.ts";
import { isTerminal, type JobStatus } from "../../contracts/job.ts";
import { field } from "../../contracts/step.ts";
import type { Call } from "../history/calls.ts";
import { lastRead, type PromisedJob } from "../history/job-history.ts";
import { versionStepsOf } from "../schedule/schedule.ts";
import { againstOrder, ofPromise, patienceOf } from "./invariant.ts";

/**
 * With faults a job may end otherwise: whether it then had reason to is for the other invariants to say. A change of
 * releases that takes less time than any limit is none: nobody may be able to tell.
 */
export const endsAsPromised = ofPromise({
  id: "E",
  name: "ending",
  definition:
    "Without faults, also while releases are changed, the job ends as its scenario promises, and the customer's list of jobs shows it.",
  isOfCalm: true,
  isOfTime: (history) => history.final.listed !== false && (wasUnheard(history) || hasNotEnded(history)),
  applies: isPromised,
  witnesses: (history) => {
    const { scenario, id, final } = history;
    if (!isPromised(history)) return [];
    if (scenario.ending === "refused") return againstOrder(history, final, refusalProblems(history));
    if (id === null)
      return againstOrder(history, final, [`the API did not accept the job: ${lastAnswer(history).words}`]);
    const status = lastRead(history);
    const ended = `${endInWords(status)}; its scenario promises ${scenario.ending}`;
    return [
      ...againstOrder(history, history.looks.at(-1) ?? final, status === scenario.ending ? [] : [ended]),
      // Not asked is not no.
      ...againstOrder(
        history,
        final,
        final.listed === false ? ["the customer's list of jobs does not show it"] : [],
      ),
    ];
  },
});

function endInWords(status: JobStatus | undefined): string {
  if (status === undefined) return "nobody could read how the job ended";
  return isTerminal(status)
    ? `the job ended as ${status}`
    : `the job has not ended: it was last read as ${status}`;
}

/** A customer who kills a job comes too late where the API was away meanwhile. */
function isPromised(history: PromisedJob): boolean {
  const { schedule, scenario, troubled } = history;
  if (schedule.faults.length === 0) return true;
  if (versionStepsOf(schedule).length < schedule.faults.length || scenario.ending === "killed") return false;
  return troubled !== null && troubled.to - troubled.from < patienceOf(history);
}

/** Nobody has answered its customer, who so has no job. */
const wasUnheard = (history: PromisedJob): boolean =>
  history.id === null &&
  history.steps.issue.every(({ served, facts }) => served === null && facts.job === undefined);

/** It was taken, as it was to be, and its end was not reached, or not read, or not yet in the way that it must not. */
function hasNotEnded(history: PromisedJob): boolean {
  const { id, final, scenario } = history;
  const read = lastRead(history);
  const isUnread = read === undefined || !isTerminal(read);
  const isUnlikePromised =
    final.stored !== null && isTerminal(final.stored) && final.stored !== scenario.ending;
  return id !== null && scenario.ending !== "refused" && isUnread && !isUnlikePromised;
}

/** A service that breaks down, or is not there, has not refused anything. */
function refusalProblems(history: PromisedJob): string[] {
  const accepted = history.id !== null || history.steps.issue.some(({ facts }) => facts.job !== undefined);
  if (accepted) return ["the API accepted a job that it must refuse"];
  const wanted = statusOf.invalid_input;
  const { status, words } = lastAnswer(history);
  if (status === wanted) return [];
  const answered = status === null ? "no refusal is on record" : `it answered ${status}`;
  return [`the API must refuse the job with status ${wanted}, but ${answered}: ${words}`];
}

/** What the service last said to the customer who issued the job. */
function lastAnswer(history: PromisedJob): { status: number | null; words: string } {
  const issues = history.steps.issue;
  const last = issues.findLast(({ genuine, served }) => genuine && served !== null);
  if (last === undefined)
    return { status: null, words: issues.length === 0 ? "it was never issued" : "nobody answered" };
  return { status: last.status, words: wordsOf(last) };
}

const wordsOf = ({ exchange, status }: Call): string => {
  const words = field(exchange.reply, "error");
  return typeof words === "string" ? words : `status ${status}`;
};
