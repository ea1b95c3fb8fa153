import { type Checks, fail, isVersion, ok, unknown, warn } from "../check.ts";
import { allOf, type Tried } from "./asked.ts";

/** What the accounts of the config may do in the MySQL server that it names, and what the server keeps for them. */
export interface MysqlFacts {
  /** As the server tells it: `9.7.4`, `11.4.2-MariaDB`. */
  version: string;
  /** How far the server's clock is before this machine's. */
  aheadMs: number;
  /** Why its log does not tell of every row; null where it does, undefined where the config says that there is none. */
  log: string | null | undefined;
  /** Why the oracle cannot read what the loader did just now in that log; undefined where there is none to be read. */
  followed: string | null | undefined;
  keepsLocks: boolean;
  /** The server's rights and databases, where it is of the run alone: why the oracle cannot see them. */
  rights: string | null | undefined;
  /** The schemas of the customers' databases. */
  warehouses: readonly Tried[];
  /** The same, where the loader makes a table, fills it, and the oracle reads it. */
  filled: readonly Tried[];
  /** Why the tables that the scenarios read cannot be made; null where they can. */
  sources: string | null;
  /** Tables of `world.own` that are there, read by the oracle. */
  read: readonly Tried[];
  /** Those that it may write to as well. */
  writable: readonly string[];
  /** Logins of `queryPlans` and `sessions`, with what each is for. */
  accounts: readonly Tried[];
}

const easeMs = 1_000;

export const mysqlChecks = {
  "mysql-kind": {
    expected: "MySQL 8.0 or newer",
    why: "the oracle makes tables in a collation that others do not have, and reads their logs as it writes them",
    judge: ({ version }) =>
      isVersion(version, [8, 0]) && !/mariadb/i.test(version)
        ? ok(version)
        : fail(version, "name a server of MySQL itself in `mysql`"),
  },
  "mysql-clock": {
    expected: "the server's clock within a second of this machine's",
    why: "leases are told by the server's clock and waited for by this one",
    judge: ({ aheadMs }) => {
      const told = `${(Math.abs(aheadMs) / 1000).toFixed(1)} s ${aheadMs < 0 ? "behind" : "ahead"}`;
      return Math.abs(aheadMs) < easeMs ? ok(told) : warn(told, "set both by one clock");
    },
  },
  "mysql-log": {
    expected: "a binary log with every row: log_bin, binlog_format ROW, binlog_row_image FULL",
    why: "without it a run does not see what came and went in the meantime",
    judge: ({ log }) => {
      if (log === undefined) return ok("the config says that there is none (`world.binlog`)");
      return log === null
        ? ok("it has every row")
        : warn(log, "start the server with it, as with `command` of `mysql`");
    },
  },
  "oracle-follows": {
    expected: "the oracle to read in that log what the loader does",
    why: "without it a run does not see what came and went in the meantime",
    judge: ({ followed }) => {
      if (followed === undefined)
        return unknown("there is no log with every row, or the loader could do nothing");
      return followed === null
        ? ok("it does")
        : warn(followed, "give its account REPLICATION SLAVE and REPLICATION CLIENT");
    },
  },
  "mysql-locks": {
    expected: "performance_schema to be on in the server",
    why: "without it a run does not see locks that a worker has left behind",
    judge: ({ keepsLocks }) =>
      keepsLocks ? ok("it is") : warn("it is off", "start the server with --performance-schema=ON"),
  },
  "oracle-sees-rights": {
    expected: "the oracle to see the server's users, their rights and all databases",
    why: "without it a run does not see a right that a release gives away",
    judge: ({ rights }) => {
      if (rights === undefined) return ok("the server is not started by a run, so it is not looked at");
      return rights === null ? ok("it does") : warn(rights, "give its account SELECT ON *.*");
    },
  },
  warehouses: {
    expected: "the schema that `mysql.warehouse` names for each customer's database",
    why: "the oracle looks there for what jobs have done",
    judge: ({ warehouses }) =>
      allOf(warehouses, {
        none: "the config names no customers",
        next: "make it with `mysql.init`, or name the right one in `mysql.warehouse`",
      }),
  },
  "loader-fills": {
    expected: "the loader to make, fill and drop a table there, and the oracle to read it",
    why: "what jobs read and fill is put there before they are issued",
    judge: ({ filled }) =>
      allOf(filled, {
        none: "the config names no customers",
        next: "the loader needs SELECT, INSERT, CREATE and DROP there, the oracle SELECT",
      }),
  },
  sources: {
    expected: "the warehouses to take every table that the scenarios read",
    why: "a run puts them in before its first job",
    judge: ({ sources }) =>
      sources === null ? ok("they do") : fail(sources, "mend `source` of that scenario, or free its name"),
  },
  "oracle-reads": {
    expected: "the oracle to read each table of `mysql.world.own` that is there",
    why: "what it cannot read is not compared",
    judge: ({ read }) =>
      allOf(read, { none: "`mysql.world.own` names none", next: "give its account SELECT there" }),
  },
  "oracle-only-reads": {
    expected: "the oracle to be refused to write to these tables",
    why: "an oracle that can write can be thought to have done what a release did",
    judge: ({ writable, read }) => {
      if (read.length === 0) return unknown("`mysql.world.own` names none");
      return writable.length === 0
        ? ok("it is refused")
        : warn(`it may write to ${writable.join(", ")}`, "take INSERT, UPDATE and DELETE from its account");
    },
  },
  "other-accounts": {
    expected: "the accounts of `queryPlans` and `sessions` to log in",
    why: "`query-plans` and `sessions` look at the server by them",
    judge: ({ accounts }) =>
      allOf(accounts, { none: "the config names neither", health: "warn", next: "let that account in" }),
  },
} as const satisfies Checks<MysqlFacts>;
