import { createHash } from "node:crypto";
import type { Row } from "./values.ts";

/**
 * What a receipt states about delivered rows: sha256 over each row as JSON and a line feed, in result order.
 * Both generations and the oracle compute it, each from the rows it has in hand.
 */
export function rowsChecksum(rows: Iterable<Row>): string {
  const hash = createHash("sha256");
  for (const row of rows) hash.update(`${JSON.stringify(row)}\n`);
  return hash.digest("hex");
}
