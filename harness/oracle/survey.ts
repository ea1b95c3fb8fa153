import type { RowDataPacket } from "mysql2/promise";
import type { Column } from "../../contracts/values.ts";
import type { Content, Survey, Thing } from "../world/world.ts";
import { type MysqlAccess, quote } from "./mysql.ts";

/** Looks at whole databases of a MySQL server: what is there, in which form, and a checksum of what it holds. */

/** The tables of these databases by `database.table`, but those that are to be passed over. */
export async function surveyTables(
  access: MysqlAccess,
  databases: readonly string[],
  isPassedOver: (table: string) => boolean = () => false,
): Promise<Survey> {
  if (databases.length === 0) return new Map();
  const [columns, keys] = await Promise.all([
    access.query(
      "SELECT table_schema AS db, table_name AS name, column_name AS col, data_type AS type, numeric_precision AS digits, numeric_scale AS scale FROM information_schema.columns WHERE table_schema IN (?) ORDER BY db, name, ordinal_position",
      [databases],
    ),
    access.query(
      "SELECT table_schema AS db, table_name AS name, GROUP_CONCAT(column_name ORDER BY seq_in_index) AS cols FROM information_schema.statistics WHERE table_schema IN (?) AND non_unique = 0 GROUP BY db, name, index_name ORDER BY cols",
      [databases],
    ),
  ]);
  const columnsOf = Map.groupBy(
    columns.filter(({ name }) => !isPassedOver(String(name))),
    placeOf,
  );
  const keysOf = Map.groupBy(keys, placeOf);
  const sums = await checksums(
    access,
    [...columnsOf.values()].map(([first]) => first as RowDataPacket),
  );
  return new Map(
    [...columnsOf].map(([place, found]): [string, Thing] => {
      const content: Content = {
        columns: found.map((column): Column => [String(column["col"]), typeOf(column)]),
        keys: (keysOf.get(place) ?? []).map(({ cols }) => String(cols)),
      };
      return [place, { what: "table", mark: JSON.stringify([content, sums.get(place)]), content }];
    }),
  );
}

const placeOf = ({ db, name }: RowDataPacket): string => `${db}.${name}`;

/** Sums over the rows of each table, whatever their order. */
async function checksums(
  access: MysqlAccess,
  tables: readonly RowDataPacket[],
): Promise<Map<string, unknown>> {
  if (tables.length === 0) return new Map();
  const names = tables.map(({ db, name }) => `${quote(String(db))}.${quote(String(name))}`);
  const found = await access.query(`CHECKSUM TABLE ${names.join(", ")}`);
  return new Map(found.map(({ Table, Checksum }) => [String(Table), Checksum]));
}

/** Of a table, and of its database. */
const goneCodes: readonly string[] = ["ER_NO_SUCH_TABLE", "ER_BAD_DB_ERROR"];

/** How many rows a table holds; undefined if it is gone by now. */
export async function countRows(
  access: MysqlAccess,
  database: string,
  table: string,
): Promise<number | undefined> {
  try {
    const [row] = await access.query(`SELECT COUNT(*) AS n FROM ${quote(database)}.${quote(table)}`);
    return Number(row?.["n"]);
  } catch (error) {
    if (goneCodes.includes(String((error as { code?: unknown }).code))) return undefined;
    throw error;
  }
}

/** Who changes rows about a table of a customer: jobs that stream into it, or all jobs that change its rows. */
export type Changer = "streams" | "jobs";

/** By what rows of a table are a job's: its id in a column, or the tables that they are about; null: by nothing. */
export type Belonging = string | { tables: string; by: Changer } | null;

/** Whose rows may come and go. */
export interface Known {
  jobs: readonly string[];
  /** Whether one of them changes rows about this table of a customer. */
  isChanged?: (by: Changer, account: string, database: string, table: string) => boolean;
}

/**
 * Tables of the system's own: those rows that are of none of the known jobs, or all where no job changes them. A table
 * that is not there is left out: a migration or a worker may make it later.
 */
export async function surveyOwn(
  access: MysqlAccess,
  own: Readonly<Record<string, Belonging>>,
  known: Known,
): Promise<Survey> {
  const places = await thoseThere(access, Object.keys(own));
  const surveyed = places.map(async (place): Promise<[string, Thing]> => {
    const belonging = own[place] ?? null;
    const table = place.split(".").map(quote).join(".");
    if (belonging === null) {
      const [sum] = await access.query(`CHECKSUM TABLE ${table}`);
      return [place, { what: "other", mark: JSON.stringify(sum?.["Checksum"]), content: {} }];
    }
    const others = await othersIn(access, table, belonging, known);
    return [
      place,
      { what: "other", mark: JSON.stringify(others.toSorted()), content: { rows: others.length } },
    ];
  });
  return new Map(await Promise.all(surveyed));
}

