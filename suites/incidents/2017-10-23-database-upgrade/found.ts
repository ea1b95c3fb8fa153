import type { Pool, RowDataPacket } from "mysql2/promise";
import type { DestinationSettings } from "../../../contracts/destination.ts";
import type { JobStatus } from "../../../contracts/job.ts";
import type { Row, Value } from "../../../contracts/values.ts";
import type { MemoryDestinations } from "../../../fixtures/in-process/memory-destinations.ts";
import type { MemoryWarehouse } from "../../../fixtures/in-process/memory-warehouse.ts";
import { customers } from "./service.ts";
import { target } from "./sessions.ts";

/** What the primary of afterwards has, and the warehouse, which nobody has swapped. */
export interface Found {
  jobs: Job[];
  /** Of tables that a job has registered. */
  registered: { name: string; job: string | null }[];
  chunks: { account: number; id: string; isImported: boolean }[];
  /** The table that chunks come into, of each account. */
  events: Events[];
  sessions: {
    account: number;
    name: string;
    status: string;
    job: string | null;
    validRecords: number | null;
  }[];
  parts: { session: string; name: string }[];
  /** Next due times are null where there is none. */
  scheduled: { id: string; nextAt: number | null; createdAt: number }[];
  runs: { job: string; scheduled: string; at: number }[];
  /** What has arrived outside, once each time; its place is the path or the prefix. */
  delivered: { place: string; rows: readonly Row[] }[];
  warehouse: {
    /** Of sessions of Bulk Import. */
    loaded: { account: number; session: Value; part: Value; time: Value }[];
    has: (account: number, table: string) => boolean;
    rowsOf: (account: number, table: string) => readonly Row[];
  };
}

export interface Events {
  account: number;
  /** As the API has them. */
  count: number;
  lastLogAt: number | null;
  columns: string[];
  /** As the warehouse has them. */
  times: number[];
  columnsThere: string[];
}

export interface Job {
  id: string;
  account: number;
  query: string;
  url: string | null;
  key: string | null;
  type: string;
  status: JobStatus;
  records: number | null;
  message: string | null;
  receiptAttempt: number | null;
  receiptRows: number | null;
  receiptChecksum: string | null;
  scheduled: string | null;
}

const text = (name: string, as: string) => `CAST(${name} AS CHAR) AS ${as}`;
const jobColumns = `${text("id", "id")}, account_id AS account, query, result_url AS url, domain_key AS \`key\`, type, status, num_records AS records, message,
  receipt_attempt AS receiptAttempt, receipt_rows AS receiptRows, receipt_checksum AS receiptChecksum, ${text("scheduled_query", "scheduled")}`;

export async function foundOn(
  { everything }: { everything: Pool },
  { warehouse, destinations }: { warehouse: MemoryWarehouse; destinations: MemoryDestinations },
): Promise<Found> {
  await using stack = new AsyncDisposableStack();
  const connection = await everything.getConnection();
  stack.defer(async () => {
    await connection.query("COMMIT");
    connection.release();
  });
  // All of one moment: jobs come to be while it is read.
  await connection.query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
  await connection.query("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
  const rows = async <Row>(sql: string, numbers: readonly string[] = []): Promise<Row[]> => {
    const [found] = await connection.query<RowDataPacket[]>(sql);
    return found.map((row) => withNumbers(row, ["account", ...numbers])) as Row[];
  };
  const events = await rows<{ account: number; count: number; lastLogAt: number | null; columns: string }>(
    `SELECT d.account_id AS account, COALESCE(c.row_count, 0) AS count, c.last_log_time AS lastLogAt, t.columns
     FROM jobs.\`tables\` t JOIN jobs.\`databases\` d ON d.id = t.database_id
     LEFT JOIN jobs.table_counters c ON c.table_id = t.id WHERE t.name = 'events'`,
    ["count", "lastLogAt"],
  );
  const chunks = await rows<{ account: number; id: string; importedAt: string | null }>(
    "SELECT account_id AS account, unique_id AS id, imported_at AS importedAt FROM jobs.chunks",
  );
  return {
    jobs: await rows<Job>(
      `SELECT ${jobColumns} FROM jobs.jobs UNION ALL SELECT ${jobColumns} FROM jobs.archived_jobs`,
      ["records", "receiptAttempt", "receiptRows"],
    ),
    registered: await rows(`SELECT name, ${text("origin_job", "job")} FROM jobs.\`tables\``),
    chunks: chunks.map(({ importedAt, ...chunk }) => ({ ...chunk, isImported: importedAt !== null })),
    events: await Promise.all(
      events.map(async ({ columns, ...row }) => ({
        ...row,
        columns: (JSON.parse(columns) as [string, string][]).map(([name]) => name),
        ...(await inWarehouse(warehouse, row.account)),
      })),
    ),
    sessions: await rows(
      `SELECT account_id AS account, name, status, ${text("job_id", "job")}, valid_records AS validRecords FROM jobs.bulk_imports`,
      ["validRecords"],
    ),
    parts: await rows(
      "SELECT i.name AS session, p.name FROM jobs.import_parts p JOIN jobs.bulk_imports i ON i.id = p.import_id",
    ),
    scheduled: await rows(
      `SELECT ${text("id", "id")}, next_at AS nextAt, created_at AS createdAt FROM jobs.scheduled_queries`,
      ["nextAt", "createdAt"],
    ),
    runs: await rows(
      `SELECT ${text("job_id", "job")}, ${text("scheduled_query_id", "scheduled")}, scheduled_at AS at FROM jobs.scheduled_runs`,
      ["at"],
    ),
    delivered: destinations.delivered.map(({ settings, rows }) => ({ place: placeOf(settings), rows })),
    warehouse: {
      loaded: customers.flatMap(({ id }) =>
        (warehouse.rowsOf(id, "shop", target) ?? []).map(([time = null, session = null, part = null]) => ({
          account: id,
          session,
          part,
          time,
        })),
      ),
      has: (account, table) => warehouse.rowsOf(account, "shop", table) !== null,
      rowsOf: (account, table) => warehouse.rowsOf(account, "shop", table) ?? [],
    },
  };
}

const placeOf = (settings: DestinationSettings): string =>
  settings.type === "s3" ? settings.prefix : settings.type === "web" ? settings.path.slice(1) : "";

const withNumbers = (row: RowDataPacket, numbers: readonly string[]): object => ({
  ...row,
  ...Object.fromEntries(
    numbers
      .filter((name) => Object.hasOwn(row, name))
      .map((name) => [name, row[name] === null ? null : Number(row[name])]),
  ),
});

/** Nothing, where no chunk has come yet. */
async function inWarehouse(warehouse: MemoryWarehouse, account: number) {
  if (warehouse.rowsOf(account, "shop", "events") === null) return { times: [], columnsThere: [] };
  const job = { jobId: "0", attempt: 1, account, database: "shop" };
  const { columns, rows } = await warehouse.select(job, "SELECT * FROM events", AbortSignal.abort());
  const names = columns.map(([name]) => name);
  const time = names.indexOf("time");
  return { times: rows.map((row) => Number(row[time])), columnsThere: names };
}
