import { isTerminal } from "../../../contracts/job.ts";
import { readsOf } from "../../history/job-history.ts";
import { type Invariant, seconds } from "./invariant.ts";

export const terminalAbsorbs: Invariant = {
  id: "I1",
  name: "terminal absorbs",
  definition: "Once a job has been seen as ended, every look that starts later shows the same end.",
  applies: (history) => readsOf(history).filter(({ status }) => isTerminal(status)).length > 1,
  witnesses: (history) => {
    const reads = readsOf(history);
    const first = reads.findIndex(({ status }) => isTerminal(status));
    const end = reads[first];
    const other = reads.slice(first + 1).find(({ status }) => status !== end?.status);
    if (end === undefined || other === undefined) return [];
    return [
      `the customer read ${end.status} ${seconds(end.sent)} and ${other.status} ${seconds(other.sent)}`,
    ];
  },
};
