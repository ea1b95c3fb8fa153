import { isTerminal } from "../../contracts/job.ts";
import { callsOf, type JobHistory } from "../history/job-history.ts";
import { compareRows, describeDifference } from "./rows.ts";
import type { Invariant } from "./invariant.ts";

/**
 * A web destination takes no part in a transaction: a worker that dies, or waits too long, between delivery and report
 * leaves rows behind which the next attempt cannot take back. So an end other than success may find the whole result
 * there, but neither a part of it nor more. Sources: incidents/2015-08-24 (success and nothing delivered) and
 * incidents/2019-09-03 (what was sent again after a lost reply was there up to 15 times).
 */
export const outputAgrees: Invariant = {
  id: "I4",
  name: "output agrees",
  definition:
    "A job with Result Output that ended as success has delivered exactly its result rows, however often they were sent under their key; with any other end nothing is at the destination or, where trouble or a takeover came between delivery and report, the whole result once.",
  applies: hasEnded,
  witnesses: (history) => {
    const { stored, expected, delivered } = history.final;
    if (!hasEnded(history) || !delivered) return [];
    if (stored !== "success" && delivered.length === 0) return [];
    if (stored !== "success" && !isDisturbed(history))
      return [`the job ended as ${stored} and ${delivered.length} rows are at its destination`];
    const differs = compareRows(expected, delivered);
    return differs === null ? [] : describeDifference(`the job ended as ${stored}; its destination`, differs);
  },
};

function hasEnded({ final }: JobHistory): boolean {
  return Boolean(final.delivered) && final.stored !== null && isTerminal(final.stored);
}

/** A kill is the customer's wish and disturbs nothing: a delivery that was begun is brought to its end. */
function isDisturbed(history: JobHistory): boolean {
  const { faulted, schedule } = history;
  const isInTrouble = faulted && schedule.faults.some(({ fault }) => fault.kind !== "kill-job");
  return isInTrouble || callsOf(history, "worker.claim").length > 1;
}
