import { isTerminal } from "../../contracts/job.ts";
import type { Landed } from "../destinations/destination.ts";
import type { PromisedJob } from "../history/job-history.ts";
import { foundAtSuccess, saidRefused } from "../history/work.ts";
import { destinationOf, expectedAt, isRefused, type Scenario } from "../schedule/scenario.ts";
import { isOrdered } from "../schedule/source-table.ts";
import { compareRows, describeDifference, isReordered } from "../world/rows.ts";
import { againstReport, type Contradiction, ofPromise, seconds } from "./invariant.ts";

/**
 * A destination takes no part in a transaction: a worker that dies, or waits too long, between delivery and report
 * leaves rows behind which the next attempt cannot take back. So an end other than success may find the whole result
 * there, but neither a part of it nor more.
 */
export const outputAgrees = ofPromise({
  id: "I4",
  name: "output agrees",
  definition:
    "A job with Result Output that ends as success has delivered exactly its result rows before its worker reports success, or that report says that its destination refused them, and it did; repeats under the same key count once; after any other end the destination is as before; where trouble or a takeover came between delivery and report it may hold the whole result once.",
  applies: isOver,
  witnesses: (history) => {
    if (!isOver(history)) return [];
    const { final } = history;
    const { stored, destination } = final;
    const found = destination as Landed;
    const end = stored === null ? "was not accepted" : `ended as ${stored}`;
    const whole = () => differences(history.scenario, true, found, `the job ${end}; its destination`);
    const isSaid = saidRefused(history) !== undefined;
    if (stored === "success" && (!isSaid || !isExcused(history))) {
      const problems = [...saidProblems(history, isSaid), ...whole()];
      return problems.length > 0 ? againstReport(history, final, problems) : early(history);
    }
    const unlikeBefore = differences(history.scenario, false, found, `the job ${end}; its destination`);
    const problems = unlikeBefore.length > 0 && isDisturbed(history) ? whole() : unlikeBefore;
    return againstReport(history, final, problems);
  },
});

/** Where a delivery can have been refused: by a destination that refuses all, or in the way of another attempt. */
const isExcused = (history: PromisedJob): boolean => isRefused(history.scenario) || isDisturbed(history);

/** What is wrong with what a success says of its destination. */
function saidProblems({ scenario }: PromisedJob, isSaid: boolean): string[] {
  if (isSaid) return ["its success says that its destination refused the rows, which takes them"];
  return isRefused(scenario) ? ["its destination refuses the rows, and its success does not say so"] : [];
}

/** Nothing more can come to its destination: it has ended, or was never accepted. */
function isOver({ final, id, scenario }: PromisedJob): boolean {
  const { stored, destination } = final;
  // What was to be delivered before it may have failed; it was not ordered then.
  const over = stored === null ? id === null && !scenario.twice : isTerminal(stored);
  return over && destination !== undefined && destinationOf(scenario) !== null;
}

/** What was wrong at the destination when success was reported. */
function early(history: PromisedJob): Contradiction[] {
  const look = foundAtSuccess(history);
  if (look?.destination === undefined) return [];
  const what = `${look.by} reported success ${seconds(look.at)}; the destination so far`;
  return againstReport(history, look, differences(history.scenario, true, look.destination, what));
}

/** How the destination differs from what it must hold with the result delivered, or without. */
function differences(scenario: Scenario, delivered: boolean, found: Landed, what: string): string[] {
  const expected = expectedAt(scenario, delivered) as Landed;
  const differs = compareRows(expected.rows, found.rows);
  const counted = found.deliveries !== null && expected.deliveries !== null;
  return [
    ...(differs === null ? [] : describeDifference(what, differs)),
    ...(counted && found.deliveries !== expected.deliveries
      ? [`${what} received ${found.deliveries} deliveries, ${expected.deliveries} expected`]
      : []),
    // A table has no order; what comes in deliveries has one.
    ...(counted && isOrdered(scenario.source) && isReordered(expected.rows, found.rows)
      ? [`${what} received the rows in another order than the query gives them`]
      : []),
  ];
}

/** A kill is the customer's wish and disturbs nothing: a delivery that was begun is brought to its end. */
function isDisturbed(history: PromisedJob): boolean {
  const { faulted, schedule } = history;
  const isInTrouble = faulted && schedule.faults.some(({ fault }) => fault.kind !== "kill-job");
  return isInTrouble || history.steps.grant.length > 1;
}
