import type { Reply } from "../../../../contracts/in-process.ts";
import type { OperationId } from "../../../../contracts/operations.ts";
import type { Config } from "../../../config/config.ts";
import { reasonOf } from "../../../errors.ts";
import type { Tried } from "../asked.ts";

/** How a system that is up is reached; whoever brings it up provides it. */
export interface Reach {
  config: Config;
  /** What this release of the API does not have: it is not asked for it. */
  lacks: readonly OperationId[];
  /** One call; null where no whole answer came. */
  call: (operation: OperationId, input: Input, authorization: string | null) => Promise<Reply | null>;
  oracle: Query;
  loader: Query;
}

export type Input = Record<string, unknown>;
type Found = Readonly<Record<string, unknown>>;
/** A statement as an account of the config runs it. */
export type Query = (sql: string, values?: readonly unknown[]) => Promise<readonly Found[]>;

/** Null where it could be done, and else why not. */
export async function troubleOf(doing: () => Promise<unknown>): Promise<string | null> {
  try {
    await doing();
    return null;
  } catch (error) {
    return reasonOf(error);
  }
}

export const tried = async (what: string, doing: () => Promise<unknown>): Promise<Tried> => ({
  what,
  trouble: await troubleOf(doing),
});

/** The one row that a statement must give, with these columns. */
export async function oneRow(
  query: Query,
  { sql, values, columns }: { sql: string; values: readonly unknown[]; columns: readonly string[] },
): Promise<Found> {
  const rows = await query(sql, values);
  const [row] = rows;
  if (row === undefined || rows.length > 1) throw new Error(`it gives ${rows.length} rows and not one`);
  const missing = columns.filter((name) => !Object.hasOwn(row, name));
  if (missing.length > 0) throw new Error(`its row has no ${missing.join(", no ")}`);
  return row;
}

/** Whether a statement gives these columns, also where it gives no row. */
export const giveColumns = (query: Query, sql: string, columns: readonly string[]): Promise<unknown> =>
  query(
    `SELECT ${columns.map((name) => `asked.\`${name}\``).join(", ")} FROM (${sql.replace(/;\s*$/, "")}) AS asked LIMIT 1`,
  );
