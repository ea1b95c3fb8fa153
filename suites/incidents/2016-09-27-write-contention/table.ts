import { setTimeout as wait } from "node:timers/promises";
import type { Pool } from "mysql2/promise";
import { openPool } from "../../../fixtures/api/store/mysql-connection.ts";
import { testSchema } from "../../../fixtures/api/testing/mysql.ts";
import { mysqlWarehouse } from "../../../fixtures/api/warehouse/mysql-warehouse.ts";
import type { Warehouse } from "../../../fixtures/api/warehouse/warehouse.ts";
import { testMysql } from "../../../fixtures/workers/kit/testing/mysql.ts";

/** A customer's table on MySQL, into which many import. */
export interface ContendedTable extends AsyncDisposable {
  /** The connections of one API process. */
  pool: Pool;
  customer: { account: number; database: string };
  table: string;
  warehouse: Warehouse;
  /** As on the day before: no job, no chunk, no row. */
  clear(): Promise<void>;
  /** Resolves when no chunk waits for an importer. */
  untilImported(): Promise<void>;
  /** How many rows the table holds, and by how many importers they were sent. */
  rows(): Promise<{ rows: number; importers: number }>;
}

export async function contendedTable(): Promise<ContendedTable> {
  await using stack = new AsyncDisposableStack();
  const mysql = await testMysql();
  stack.defer(() => mysql.drop());
  const schema = await testSchema("contention");
  stack.defer(() => schema.drop());
  const moving = openPool({ ...mysql.api, database: "jobs" }, { on: false }, 2);
  stack.defer(() => moving.end());
  const { account, database } = mysql.job(1);
  const table = "orders";
  const stored = `${mysql.warehouse}.${table}`;
  const { address } = schema;
  const owned = stack.move();
  return {
    pool: schema.pool,
    customer: { account, database },
    table,
    warehouse: mysqlWarehouse(moving),
    async clear() {
      await schema.clear();
      await mysql.rows(`DROP TABLE IF EXISTS ${stored}`);
    },
    async untilImported() {
      const waiting = `SELECT COUNT(*) FROM ${address.database}.chunks WHERE imported_at IS NULL`;
      while (Number((await mysql.rows(waiting))[0]?.[0]) > 0) await wait(20);
    },
    async rows() {
      const [row] = await mysql.rows(`SELECT COUNT(*), COUNT(DISTINCT importer) FROM ${stored}`);
      return { rows: Number(row?.[0]), importers: Number(row?.[1]) };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
