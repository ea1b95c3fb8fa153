import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { execa } from "execa";
import type { Pool, RowDataPacket } from "mysql2/promise";
import { migrate, readMigrations } from "../../../fixtures/api/migrate.ts";
import { openPool } from "../../../fixtures/api/store/mysql-connection.ts";
import type { MysqlAddress } from "../../../fixtures/api/store/session.ts";
import { tableSize } from "../../../fixtures/api/upkeep/table-size.ts";
import { onceItAnswers, runningMysql } from "../../containers/running-mysql.ts";
import { everything, withEverything } from "./everything.ts";

/**
 * A table of jobs at the limit of its file: what MySQL answers 1114 for, as in 2019. The limit is one of files of the
 * process that is MySQL; every other file of it is smaller.
 */
export interface JobsTable extends AsyncDisposable {
  /** Of an account that may do everything. */
  address: MysqlAddress;
  pool: Pool;
  /** Puts in ended jobs, of about 3 kB and then smaller ones, until the table takes no more. */
  fill(): Promise<void>;
  /** Leaves no byte free in the pages of the jobs before and behind this one: their rows cannot grow at all. */
  packBehind(job: string): Promise<void>;
  /** Puts in ended jobs until the pages of the table take so many bytes. */
  fillTo(bytes: number): Promise<void>;
  /** What the operator of 2019 did: the oldest jobs are deleted, and their room is free. */
  deleteOldest(count: number): Promise<void>;
  count(of?: "jobs" | "archived_jobs"): Promise<number>;
  /** The id of the oldest job. */
  oldest(): Promise<string>;
  fileBytes(): Promise<number>;
}

const mib = 2 ** 20;
/** Above mysql.ibd, the largest other file. */
export const limitBytes = 29 * mib;
const file = "/var/lib/interlock-mysql/jobs/jobs.ibd";
/** @param more of the server, in the form of its init file */
export async function jobsTable(limit: number | null = limitBytes, more = ""): Promise<JobsTable> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "interlock-full-"));
  stack.defer(() => rm(folder, { recursive: true }));
  const server = stack.use(await runningMysql(folder, withEverything + more));
  const { hostname, port } = new URL(server.url);
  const address = { host: hostname, port: Number(port), ...everything };
  const pool = openPool(address, { on: false }, 10);
  stack.defer(() => pool.end());
  await onceItAnswers(() => pool.query("SELECT 1"));
  // Else the server counts what it has cleaned up as left to do for a long while.
  await pool.query("SET GLOBAL innodb_purge_rseg_truncate_frequency = 1");
  await migrate({ pool, secret: everything.password }, await readMigrations(), 0);

  // Its own user may change the limits of the process, and root in a container may not.
  const inContainer = async (...command: string[]) =>
    (await execa("docker", ["exec", "-u", "mysql", server.id, ...command])).stdout;
  if (limit !== null) await inContainer("prlimit", "--pid", "1", `--fsize=${limit}:`);

  const owned = stack.move();
  return {
    address,
    pool,
    async fill() {
      await untilPurged(pool);
      for (const size of [400, 40, 4, 1])
        for (const bytes of [3_000, 300, 1]) while (await takes(pool, size, bytes));
      // An index may have been full before the page of the newest jobs was.
      const [[row]] = await pool.query<RowDataPacket[]>("SELECT MAX(id) AS id FROM jobs");
      await pack(pool, String(row?.["id"]));
    },
    packBehind: (job) => pack(pool, job),
    async fillTo(bytes) {
      await untilPurged(pool);
      while ((await tableSize(pool)).usedBytes < bytes && (await takes(pool, 100, 3_000)));
    },
    async oldest() {
      const [[row]] = await pool.query<RowDataPacket[]>("SELECT MIN(id) AS id FROM jobs");
      return String(row?.["id"]);
    },
    async deleteOldest(count) {
      await pool.query("DELETE FROM jobs WHERE status = 'success' ORDER BY id LIMIT ?", [count]);
      await untilPurged(pool);
    },
    async count(of = "jobs") {
      const [[row]] = await pool.query<RowDataPacket[]>(`SELECT COUNT(*) AS n FROM ${of}`);
      return Number(row?.["n"]);
    },
    fileBytes: async () => Number(await inContainer("stat", "-c", "%s", file)),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Whether it takes so many ended jobs, each with a query of so many bytes. */
const takes = (pool: Pool, jobs: number, bytes: number): Promise<boolean> => {
  const query = `SELECT '${"x".repeat(bytes)}'`;
  return hasRoom(
    pool,
    `INSERT INTO jobs (query, account_id, type, engine, database_name, priority, retry_limit, status, attempt, kill_requested, created_at, updated_at, start_at, end_at)
     VALUES ${Array.from({ length: jobs }, () => "(?, 2, 'presto', 'presto', 'shop', 0, 0, 'success', 1, FALSE, 1, 1, 1, 1)").join(", ")}`,
    Array.from({ length: jobs }, () => query),
  );
};

/** Whether the table has room for what a statement stores; all else than that it is full is thrown. */
async function hasRoom(pool: Pool, sql: string, values: unknown[]): Promise<boolean> {
  try {
    await pool.query(sql, values);
    return true;
  } catch (error) {
    if ((error as { errno?: number }).errno === 1114) return false;
    throw error;
  }
}

/** Leaves no byte free in the pages of the jobs before and behind this one. */
async function pack(pool: Pool, job: string): Promise<void> {
  const [rows] = await pool.query<RowDataPacket[]>(
    "(SELECT id FROM jobs WHERE id > ? AND status = 'success' ORDER BY id LIMIT 8) UNION ALL (SELECT id FROM jobs WHERE id < ? AND status = 'success' ORDER BY id DESC LIMIT 8)",
    [job, job],
  );
  for (const bytes of [500, 50, 5, 1]) for (const { id } of rows) while (await grows(pool, id, bytes));
}

const grows = (pool: Pool, job: unknown, bytes: number): Promise<boolean> =>
  hasRoom(pool, "UPDATE jobs SET message = CONCAT(COALESCE(message, ''), ?) WHERE id = ?", [
    "m".repeat(bytes),
    job,
  ]);

/** Rows that were deleted take their room until the server has cleaned up behind them. */
async function untilPurged(pool: Pool): Promise<void> {
  const left = "SELECT COUNT AS n FROM information_schema.innodb_metrics WHERE name = 'trx_rseg_history_len'";
  for (let tries = 0; ; tries += 1) {
    const [[row]] = await pool.query<RowDataPacket[]>(left);
    if (Number(row?.["n"]) === 0) return;
    if (tries === 300)
      throw new Error(`MySQL has not cleaned up: ${String(row?.["n"])} transactions are left`);
    await wait(20);
  }
}
