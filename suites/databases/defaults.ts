import type { Said } from "./difference.ts";

/** What a server begins with that no file and no argument sets. */
export interface Default {
  /** As its own help lists it. */
  variable: string;
  is: Said;
  follows: string;
}

export const absent = "not there";

export const defaults: readonly Default[] = [
  {
    variable: "transaction-isolation",
    is: "REPEATABLE-READ",
    follows: "every session of ours states READ COMMITTED, in `transaction_isolation` or `tx_isolation`",
  },
  {
    variable: "innodb-snapshot-isolation",
    is: { mysql: absent, mariadb: "FALSE" },
    follows: "nothing: off, and READ COMMITTED takes a view for each statement",
  },
  {
    variable: "sql-mode",
    is: {
      mysql:
        "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION",
      mariadb: "STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_CREATE_USER,NO_ENGINE_SUBSTITUTION",
    },
    follows: "every session states MySQL's",
  },
  {
    variable: "character-set-server",
    is: { mysql: "utf8mb4", mariadb: "latin1" },
    follows: "every session and every table of ours names its own; the image says utf8mb4",
  },
  {
    variable: "collation-server",
    is: { mysql: "utf8mb4_0900_ai_ci", mariadb: "latin1_swedish_ci" },
    follows: "as above",
  },
  { variable: "default-time-zone", is: "(No default value)", follows: "every session states +00:00" },
  {
    variable: "max-allowed-packet",
    is: { mysql: "67108864", mariadb: "16777216" },
    follows: "a worker saves a result in one statement of up to 48 MiB; the image says 64 MiB",
  },
  {
    variable: "binlog-format",
    is: { mysql: "ROW", mariadb: "MIXED" },
    follows: "the frame reads MySQL's log; MariaDB's names nobody, so it is told as not compared",
  },
  { variable: "innodb-lock-wait-timeout", is: "50", follows: "the API states 2 s, workers 20 s" },
  {
    variable: "innodb-rollback-on-timeout",
    is: "FALSE",
    follows: "a lock wait undoes its statement alone, and the store rolls back the rest",
  },
  {
    variable: "innodb-autoinc-lock-mode",
    is: { mysql: "2", mariadb: "1" },
    follows: "nothing: the store adds a row at a time, and asks for no ids without gaps",
  },
];
