import type { MysqlAccess } from "./mysql.ts";

/** SQL that puts rows into the API's database; with `table`, only where the release has that table, as `database.table`. */
export type Filling = string | { table: string; sql: string };

/** Puts rows into the API's database, as the config says. */
export async function fill(access: MysqlAccess, statements: readonly Filling[]): Promise<void> {
  for (const one of statements) {
    const { table, sql } = typeof one === "string" ? { table: null, sql: one } : one;
    if (table === null || (await isThere(access, table))) await access.query(sql);
  }
}

async function isThere(access: MysqlAccess, table: string): Promise<boolean> {
  const named = "SELECT 1 FROM information_schema.tables WHERE CONCAT(table_schema, '.', table_name) = ?";
  return (await access.query(named, [table])).length > 0;
}
