import { rowsAfter } from "../schedule/scenario.ts";
import { statementOf } from "../schedule/statements.ts";
import { compareRows } from "../world/rows.ts";
import { againstOrder, ofPromise } from "./invariant.ts";

export const atMostOneEffect = ofPromise({
  id: "I2",
  name: "at most one effect",
  definition: "However often a job is tried, what it does to the warehouse is done at most once.",
  applies: ({ final, scenario }) =>
    (final.table?.length ?? 0) > 0 && statementOf(scenario.statement).effect !== "streams",
  witnesses: (history) => {
    const { final, scenario } = history;
    const rows = rowsAfter(scenario);
    const duplicated = compareRows(rows, final.table ?? [])?.duplicated ?? 0;
    return duplicated === 0
      ? []
      : againstOrder(history, final, [
          `the table holds ${final.table?.length} rows where the statement yields ${rows.length}`,
        ]);
  },
});
