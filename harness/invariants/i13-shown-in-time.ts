import type { PromisedJob } from "../history/job-history.ts";
import type { TableLook } from "../history/table-looks.ts";
import { statementOf } from "../schedule/statements.ts";
import { between, ofPromise, orderOf, seconds } from "./invariant.ts";

/** Its customer looks at the table once all chunks are acknowledged. */
export const shownInTime = ofPromise({
  id: "I13",
  name: "shown in time",
  definition:
    "A minute after the last trouble is over, a table that is streamed into is shown with the count and the columns of all records that were acknowledged.",
  // One that has seen all of it looks no more.
  applies: (history) => due(history).length > 0 || isSeen(history),
  witnesses: (history) =>
    due(history)
      .flatMap((look) => {
        const lacks = lackOf(history, look);
        return lacks === null
          ? []
          : [between(`its table was shown with ${lacks} ${seconds(look.at)}`, orderOf(history), look)];
      })
      .slice(0, 1),
});

/** Without chunks that were not acknowledged: its customer orders no job then. */
const isTaken = ({ id, scenario }: PromisedJob): boolean =>
  id !== null && statementOf(scenario.statement).effect === "streams";

const isSeen = (history: PromisedJob): boolean =>
  isTaken(history) && history.tableLooks.some((look) => lackOf(history, look) === null);

/** The looks at which all of it must be seen. */
function due(history: PromisedJob): TableLook[] {
  const { tableLooks, troubled, shownWithinMs } = history;
  const [first] = tableLooks;
  if (first === undefined || !isTaken(history)) return [];
  const from = Math.max(first.at, troubled?.to ?? 0);
  return tableLooks.filter(({ sent }) => sent > from + shownWithinMs);
}

function lackOf({ scenario: { source } }: PromisedJob, { count, columns }: TableLook): string | null {
  const { rows } = source;
  if (count < rows.length) return `${count} of ${rows.length} records`;
  const filled = source.columns.filter((_, i) => rows.some((row) => row[i] !== null));
  const missing = filled.find(([name]) => !columns.includes(name));
  return missing === undefined ? null : `no column ${missing[0]}`;
}
