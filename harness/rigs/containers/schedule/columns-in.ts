import type { Column } from "../../../../contracts/values.ts";

/** Columns as the API stores them, as JSON; what cannot be read is no column. */
export function columnsIn(stored: unknown): Column[] {
  try {
    const columns: unknown = typeof stored === "string" ? JSON.parse(stored) : stored;
    return Array.isArray(columns)
      ? columns.map(
          (column: unknown): Column =>
            Array.isArray(column) ? [String(column[0]), String(column[1])] : [String(column), ""],
        )
      : [];
  } catch {
    return [];
  }
}
