import type { Difference } from "./difference.ts";
import { twoRows } from "./tables.ts";

/** No statement fails, and the answer is another. */
export const silent: readonly Difference[] = [
  {
    about: "comments that only MySQL 8 is to execute",
    steps: [["a", "SELECT 1 /*!80001 + 1 */ AS n"]],
    says: { mysql: "2", mariadb: "1" },
    follows: "`fixtures/mutants/upgraded` is wrong by this alone; ours has none",
  },
  {
    about: "hints to the optimizer",
    steps: [["a", "SELECT /*+ MAX_EXECUTION_TIME(50) */ SLEEP(0.3) AS is_cut"]],
    says: { mysql: "1", mariadb: "0" },
    follows: "ours has none: limits are variables of the session",
  },
  {
    about: "texts in the usual collation of utf8mb4",
    steps: [
      ["a", "SET NAMES utf8mb4"],
      ["a", "SELECT @@collation_connection, 'a' = 'a ' AS ends_in_a_space, 'ss' = 'ß' AS sharp"],
    ],
    says: { mysql: "utf8mb4_0900_ai_ci, 0, 1", mariadb: "utf8mb4_general_ci, 1, 0" },
    follows: "workers name theirs: `utf8mb4_0900_ai_ci`, on MariaDB `utf8mb4_uca1400_nopad_ai_ci`",
  },
  {
    about: "collation of a table of utf8mb4 that names none",
    steps: [
      ["a", "CREATE TABLE c (name VARCHAR(20)) CHARACTER SET utf8mb4"],
      [
        "a",
        "SELECT collation_name AS name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'c'",
      ],
    ],
    says: { mysql: "utf8mb4_0900_ai_ci", mariadb: "utf8mb4_general_ci" },
    follows: "every table of ours names one, in which `a`, `A` and `a ` are three names",
  },
  {
    about: "groups in REGEXP_REPLACE",
    steps: [["a", "SELECT REGEXP_REPLACE('ab', '(a)(b)', '$2$1') AS swapped"]],
    says: { mysql: "ba", mariadb: "$2$1" },
    follows: "a customer's statement has the meaning of the server that runs it",
  },
  {
    about: "type of a JSON column",
    steps: [
      ["a", "CREATE TABLE j (doc JSON)"],
      [
        "a",
        "SELECT data_type AS type FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'j'",
      ],
    ],
    says: { mysql: "json", mariadb: "longtext" },
    follows: "the API keeps JSON as text; a result's column is `string` where MySQL says `json`",
  },
  {
    about: "waiting without end for a lock by name",
    steps: [
      ["a", "SELECT GET_LOCK('one', 0)"],
      ["b~", "SELECT GET_LOCK('one', -1)"],
    ],
    says: { mysql: "waits", mariadb: "NULL" },
    follows: "ours wait for a stated time, and take NULL for no",
  },
  {
    about: "time limit of a session, for a statement that writes",
    steps: [
      ...twoRows,
      [
        "a",
        { mysql: "SET SESSION max_execution_time = 50", mariadb: "SET SESSION max_statement_time = 0.05" },
      ],
      ["a", "INSERT INTO t SELECT 3, 'three', SLEEP(0.3)"],
    ],
    says: {
      mysql: "ok",
      mariadb: "1969 70100 Query execution was interrupted (max_statement_time exceeded)",
    },
    follows:
      "on MariaDB a write may end in `timeout` by the server's word as well; migrations raise the limit",
  },
];
