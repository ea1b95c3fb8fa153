import { isTerminal } from "../../../contracts/job.ts";
import type { Invariant } from "./invariant.ts";

export const nothingLeft: Invariant = {
  id: "L3",
  name: "nothing left",
  definition:
    "When a job has ended and all is quiet, no lease, no unsent report and no half-made table is left of it.",
  applies: ({ final }) => final.stored !== null && isTerminal(final.stored),
  witnesses: ({ final, gone }) => {
    if (final.stored === null || !isTerminal(final.stored)) return [];
    // A worker that never comes back can clear nothing away; its reports stay on its disk.
    const mine = gone.length > 0 ? [] : final.residue;
    return [
      ...(final.leased ? ["the ended job still has a lease"] : []),
      ...(final.unsent > 0 && gone.length === 0 ? [`${final.unsent} finish reports are still unsent`] : []),
      ...mine.map((what) => `left in the warehouse: ${what}`),
    ];
  },
};
