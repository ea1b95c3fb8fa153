import type { PromisedJob } from "../history/job-history.ts";
import { statementOf } from "../schedule/statements.ts";
import { compareRows, describeDifference } from "../world/rows.ts";
import { againstOrder, ofPromise } from "./invariant.ts";

/** Its customer orders the job once all chunks are acknowledged: from then on nothing of them may be missing. */
export const importedOnce = ofPromise({
  id: "I9",
  name: "imported once",
  definition:
    "Every record of a chunk that was acknowledged is in its table, once, however often the chunk was sent and whatever failed.",
  applies: ({ final, scenario }) =>
    statementOf(scenario.statement).effect === "streams" && final.table !== undefined,
  witnesses: (history) => againstOrder(history, history.final, rowProblems(history)),
});

function rowProblems({ final, scenario, id }: PromisedJob): string[] {
  const differs = compareRows(scenario.source.rows, final.table ?? []);
  if (differs === null) return [];
  const isSurplus = differs.duplicated + differs.unexpected > 0;
  return id !== null || isSurplus ? describeDifference("the table of the streaming import", differs) : [];
}
