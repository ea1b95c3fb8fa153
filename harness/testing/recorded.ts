import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What the JSON files of a folder record, by row and column: what is new brings a file of its own. */
export function recorded<T>(folder: string): Record<string, Record<string, T>> {
  const rows: Record<string, Record<string, T>> = {};
  for (const file of readdirSync(folder).toSorted()) {
    const found = JSON.parse(readFileSync(join(folder, file), "utf8")) as typeof rows;
    for (const [row, columns] of Object.entries(found)) {
      const known = rows[row] ?? {};
      const twice = Object.keys(columns).filter((column) => Object.hasOwn(known, column));
      if (twice.length > 0)
        throw new Error(`${join(folder, file)}: ${row} ${twice.join(", ")} is recorded twice`);
      rows[row] = { ...known, ...columns };
    }
  }
  return rows;
}
