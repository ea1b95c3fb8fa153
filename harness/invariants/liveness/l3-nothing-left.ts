import { isTerminal } from "../../../contracts/job.ts";
import type { JobHistory } from "../../history/job-history.ts";
import { againstReport, type Invariant } from "../invariant.ts";

export const nothingLeft: Invariant = {
  id: "L3",
  name: "nothing left",
  definition: "When all is over, no lease, no unsent report and no half-made table of the job is left.",
  applies: isOver,
  witnesses: (history) => {
    if (!isOver(history)) return [];
    const { final, gone } = history;
    // A worker that never comes back can clear nothing away; its reports stay on its disk.
    const mine = gone.length > 0 ? [] : final.residue;
    return againstReport(history, final, [
      ...(final.leased ? ["the ended job still has a lease"] : []),
      ...(final.unsent > 0 && gone.length === 0 ? [`${final.unsent} finish reports are still unsent`] : []),
      ...mine.map((what) => `left in the warehouse: ${what}`),
    ]);
  },
};

/** Ended, and looked at after the last fault had healed. */
function isOver({ final, troubled, end }: JobHistory): boolean {
  return final.stored !== null && isTerminal(final.stored) && (troubled === null || end >= troubled.to);
}
