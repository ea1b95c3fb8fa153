import { isTerminal } from "../../contracts/job.ts";
import { type JobHistory, readsOf } from "../history/job-history.ts";
import { type Invariant, seconds } from "./invariant.ts";

export const terminalAbsorbs: Invariant = {
  id: "I1",
  name: "terminal absorbs",
  definition: "Once a job has been seen as ended, every look that starts later shows the same end.",
  applies: (history) => looksFromEnd(history).length > 1,
  witnesses: (history) => {
    const [end, ...later] = looksFromEnd(history);
    const other = later.find(({ status }) => status !== end?.status);
    if (end === undefined || other === undefined) return [];
    return [
      `the customer read ${end.status} ${seconds(end.sent)} and ${other.status} ${seconds(other.sent)}`,
    ];
  },
};

/** The first look that showed an end, and all that were begun after it. */
function looksFromEnd(history: JobHistory) {
  const reads = readsOf(history);
  const first = reads.findIndex(({ status }) => isTerminal(status));
  return first < 0 ? [] : reads.slice(first);
}