/** What rows of a table are about that are of none of the known jobs. */
async function othersIn(
  access: MysqlAccess,
  table: string,
  belonging: Exclude<Belonging, null>,
  { jobs, isChanged = () => false }: Known,
): Promise<string[]> {
  if (typeof belonging === "string") {
    const column = quote(belonging);
    const found = await access.query(
      `SELECT DISTINCT ${column} AS job FROM ${table} WHERE ${column} IS NOT NULL`,
    );
    return found.map(({ job }) => String(job)).filter((job) => !jobs.includes(job));
  }
  const { tables, by } = belonging;
  const found = await aboutTables(access, table, tables);
  const isKnown = ({ account, database, name, job }: RowDataPacket) =>
    name !== null &&
    ((job != null && jobs.includes(String(job))) ||
      isChanged(by, String(account), String(database), String(name)));
  return found
    .filter((one) => !isKnown(one))
    .map(({ account, database, name }) => JSON.stringify([account, database, name]));
}

/** A system before a migration may lack a table that `sql` reads too: then no row here is about anything, if none is here. */
async function aboutTables(access: MysqlAccess, table: string, sql: string): Promise<RowDataPacket[]> {
  try {
    return await access.query(sql);
  } catch (error) {
    if ((error as { code?: string }).code !== "ER_NO_SUCH_TABLE") throw error;
    const rows = await access.query(`SELECT 1 FROM ${table} LIMIT 1`);
    if (rows.length > 0) throw error;
    return [];
  }
}

async function thoseThere(access: MysqlAccess, places: readonly string[]): Promise<string[]> {
  if (places.length === 0) return [];
  const found = await access.query(
    "SELECT table_schema AS db, table_name AS name FROM information_schema.tables WHERE CONCAT(table_schema, '.', table_name) IN (?)",
    [places],
  );
  const there = new Set(found.map(placeOf));
  return places.filter((place) => there.has(place));
}

/** Each user with its rights, and the databases. */
export async function surveyServer(access: MysqlAccess): Promise<Survey> {
  const { rights } = await access.known();
  const [databases, ...tables] = await Promise.all([
    access.query("SELECT schema_name AS name FROM information_schema.schemata"),
    ...rights.map((name) => access.query(`SELECT * FROM mysql.${name}`)),
  ]);
  const rows = tables.flatMap((found, index) => found.map((row) => rightIn(String(rights[index]), row)));
  return new Map([
    ...[...Map.groupBy(rows, ({ user }) => user)].map(([user, its]): [string, Thing] => [
      `user ${user}`,
      named(JSON.stringify(its.map(({ mark }) => mark).toSorted())),
    ]),
    ...databases.map(({ name }): [string, Thing] => [`database ${name}`, named("")]),
  ]);
}

/** The user whom a row gives a right, and the right. A restarted server grants rights anew: their time is left out. */
function rightIn(table: string, row: RowDataPacket): { user: string; mark: string } {
  const { timestamp: _, ...fields } = Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const of = (name: string) => String(fields[name] ?? fields[`to_${name}`]);
  return { user: `'${of("user")}'@'${of("host")}'`, mark: JSON.stringify([table, fields]) };
}

/** Locks that are held by name; null where the server keeps no list of them. */
export async function surveyLocks(access: MysqlAccess): Promise<Survey | null> {
  const [kept] = await access.query("SELECT @@performance_schema AS schema_is_on");
  if (Number(kept?.["schema_is_on"]) !== 1) return null;
  const locks = await access.query(
    "SELECT object_name AS name FROM performance_schema.metadata_locks WHERE object_type = 'USER LEVEL LOCK'",
  );
  return new Map(locks.map(({ name }): [string, Thing] => [String(name), named("")]));
}

const named = (mark: string): Thing => ({ what: "other", mark, content: {} });

/** As results name it. */
function typeOf({ type: given, digits, scale }: RowDataPacket): string {
  const type = String(given);
  if (type.endsWith("int")) return "bigint";
  if (/^(double|float)$/.test(type)) return "double";
  if (/(text|char)$/.test(type)) return "string";
  if (type === "decimal") return `decimal(${digits},${scale})`;
  return type === "datetime" ? "timestamp" : type;
}
