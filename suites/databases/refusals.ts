import type { Difference } from "./difference.ts";
import { twoRows, unknownVariable } from "./tables.ts";

const deadlock = "1213 40001 Deadlock found when trying to get lock; try restarting transaction";
const lockWait = "1205 HY000 Lock wait timeout exceeded; try restarting transaction";
const readOnly = (name: string) =>
  `1290 HY000 The ${name} server is running with the --read-only option so it cannot execute this statement`;

/** A reads, B changes what A has read, A changes it too. */
const changedSince: Difference["steps"] = [
  ["a", "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ"],
  ["a", "START TRANSACTION"],
  ["a", "SELECT n FROM t"],
  ["b", "UPDATE t SET n = 5 WHERE id = 1"],
  ["a", "UPDATE t SET n = n + 1 WHERE id = 1"],
];

/** What a server refuses under load or in trouble. */
export const refusals: readonly Difference[] = [
  {
    about: "a deadlock, of which B loses",
    steps: [
      ...twoRows,
      ["a", "START TRANSACTION"],
      ["b", "START TRANSACTION"],
      // More rows, so that it is not the one to lose.
      ["a", "UPDATE t SET n = 1 WHERE id = 1"],
      ["a", "INSERT INTO t VALUES (3, 'three', 0), (4, 'four', 0), (5, 'five', 0)"],
      ["b", "UPDATE t SET n = 1 WHERE id = 2"],
      ["a~", "UPDATE t SET n = 1 WHERE id = 2"],
      ["b", "UPDATE t SET n = 1 WHERE id = 1"],
    ],
    says: `ok; ${deadlock}`,
    follows: "the store runs the transaction again, three times at most",
  },
  {
    about: "a lock wait",
    steps: [
      ...twoRows,
      ["a", "START TRANSACTION"],
      ["a", "UPDATE t SET n = 1 WHERE id = 1"],
      ["b", "SET SESSION innodb_lock_wait_timeout = 1"],
      ["b", "UPDATE t SET n = 1 WHERE id = 1"],
    ],
    says: lockWait,
    follows: "as a deadlock",
  },
  {
    about: "a locked row, with NOWAIT",
    steps: [
      ...twoRows,
      ["a", "START TRANSACTION"],
      ["a", "SELECT n FROM t WHERE id = 1 FOR UPDATE"],
      ["b", "SELECT n FROM t WHERE id = 1 FOR UPDATE NOWAIT"],
    ],
    says: {
      mysql:
        "3572 HY000 Statement aborted because lock(s) could not be acquired immediately and NOWAIT is set.",
      mariadb: lockWait,
    },
    follows: "ours does without",
  },
  {
    about: "locked rows, with SKIP LOCKED",
    steps: [
      ...twoRows,
      ["a", "START TRANSACTION"],
      ["a", "SELECT n FROM t WHERE id = 1 FOR UPDATE"],
      ["b", "SELECT id FROM t ORDER BY id FOR UPDATE SKIP LOCKED"],
    ],
    says: "2",
    follows: "claims and the archive go by it",
  },
  {
    about: "a row changed since a REPEATABLE READ looked",
    steps: [...twoRows, ...changedSince],
    says: "ok",
    follows: "nothing",
  },
  {
    about: "the same where `innodb_snapshot_isolation` is on, which MySQL does not have",
    steps: [
      ...twoRows,
      ["a", { mysql: "SELECT 1", mariadb: "SET SESSION innodb_snapshot_isolation = ON" }],
      ...changedSince,
    ],
    says: {
      mysql: "ok",
      mariadb: "1020 HY000 Record has changed since last read in table 't'; try restarting transaction",
    },
    follows: "nothing: off by default, and ours is READ COMMITTED",
  },
  {
    about: "a write to a server that only reads",
    steps: [
      ...twoRows,
      ["a", "SET GLOBAL read_only = ON"],
      ["plain", "INSERT INTO asked.t VALUES (3, 'three', 0)"],
    ],
    says: { mysql: readOnly("MySQL"), mariadb: readOnly("MariaDB") },
    follows: "known by the number; the API gives the connection up, and a new one finds the new primary",
  },
  {
    about: "`super_read_only`",
    steps: [["a", "SELECT @@super_read_only"]],
    says: { mysql: "0", mariadb: unknownVariable("super_read_only") },
    follows: "the promotion of [2017-10-23](incidents.md) goes by it, on MySQL alone",
  },
  {
    about: "a table without room",
    steps: [
      ["a", "SET SESSION max_heap_table_size = 16384"],
      ["a", "CREATE TABLE small (text CHAR(250)) ENGINE = MEMORY"],
      [
        "a",
        "INSERT INTO small WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 500) SELECT 'x' FROM n",
      ],
    ],
    says: "1114 HY000 The table 'small' is full",
    follows: "503 with `Retry-After`",
  },
  {
    about: "one connection too many",
    steps: [["a", "SET GLOBAL max_connections = 10"], ["full"]],
    says: "1040 08004 Too many connections",
    follows: "503 with `Retry-After`",
  },
  {
    about: "a name that is taken",
    steps: [...twoRows, ["a", "INSERT INTO t VALUES (3, 'one', 0)"]],
    says: {
      mysql: "1062 23000 Duplicate entry 'one' for key 't.name'",
      mariadb: "1062 23000 Duplicate entry 'one' for key 'name'",
    },
    follows: "the store knows the key by both names: else a conflict (409) would be a fault of the API (500)",
  },
  {
    about: "a SELECT that takes too long",
    steps: [
      [
        "a",
        { mysql: "SET SESSION max_execution_time = 50", mariadb: "SET SESSION max_statement_time = 0.05" },
      ],
      [
        "a",
        "SELECT COUNT(*) FROM information_schema.collations a, information_schema.collations b, information_schema.collations c, information_schema.collations d",
      ],
    ],
    says: {
      mysql: "3024 HY000 Query execution was interrupted, maximum statement execution time exceeded",
      mariadb: "1969 70100 Query execution was interrupted (max_statement_time exceeded)",
    },
    follows: "both are `timeout` in the store",
  },
];
