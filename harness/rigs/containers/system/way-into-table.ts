import { matchOperation } from "../../../../contracts/exchange.ts";
import { fillPath } from "../../../../contracts/operation.ts";
import { operations } from "../../../../contracts/operations.ts";

/** Up to the table: what stands behind it is the sender's own choice. */
const [path = ""] = operations["table.import_with_id"].path.split("/:unique_id");

/** The place of a table of the service into which something is delivered. */
export const placeOfTable = (database: string, table: string): string => fillPath(path, { database, table });

/** The same of a request; null for one that imports nothing under an id. */
export function wayIntoTable(method: string, url: string): string | null {
  const matched = matchOperation(method, url);
  if (matched?.id !== "table.import_with_id") return null;
  const { database = "", table = "" } = matched.parameters;
  return placeOfTable(database, table);
}
