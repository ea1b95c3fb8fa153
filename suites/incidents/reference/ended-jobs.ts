import type { Pool, RowDataPacket } from "mysql2/promise";
import { migrate, readMigrations } from "../../../fixtures/api/migrate.ts";
import { finishedJobs } from "../../../fixtures/mysql/finished-jobs.ts";

/**
 * The API's tables, and ended jobs in them.
 *
 * @param pool of an account that may do everything
 * @returns their ids
 */
export async function putEndedJobs(pool: Pool, count: number): Promise<readonly string[]> {
  await migrate({ pool, secret: "of-nobody" }, await readMigrations(), 0);
  for (const sql of finishedJobs(count, { acme: { account: 1, database: "shop" } })) await pool.query(sql);
  const [rows] = await pool.query<RowDataPacket[]>("SELECT id FROM jobs");
  return rows.map(({ id }) => String(id));
}
