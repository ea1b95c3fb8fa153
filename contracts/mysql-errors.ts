/**
 * What a MySQL server refuses with, as it says it (MySQL 8 server error reference). `undoes` is what the server has
 * undone by then where the refusal came to a statement; one that came to COMMIT has undone the transaction (InnoDB
 * error handling: a lock wait undoes its statement alone, unless innodb_rollback_on_timeout is set).
 */
export const mysqlErrors = {
  1040: { code: "ER_CON_COUNT_ERROR", sqlState: "08004", message: "Too many connections", undoes: "nothing" },
  1114: {
    code: "ER_RECORD_FILE_FULL",
    sqlState: "HY000",
    message: "The table '#data' is full",
    undoes: "statement",
  },
  1205: {
    code: "ER_LOCK_WAIT_TIMEOUT",
    sqlState: "HY000",
    message: "Lock wait timeout exceeded; try restarting transaction",
    undoes: "statement",
  },
  1213: {
    code: "ER_LOCK_DEADLOCK",
    sqlState: "40001",
    message: "Deadlock found when trying to get lock; try restarting transaction",
    undoes: "transaction",
  },
  1290: {
    code: "ER_OPTION_PREVENTS_STATEMENT",
    sqlState: "HY000",
    message: "The MySQL server is running with the --read-only option so it cannot execute this statement",
    undoes: "statement",
  },
  1836: {
    code: "ER_READ_ONLY_MODE",
    sqlState: "HY000",
    message: "Running in read-only mode",
    undoes: "statement",
  },
} as const;

export type MysqlErrno = keyof typeof mysqlErrors;

/** What the server says, of a table where one is named. */
export function saidOf(
  errno: MysqlErrno,
  table?: string,
): { code: string; sqlState: string; message: string } {
  const { code, sqlState, message } = mysqlErrors[errno];
  return { code, sqlState, message: table === undefined ? message : message.replace("#data", table) };
}

/** A server's refusal as its client's driver hands it on. */
export class MysqlError extends Error {
  override readonly name = "MysqlError";
  readonly errno: MysqlErrno;
  readonly code: string;
  readonly sqlState: string;
  readonly sqlMessage: string;

  /** `table`: the one that is full, where it is known. */
  constructor(errno: MysqlErrno, table?: string) {
    const { code, sqlState, message } = saidOf(errno, table);
    super(message);
    this.errno = errno;
    this.code = code;
    this.sqlState = sqlState;
    this.sqlMessage = message;
  }
}
