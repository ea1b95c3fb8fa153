import { once } from "node:events";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { mysqlModes } from "../../contracts/destinations/mysql.ts";
import { type Row, rows } from "../../contracts/values.ts";
import { initFile } from "../oracle/init-file.ts";
import type { MysqlAccess } from "../oracle/mysql.ts";
import {
  destinationKind,
  hostAndPort,
  type Landed,
  type OpenDestination,
  type Source,
  simulatedHost,
  unreadable,
} from "./destination.ts";

/** A table of a MySQL server. */

const output = z
  .strictObject({
    kind: z.literal("mysql"),
    mode: z.enum(mysqlModes),
    /** Columns by which mode `update` knows a row. */
    unique: z.array(z.string().min(1)).min(1).readonly().optional(),
    /** Rows of the table before the job; without them there is no table. */
    before: rows.optional(),
  })
  .refine(({ mode, unique }) => (mode === "update") === (unique !== undefined), {
    path: ["unique"],
    error: "names the columns by which mode update knows a row, and stands with that mode alone",
  });
type Output = z.output<typeof output>;

const account = z.strictObject({ user: z.string().min(1), password: z.string() });
const component = {
  /** SQL that is run by a server that the run starts from an image. */
  init: z.string().optional(),
  /** Reads the tables and makes those that are there before a job. */
  oracle: account,
  /** Writes, in the customer's name. */
  writer: account,
  database: z.string().min(1),
  /** False where the server has no binary log, or none that the oracle is to read. */
  binlog: z.boolean().optional(),
  /** Tables that workers keep there for themselves, with the column that holds the id of a row's job. */
  own: z.record(z.string(), z.string().nullable()).optional(),
};
type Server = z.output<z.ZodObject<typeof component>>;

/** Every part that a customer must escape is there. */
const simulated = { database: "mart", writer: { user: "writer@mart", password: "p@s:w/ö?#&+ %25%" } };

function urlAt(
  host: string,
  { mode, unique = [] }: Output,
  target: string,
  { database, writer: { user, password } }: Pick<Server, "database" | "writer">,
): string {
  const login = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  const columns = unique.length === 0 ? "" : `&unique=${unique.map(encodeURIComponent).join(",")}`;
  return `mysql://${login}@${host}/${database}/${target}?mode=${mode}${columns}`;
}

export const mysql = destinationKind({
  output,
  component,
  protocol: "tcp",
  start: ({ init }) => ({ files: initFile(init), port: 3306 }),
  async greet(at, { oracle }, signal) {
    const { leave, MysqlAccess } = await driver();
    const access = new MysqlAccess(at, oracle);
    try {
      await Promise.race([access.query("SELECT 1"), aborted(signal)]);
    } finally {
      await leave(access);
    }
  },
  readiness: ({ oracle }) => `the account ${oracle.user} to log in and get an answer`,
  secrets: ({ oracle, writer }) => [oracle.password, writer.password],
  url: (output, target, at, server) => urlAt(hostAndPort(at), output, target, server),
  simulatedUrl: (output, target) => urlAt(simulatedHost, output, target, simulated),
  plainest: { kind: "mysql", mode: "append" },
  refusing: null,
  async deliver({ unique }, target, { columns, rows: data }, { at, server: { database, writer } }) {
    const { leave, MysqlAccess } = await driver();
    const access = new MysqlAccess(at, writer);
    try {
      await access.createTable(database, target, { columns, rows: data, unique });
    } finally {
      await leave(access);
    }
  },
  async prepare({ before, unique }, target, { columns }, open) {
    if (before === undefined) return;
    const access = await accessTo(open);
    await access.createTable(open.server.database, target, { columns, rows: before, unique });
  },
  async read(_, target, { columns }, open) {
    return landed(await rowsOf(target, columns, open));
  },
  place: (settings) => ("table" in settings ? `${settings.database}.${settings.table}` : ""),
  async survey(open, { isPassedOver, jobs }) {
    const { database, own = {} } = open.server;
    const [access, { surveyOwn, surveyTables }] = await Promise.all([accessTo(open), surveyor()]);
    const tables = await surveyTables(
      access,
      [database],
      (name) => isPassedOver(name) || Object.hasOwn(own, name),
    );
    const kept = Object.fromEntries(
      Object.entries(own).map(([name, column]) => [`${database}.${name}`, column]),
    );
    // Workers make them when they need them: one without rows of others is as good as none.
    const others = [...(await surveyOwn(access, kept, { jobs }))].filter(
      ([, { content }]) => content.rows !== 0,
    );
    return new Map([...tables, ...others]);
  },
  async log(open) {
    const { binlog = true, oracle, database, own = {} } = open.server;
    if (!binlog) return null;
    const databases = "image" in open.server ? {} : { databases: [database] };
    const access = await accessTo(open);
    return { server: open.at, account: oracle, access, own: Object.keys(own), ...databases };
  },
  meanwhile: ({ mode, before = [] }, { rows }) => ({
    keeps: before.length === 0 && mode === "append" ? "nothing" : keptBy[mode],
    equalRows: rows.filter((row) => before.some((old) => isDeepStrictEqual(row, old))).length,
    isOnce: mode === "append",
  }),
  after: (output, source, deliveries) =>
    landed(
      deliveries.reduce(
        (table, delivery) => written(output, source, table, delivery.rows),
        output.before ?? [],
      ),
    ),
});

/** What has to stay there all the time, by mode. */
const keptBy = { append: "rows", update: "other rows", truncate: "table", replace: "nothing" } as const;

const landed = (table: readonly Row[]): Landed => ({ rows: table, deliveries: null });

async function aborted(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, "abort");
  throw signal.reason;
}

async function rowsOf(
  target: string,
  columns: Source["columns"],
  open: OpenDestination<Server>,
): Promise<readonly Row[]> {
  try {
    const access = await accessTo(open);
    return (await access.rows(open.server.database, target, columns)) ?? [];
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === "ER_BAD_FIELD_ERROR") return [unreadable(message)];
    throw error;
  }
}

/** Loaded when it is needed: reading a config needs it not, and would take twice as long. */
const driver = () => import("../oracle/mysql.ts");

const surveyor = () => import("../oracle/survey.ts");

const accesses = new WeakMap<OpenDestination<Server>, Promise<MysqlAccess>>();

/** One way in for as long as the destination runs. */
function accessTo(destination: OpenDestination<Server>): Promise<MysqlAccess> {
  const known = accesses.get(destination);
  if (known !== undefined) return known;
  const opened = openAccess(destination);
  accesses.set(destination, opened);
  return opened;
}

async function openAccess({ at, server, stack }: OpenDestination<Server>): Promise<MysqlAccess> {
  const { leave, MysqlAccess } = await driver();
  const access = new MysqlAccess(at, server.oracle);
  stack.defer(() => leave(access));
  return access;
}

/** The table after one delivery. */
function written(
  { mode, unique = [] }: Output,
  { columns }: Source,
  table: readonly Row[],
  more: readonly Row[],
): readonly Row[] {
  switch (mode) {
    case "append":
      return [...table, ...more];
    case "replace":
    case "truncate":
      return more;
    case "update":
      return upserted(
        table,
        more,
        unique.map((name) => columns.findIndex(([column]) => column === name)),
      );
  }
}

/** `key`: places of the columns by which a row is known. */
function upserted(table: readonly Row[], more: readonly Row[], key: readonly number[]): readonly Row[] {
  const keyOf = (row: Row) => JSON.stringify(key.map((place) => row[place]));
  return [...new Map([...table, ...more].map((row) => [keyOf(row), row])).values()];
}
