import type { Scenario } from "../../harness/schedule/scenario.ts";
import { trades } from "./sources.ts";

/** A session of Bulk Import. It is no cell of the matrix yet; suites/status-sync/bulk-import.test.ts tries it. */
export const bulkImport: Scenario = {
  name: "bulk-import",
  source: trades,
  statement: { kind: "bulk-import" },
  output: null,
  engines: ["hive-cdh4", "hive-hdp2"],
  ending: "success",
  promise: "the rows of the parts are in the table once",
};
