import { isTerminal, type JobStatus, transitions } from "../../contracts/job.ts";
import type { Call } from "../history/calls.ts";
import type { JobHistory, Look } from "../history/job-history.ts";
import { between, type Contradiction, type Invariant, orderOf, seconds } from "./invariant.ts";

/** What follows an end is for I1, and a lost job under faults for I7. */
export const looksFollowEachOther: Invariant = {
  id: "T",
  name: "transitions",
  definition:
    "Between two looks of its customer a job changes state only as the contract allows; without faults every look is answered with a state.",
  applies: ({ looks, steps }) => looks.length > 0 || steps.look.length > 0,
  witnesses: (history) => [...wrongMoves(history), ...failedLooks(history)],
};

function wrongMoves({ looks }: JobHistory): Contradiction[] {
  return looks.flatMap((look, i) => {
    // Of looks that are under way together nobody knows which was answered first.
    const before = looks.slice(0, i).findLast(({ at }) => at <= look.sent);
    if (before === undefined || isTerminal(before.status)) return [];
    if (isReachable(before.status, look.status)) return [];
    return [
      between(
        `the customer read ${read(before)} and ${read(look)}: no job moves from ${before.status} to ${look.status}`,
        before,
        look,
      ),
    ];
  });
}

const read = ({ status, sent }: Look): string => `${status} ${seconds(sent)}`;

/** Whether some moves lead from one state to the other. */
function isReachable(from: JobStatus, to: JobStatus): boolean {
  const reached = new Set([from]);
  for (const state of reached) for (const next of Object.values(transitions[state])) reached.add(next);
  return reached.has(to);
}

function failedLooks(history: JobHistory): Contradiction[] {
  const { schedule, steps } = history;
  if (schedule.faults.length > 0) return [];
  const knownAt = Math.min(...steps.issue.filter(({ served }) => served === 200).map(({ at }) => at));
  const isEarly = ({ facts, sent }: Call) => facts.missing === true && sent < knownAt;
  const failed = steps.look.filter(
    (look) => look.genuine && look.served !== null && look.served !== 200 && !isEarly(look),
  );
  const [first] = failed;
  if (first === undefined) return [];
  const more = failed.length === 1 ? "" : `, and ${failed.length - 1} more of its looks failed`;
  return [
    between(
      `no fault was at work, and the customer's look ${sentAt(first)} was answered ${first.served}${more}`,
      orderOf(history),
      first.exchange,
    ),
  ];
}

const sentAt = ({ sent }: Call): string => seconds(sent);
