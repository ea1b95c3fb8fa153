import { type Checks, fail, listed, ok, unknown, warn } from "../check.ts";
import { allOf, type Tried } from "./asked.ts";

/** What `mysql.world` declares of the system's own tables, held against the server. */
export interface WorldFacts {
  /** Tables of `own`. */
  tables: readonly Tried[];
  /** The columns that say of which job a row is, in those tables that are there. */
  columns: readonly Tried[];
  /** The statements that say about which tables a row is. */
  statements: readonly Tried[];
  /** Tables of the server that `own` does not name. */
  undeclared: readonly string[];
  /** Databases with tables, none of which `own` names; null where a run reads no log of theirs. */
  unowned: readonly string[] | null;
  /** Why the statement `registered` cannot be used; undefined where the config has none. */
  registered: string | null | undefined;
}

export const worldChecks = {
  "own-tables": {
    expected: "every table that `mysql.world.own` names",
    why: "one that is not there is not compared until a migration or a worker has made it",
    judge: ({ tables }) =>
      allOf(tables, {
        none: "`mysql.world.own` names none",
        health: "warn",
        next: "correct its name or give the oracle SELECT there, where no migration and no worker makes it later",
      }),
  },
  "own-columns": {
    expected: "the column with the job's id in each of them",
    why: "the oracle tells the rows of a run's jobs from all others by it",
    judge: ({ columns }) =>
      allOf(columns, { none: "`mysql.world.own` names no column", next: "correct it in `mysql.world.own`" }),
  },
  "own-statements": {
    expected: "`account`, `database` and `name` from each statement `tables` of `mysql.world.own`",
    why: "the oracle tells by them about which tables a row is",
    judge: ({ statements }) =>
      allOf(statements, { none: "`mysql.world.own` has none", next: "correct it in `mysql.world.own`" }),
  },
  "own-whole": {
    expected: "every table of the system in `mysql.world.own`",
    why: "a run says of all others that they are not compared",
    judge: ({ undeclared }) =>
      undeclared.length === 0
        ? ok("all are")
        : warn(listed(undeclared), "name them there, with the column that holds the job's id, or null"),
  },
  "own-databases": {
    expected: "one table at least of each database of the system in `mysql.world.own`",
    why: "whatever the log tells of another database breaks F: nobody was to do anything there",
    judge: ({ unowned }) => {
      if (unowned === null) return ok("no run reads a log of other databases");
      return unowned.length === 0
        ? ok("there is")
        : fail(listed(unowned), "name tables of it there, or say `binlog: false` in `mysql.world`");
    },
  },
  "registered-columns": {
    expected: "`account`, `database`, `name` and `columns` from `mysql.world.registered`",
    why: "the oracle tells by it which tables the API knows",
    judge: ({ registered }) => {
      if (registered === undefined) return unknown("the config has none");
      return registered === null ? ok("they are there") : fail(registered, "correct it in `mysql.world`");
    },
  },
} as const satisfies Checks<WorldFacts>;
