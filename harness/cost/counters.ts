import { logPlace } from "../oracle/binlog.ts";
import type { MysqlAccess } from "../oracle/mysql.ts";

/** What a MySQL server has counted since it started, of everybody but Interlock. */
export interface Counters {
  statements: number;
  rowsExamined: number;
  connections: number;
  /** That are open now. */
  openConnections: number;
  /** What the server has sent. */
  bytesRead: number;
  /** Of the binary log; null where there is none. */
  bytesWritten: number | null;
  lockWaits: number;
  /** By the statement without its values. */
  byStatement: ReadonlyMap<string, { count: number; rowsExamined: number }>;
}

/** Why a server counts nothing; null where it counts. */
export async function countingLack(access: MysqlAccess): Promise<string | null> {
  try {
    const [row] = await access.query("SELECT @@performance_schema AS is_on");
    return Number(row?.["is_on"]) === 1 ? null : "performance_schema is off in the server";
  } catch (error) {
    return `performance_schema cannot be read by the oracle's account: ${String((error as { code?: string }).code)}`;
  }
}

/**
 * A goodbye is no statement: the server hears of it after the call that it ends.
 *
 * @param own users of Interlock's own
 */
export async function readCounters(access: MysqlAccess, own: readonly string[]): Promise<Counters> {
  const [[sums], digests, end] = await Promise.all([
    access.query(sumsQuery, [own, own, own]),
    access.query(digestsQuery),
    logPlace(access),
  ]);
  return {
    statements: Number(sums?.["statements"] ?? 0),
    rowsExamined: Number(sums?.["examined"] ?? 0),
    connections: Number(sums?.["connections"] ?? 0),
    openConnections: Number(sums?.["open"] ?? 0),
    bytesRead: Number(sums?.["sent"] ?? 0),
    lockWaits: Number(sums?.["waits"] ?? 0),
    bytesWritten: end?.position ?? null,
    byStatement: new Map(
      digests.map((row) => [
        String(row["text"]),
        { count: Number(row["count"]), rowsExamined: Number(row["examined"]) },
      ]),
    ),
  };
}

const sumsQuery = `SELECT s.statements, s.examined, u.connections, u.open, b.sent, w.waits FROM
  (SELECT SUM(COUNT_STAR) AS statements, SUM(SUM_ROWS_EXAMINED) AS examined
    FROM performance_schema.events_statements_summary_by_user_by_event_name
    WHERE USER NOT IN (?) AND EVENT_NAME <> 'statement/com/Quit') s,
  (SELECT SUM(TOTAL_CONNECTIONS) AS connections, SUM(CURRENT_CONNECTIONS) AS open
    FROM performance_schema.users WHERE USER NOT IN (?)) u,
  (SELECT SUM(VARIABLE_VALUE) AS sent
    FROM performance_schema.status_by_user WHERE USER NOT IN (?) AND VARIABLE_NAME = 'Bytes_sent') b,
  (SELECT VARIABLE_VALUE AS waits
    FROM performance_schema.global_status WHERE VARIABLE_NAME = 'Innodb_row_lock_waits') w`;

const digestsQuery = `SELECT DIGEST_TEXT AS text, SUM(COUNT_STAR) AS count, SUM(SUM_ROWS_EXAMINED) AS examined
  FROM performance_schema.events_statements_summary_by_digest
  WHERE DIGEST_TEXT NOT LIKE '%performance_schema%' AND DIGEST_TEXT NOT LIKE 'SHOW %STATUS' GROUP BY DIGEST_TEXT`;

/** What was counted between two looks. */
export function countedBetween(before: Counters, after: Counters): Counters {
  const byStatement = new Map(
    [...after.byStatement].flatMap(([text, now]) => {
      const was = before.byStatement.get(text) ?? { count: 0, rowsExamined: 0 };
      const count = now.count - was.count;
      return count > 0 ? [[text, { count, rowsExamined: now.rowsExamined - was.rowsExamined }] as const] : [];
    }),
  );
  const bytes =
    before.bytesWritten === null || after.bytesWritten === null
      ? null
      : // A new file of the log begins at its start.
        after.bytesWritten >= before.bytesWritten
        ? after.bytesWritten - before.bytesWritten
        : after.bytesWritten;
  return {
    statements: after.statements - before.statements,
    rowsExamined: after.rowsExamined - before.rowsExamined,
    connections: after.connections - before.connections,
    openConnections: after.openConnections,
    bytesRead: after.bytesRead - before.bytesRead,
    bytesWritten: bytes,
    lockWaits: after.lockWaits - before.lockWaits,
    byStatement,
  };
}

/** What each of so many calls cost of it. */
export const shared = (counted: Counters, calls: number): Counters => ({
  ...counted,
  statements: counted.statements / calls,
  rowsExamined: counted.rowsExamined / calls,
  connections: counted.connections / calls,
  bytesRead: counted.bytesRead / calls,
  bytesWritten: counted.bytesWritten === null ? null : counted.bytesWritten / calls,
  lockWaits: counted.lockWaits / calls,
  byStatement: new Map(
    [...counted.byStatement].map(([text, { count, rowsExamined }]) => [
      text,
      { count: count / calls, rowsExamined: rowsExamined / calls },
    ]),
  ),
});

/** Bytes of all tables with their indices; the server keeps the figure, so that it is asked once. */
export async function storedBytes(access: MysqlAccess): Promise<number> {
  const [row] = await access.query(
    "SELECT SUM(data_length + index_length) AS bytes FROM information_schema.tables WHERE table_schema NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')",
  );
  return Number(row?.["bytes"] ?? 0);
}
