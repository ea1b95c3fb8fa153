import type { TableSizes } from "../config/table-sizes.ts";
import { InfrastructureError, reasonOf } from "../errors.ts";
import { quote } from "../oracle/mysql.ts";
import { refusal, type Session } from "./session.ts";
import type { Table } from "./table.ts";

type Asked = Pick<Session, "query">;

/** Every table of the schemas, by `schema.table`. */
export async function tablesOf(session: Asked, { rows }: TableSizes): Promise<Map<string, Table>> {
  const schemas = Object.keys(rows);
  await session.query("SET SESSION information_schema_stats_expiry = 0").catch(refusal);
  const found = await session.query(
    "SELECT TABLE_SCHEMA AS s, TABLE_NAME AS t, TABLE_ROWS AS n FROM information_schema.tables WHERE TABLE_SCHEMA IN (?) AND TABLE_TYPE = 'BASE TABLE'",
    [schemas],
  );
  const parts = await session.query(
    "SELECT TABLE_SCHEMA AS s, TABLE_NAME AS t, COUNT(PARTITION_NAME) AS n FROM information_schema.partitions WHERE TABLE_SCHEMA IN (?) GROUP BY 1, 2",
    [schemas],
  );
  const indexed = await session.query(
    "SELECT TABLE_SCHEMA AS s, TABLE_NAME AS t, INDEX_NAME AS i, COLUMN_NAME AS c, st.* FROM information_schema.statistics st WHERE TABLE_SCHEMA IN (?) AND INDEX_TYPE NOT IN ('FULLTEXT', 'SPATIAL') ORDER BY 1, 2, 3, SEQ_IN_INDEX",
    [schemas],
  );
  const tables = new Map<string, Table>();
  for (const { s, t, n } of found) {
    const own = indexed.filter((row) => row["s"] === s && row["t"] === t && row["IS_VISIBLE"] !== "NO");
    tables.set(`${s}.${t}`, {
      place: [s, t],
      declared: rows[s]?.[t] ?? null,
      believed: Number(n),
      held: await heldIn(session, s, t),
      partitions: Math.max(1, Number(parts.find((row) => row["s"] === s && row["t"] === t)?.["n"] ?? 1)),
      indices: Object.fromEntries(
        [...Map.groupBy(own, (row) => String(row["i"]))].map(([index, of]) => [
          index,
          // The key part of an expression has no name.
          of.map((row) => String(row["c"] ?? "")),
        ]),
      ),
    });
  }
  return tables;
}

async function heldIn(session: Asked, schema: string, table: string): Promise<number> {
  const [row] = await session.query("SELECT COUNT(*) AS n FROM ??.??", [schema, table]);
  return Number(row?.["n"]);
}

/**
 * Lets the optimizer take each table to have as many rows as are declared; of one that has them the statistics are taken
 * anew. @returns what could not be done, and what puts the statistics back
 */
export async function pretend(session: Asked, tables: ReadonlyMap<string, Table>) {
  /** What puts back what was changed, the newest last. */
  const kept: (() => Promise<unknown>)[] = [];
  /** The tables whose statistics the optimizer was told. */
  const told: Table["place"][] = [];
  const troubles: string[] = [];
  const attempt = async (what: string, act: () => Promise<unknown>): Promise<boolean> => {
    try {
      await act();
      return true;
    } catch (error) {
      troubles.push(`${what}: ${refusal(error)}`);
      return false;
    }
  };
  for (const [name, { place, declared, partitions }] of tables) {
    // Else the server may count them anew while statements are explained.
    await attempt(`${name} cannot be analysed`, () => session.query("ANALYZE TABLE ??.??", place));
    if (declared === null || declared === 0) continue;
    await attempt(`the statistics of ${name} cannot be set`, () =>
      setStatistics(session, place, Math.ceil(declared / partitions), kept),
    );
    const isTold = await attempt(`the statistics of ${name} cannot be made known`, () =>
      session.query("FLUSH TABLES ??.??", place),
    );
    if (isTold) told.push(place);
  }
  /** All that can be put back is; throws InfrastructureError where something could not. */
  const restore = async () => {
    const lost: unknown[] = [];
    for (const put of kept.reverse()) await put().catch((error: unknown) => lost.push(error));
    for (const place of told)
      await session.query("FLUSH TABLES ??.??", place).catch((error: unknown) => lost.push(error));
    if (lost.length > 0) throw notRestored(told, lost[0]);
  };
  return { troubles, restore };
}

const notRestored = (places: readonly Table["place"][], error: unknown): InfrastructureError =>
  new InfrastructureError(
    {
      component: "MySQL",
      expected: "its optimizer's statistics to be put back as they were",
      happened: reasonOf(error),
      next: `take them anew: ANALYZE TABLE ${places.map((place) => place.map(quote).join(".")).join(", ")}`,
    },
    error,
  );

/** A table of partitions has rows of statistics for each of them. */
const ofTable =
  "database_name = ? AND (table_name = ? OR LOWER(table_name) LIKE CONCAT(LOWER(REPLACE(REPLACE(?, '_', '!_'), '%', '!%')), '#p#%') ESCAPE '!')";

async function setStatistics(
  session: Asked,
  [schema, table]: readonly string[],
  rows: number,
  kept: (() => Promise<unknown>)[],
): Promise<void> {
  const place = [schema, table, table];
  const was = await session.query(
    `SELECT database_name AS d, table_name AS t, n_rows AS n, clustered_index_size AS c FROM mysql.innodb_table_stats WHERE ${ofTable} AND n_rows < ?`,
    [...place, rows],
  );
  for (const { d, t, n, c } of was) {
    const indices = await session.query(
      "SELECT index_name AS i, stat_name AS s, stat_value AS v FROM mysql.innodb_index_stats WHERE database_name = ? AND table_name = ? AND stat_name LIKE 'n\\_diff%'",
      [d, t],
    );
    const put = (count: unknown, pages: unknown) =>
      session.query(
        "UPDATE mysql.innodb_table_stats SET n_rows = ?, clustered_index_size = ? WHERE database_name = ? AND table_name = ?",
        [count, pages, d, t],
      );
    const putIndex = (i: unknown, s: unknown, v: unknown) =>
      session.query(
        "UPDATE mysql.innodb_index_stats SET stat_value = ? WHERE database_name = ? AND table_name = ? AND index_name = ? AND stat_name = ?",
        [v, d, t, i, s],
      );
    kept.push(() => put(n, c));
    await put(rows, Math.max(Number(c), Math.ceil(rows / rowsOfPage)));
    for (const { i, s, v } of indices) {
      kept.push(() => putIndex(i, s, v));
      // As many different values for so many rows as there are now; of an empty table nothing is known.
      await putIndex(i, s, Number(n) === 0 ? rows : Math.max(1, Math.round((Number(v) / Number(n)) * rows)));
    }
  }
}

const rowsOfPage = 100;
