import type { Difference } from "./difference.ts";
import { noSuchSyntax, twoRows, unknownVariable } from "./tables.ts";

const deprecated =
  "Warning, 1287, 'VALUES function' is deprecated and will be removed in a future release. Please use an alias (INSERT INTO ... VALUES (...) AS alias) and replace VALUES(col) in the ON DUPLICATE KEY UPDATE clause with alias.col instead";

/** What one server does not know, and what both do. */
export const syntax: readonly Difference[] = [
  {
    about: "the collation that compares bytes, spaces at the end too",
    steps: [["a", "CREATE TABLE c (name VARCHAR(20)) COLLATE utf8mb4_0900_bin"]],
    says: { mysql: "ok", mariadb: "1273 HY000 Unknown collation: 'utf8mb4_0900_bin'" },
    follows: "`utf8mb4_nopad_bin` in its place",
  },
  {
    about: "the new row by an alias in ON DUPLICATE KEY UPDATE",
    steps: [...twoRows, ["a", "INSERT INTO t VALUES (1, 'one', 7) AS new ON DUPLICATE KEY UPDATE n = new.n"]],
    says: { mysql: "ok", mariadb: noSuchSyntax("AS") },
    follows: "`VALUES(n)` in its place",
  },
  {
    about: "what SHOW WARNINGS says after VALUES() in ON DUPLICATE KEY UPDATE",
    steps: [
      ...twoRows,
      ["a", "INSERT INTO t VALUES (1, 'one', 7) ON DUPLICATE KEY UPDATE n = VALUES(n)"],
      ["a", "SHOW WARNINGS"],
    ],
    says: { mysql: deprecated, mariadb: "no row" },
    follows: "not for both, therefore",
  },
  {
    about: "what SHOW WARNINGS says after INSERT IGNORE",
    steps: [...twoRows, ["a", "INSERT IGNORE INTO t VALUES (3, 'one', 0)"], ["a", "SHOW WARNINGS"]],
    says: {
      mysql: "Warning, 1062, Duplicate entry 'one' for key 't.name'",
      mariadb: "Warning, 1062, Duplicate entry 'one' for key 'name'",
    },
    follows: "nothing: the ledger of chunks goes by the rows that it changed",
  },
  {
    about: "two tables that change places in one RENAME",
    steps: [
      ...twoRows,
      ["a", "CREATE TABLE u (id INT)"],
      ["a", "RENAME TABLE t TO w, u TO t"],
      ["a", "SELECT COUNT(*) FROM w"],
    ],
    says: "2",
    follows: "a swap of tables and the mode `replace` go by it",
  },
  {
    about: "RENAME of a table that the session has locked",
    steps: [...twoRows, ["a", "LOCK TABLES t WRITE"], ["a", "RENAME TABLE t TO w"]],
    says: {
      mysql: "ok",
      mariadb:
        "1192 HY000 Can't execute the given command because you have active locked tables or an active transaction",
    },
    follows: "ours locks no tables",
  },
  {
    about: "a shared lock by FOR SHARE",
    steps: [...twoRows, ["a", "SELECT n FROM t WHERE id = 1 FOR SHARE"]],
    says: { mysql: "0", mariadb: noSuchSyntax("SHARE") },
    follows: "ours does without",
  },
  {
    about: "LATERAL",
    steps: [...twoRows, ["a", "SELECT s.m FROM t, LATERAL (SELECT t.n + 1 AS m) AS s WHERE t.id = 1"]],
    says: { mysql: "1", mariadb: noSuchSyntax("(SELECT") },
    follows: "a customer's job ends in error",
  },
  {
    about: "a cast to JSON",
    steps: [["a", "SELECT JSON_TYPE(CAST('{}' AS JSON))"]],
    says: { mysql: "OBJECT", mariadb: noSuchSyntax("JSON))") },
    follows: "a customer's job ends in error",
  },
  {
    about: "an index on an expression",
    steps: [...twoRows, ["a", "CREATE INDEX doubled ON t ((n * 2))"]],
    says: { mysql: "ok", mariadb: noSuchSyntax("(n") },
    follows: "ours has none",
  },
  {
    about: "the new rows by RETURNING",
    steps: [...twoRows, ["a", "INSERT INTO t (name, n) VALUES ('three', 0) RETURNING id"]],
    says: { mysql: noSuchSyntax("RETURNING"), mariadb: "3" },
    follows: "ours does without",
  },
  {
    about: "a password that its session cannot change",
    steps: [["a", "ALTER USER plain PASSWORD REQUIRE CURRENT"]],
    says: { mysql: "ok", mariadb: noSuchSyntax("REQUIRE") },
    follows: "the accounts are made without it on MariaDB",
  },
  {
    about: "how a new account is checked",
    steps: [["a", "SELECT plugin FROM mysql.user WHERE user = 'plain'"]],
    says: { mysql: "caching_sha2_password", mariadb: "mysql_native_password" },
    follows: "nothing: the drivers know both",
  },
  {
    about: "the limit of a SELECT by `max_execution_time`",
    steps: [["a", "SELECT @@max_execution_time"]],
    says: { mysql: "0", mariadb: unknownVariable("max_execution_time") },
    follows: "`max_statement_time`, in seconds, in its place",
  },
  {
    about: "the same by `max_statement_time`",
    steps: [["a", "SELECT @@max_statement_time"]],
    says: { mysql: unknownVariable("max_statement_time"), mariadb: "0" },
    follows: "as above",
  },
  {
    about: "a sample of a statement beside its digest",
    steps: [
      ["a", "SELECT COUNT(QUERY_SAMPLE_TEXT) FROM performance_schema.events_statements_summary_by_digest"],
    ],
    says: { mysql: "0", mariadb: "1054 42S22 Unknown column 'QUERY_SAMPLE_TEXT' in 'SELECT'" },
    follows: "the check of query plans says `missing` on MariaDB, with this reason",
  },
  {
    about: "the next id after a restart, the newest row deleted before",
    steps: [
      ...twoRows,
      ["a", "DELETE FROM t WHERE id = 2"],
      ["restart"],
      ["a", "INSERT INTO t (name, n) VALUES ('three', 0)"],
      ["a", "SELECT MAX(id) FROM t"],
    ],
    says: "3",
    follows: "the id of an archived job is not given again; before MySQL 8 it was 2",
  },
];
