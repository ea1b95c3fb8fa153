import type { Config } from "../../../config/config.ts";
import { reasonOf } from "../../../errors.ts";
import { now } from "../../../now.ts";
import { type LogPlace, logEnd, readLog } from "../../../oracle/binlog.ts";
import { leave, MysqlAccess, quote, type Server } from "../../../oracle/mysql.ts";
import { surveyLocks, surveyServer } from "../../../oracle/survey.ts";
import type { Tried } from "../asked.ts";
import type { MysqlFacts } from "../mysql.ts";
import { customersOf } from "./api.ts";
import { tried, troubleOf } from "./reach.ts";

/** A MySQL server that is up, by the accounts of the config. */
export interface MysqlReach {
  config: Config;
  at: Server;
  oracle: MysqlAccess;
  loader: MysqlAccess;
  /** A name that no table has. */
  table: string;
  /** Puts in what the scenarios read. */
  prepareSources: () => Promise<void>;
}

export async function lookAtMysql(reach: MysqlReach): Promise<MysqlFacts> {
  const { config, oracle } = reach;
  const log = config.mysql.world.binlog ? await logEnd(oracle).catch(reasonOf) : undefined;
  const [{ version, aheadMs }, warehouses, filled] = await Promise.all([
    about(oracle),
    lookForWarehouses(reach),
    Promise.all(warehousesOf(config).map(({ what, schema }) => tried(what, () => fill(reach, schema)))),
  ]);
  const own = await ownThere(reach);
  const isFilled = filled.some(({ trouble }) => trouble === null);
  const [followed, sources, rights, locks, read, writable, accounts] = await Promise.all([
    typeof log === "object" && isFilled ? troubleOf(() => follow(reach, log)) : undefined,
    troubleOf(reach.prepareSources),
    "image" in config.mysql ? troubleOf(() => surveyServer(oracle)) : undefined,
    surveyLocks(oracle).catch(() => null),
    Promise.all(own.map((name) => tried(name, () => oracle.query(`SELECT 1 FROM ${placed(name)} LIMIT 1`)))),
    writableOf(oracle, own),
    lookAtAccounts(reach),
  ]);
  return {
    version,
    aheadMs,
    log: typeof log === "object" ? null : log,
    followed,
    keepsLocks: locks !== null,
    rights,
    warehouses,
    filled,
    sources,
    read,
    writable,
    accounts,
  };
}

/** A name as `database.table` has it. */
export const placed = (name: string): string => name.split(".").map(quote).join(".");

async function about(oracle: MysqlAccess): Promise<{ version: string; aheadMs: number }> {
  const before = now();
  const [row] = await oracle.query("SELECT VERSION() AS version, UNIX_TIMESTAMP(NOW(6)) AS clock");
  return {
    version: String(row?.["version"]),
    aheadMs: Math.round(Number(row?.["clock"]) * 1000 - (before + now()) / 2),
  };
}

const warehousesOf = (config: Config) =>
  customersOf({ config }).map(([cluster, { account, database }]) => {
    const schema = config.mysql.warehouse(account, database);
    return { what: `${cluster}: ${schema}`, schema };
  });

async function lookForWarehouses({ config, oracle }: MysqlReach): Promise<Tried[]> {
  const found = await oracle.query("SELECT schema_name AS name FROM information_schema.schemata");
  const there = new Set(found.map(({ name }) => String(name)));
  return warehousesOf(config).map(({ what, schema }) => ({
    what,
    trouble: there.has(schema) ? null : "the oracle sees no such schema",
  }));
}

/** Makes a table, reads it as the oracle, and drops it. */
async function fill({ oracle, loader, table }: MysqlReach, schema: string): Promise<void> {
  await loader.createTable(schema, table, { columns: [["id", "bigint"]], rows: [[1]] });
  try {
    const rows = await oracle.rows(schema, table, [["id", "bigint"]]);
    if (rows?.length !== 1)
      throw new Error(`the oracle sees ${rows?.length ?? "no table and no"} rows of one`);
  } finally {
    await loader.query(`DROP TABLE ${quote(schema)}.${quote(table)}`);
  }
}

/** The log up to now must tell of the table that `fill` made. */
async function follow({ config, at, oracle, table }: MysqlReach, from: LogPlace): Promise<void> {
  const to = await logEnd(oracle);
  if (typeof to === "string") throw new Error(to);
  const acts = await readLog({ access: oracle, server: at, account: config.mysql.oracle }, from, to);
  const isOurs = acts.some((act) => JSON.stringify(act).includes(table));
  if (!isOurs) throw new Error("it does not tell of a table that the loader has made");
}

/** The tables of `own` that the oracle sees. */
async function ownThere({ config, oracle }: MysqlReach): Promise<string[]> {
  const names = Object.keys(config.mysql.world.own);
  if (names.length === 0) return [];
  const found = await oracle.query(
    "SELECT CONCAT(table_schema, '.', table_name) AS name FROM information_schema.tables WHERE CONCAT(table_schema, '.', table_name) IN (?)",
    [names],
  );
  return found.map(({ name }) => String(name));
}

/** Where a statement that would delete no row is not refused. */
async function writableOf(oracle: MysqlAccess, tables: readonly string[]): Promise<string[]> {
  const refusals = await Promise.all(
    tables.map((name) => troubleOf(() => oracle.query(`DELETE FROM ${placed(name)} WHERE FALSE`))),
  );
  return tables.filter((_, i) => refusals[i] === null);
}

async function lookAtAccounts({ config: { queryPlans, sessions }, at }: MysqlReach): Promise<Tried[]> {
  const logins = [
    ...(queryPlans === undefined ? [] : [{ what: "queryPlans.account", account: queryPlans.account }]),
    ...(sessions === undefined ? [] : [{ what: "sessions.account", account: sessions.account }]),
  ];
  return Promise.all(
    logins.map(async ({ what, account }): Promise<Tried> => {
      const access = new MysqlAccess(at, account);
      try {
        await access.query("SELECT 1");
        return { what, trouble: null };
      } catch (error) {
        return { what, trouble: reasonOf(error) };
      } finally {
        await leave(access);
      }
    }),
  );
}
