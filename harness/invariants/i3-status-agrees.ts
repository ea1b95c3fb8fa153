import { isTerminal } from "../../contracts/job.ts";
import type { JobHistory } from "../history/job-history.ts";
import { compareRows, describeDifference } from "./rows.ts";
import type { Invariant } from "./invariant.ts";

export const statusAgreesWithEffect: Invariant = {
  id: "I3",
  name: "status agrees with effect",
  definition:
    "Success means that the effect is there, and that the API knows the table; any other end means that nothing is.",
  applies: hasEffect,
  witnesses: (history) => {
    if (!hasEffect(history)) return [];
    const { final, statement } = history;
    const { stored, rows, expected, registered } = final;
    if (stored === "success") {
      if (rows === null) return ["the job ended as success and its table does not exist"];
      const differs = compareRows(expected, rows);
      if (differs !== null && differs.lost + differs.unexpected > 0)
        return describeDifference("the job ended as success; the table", differs);
      return statement === "create-table" && !registered
        ? ["the job ended as success and the API does not know its table"]
        : [];
    }
    const found = statement === "create-table" ? rows !== null : (rows?.length ?? 0) > 0;
    return [
      ...(found
        ? [`the job ended as ${stored} and its effect is in the warehouse: ${rows?.length} rows`]
        : []),
      ...(registered ? [`the job ended as ${stored} and the API knows its table`] : []),
    ];
  },
};

/** Ended, and of a statement that does something to the warehouse; what a query delivers is the matter of I4. */
function hasEffect({ final, statement }: JobHistory): boolean {
  return statement !== "select" && final.stored !== null && isTerminal(final.stored);
}
