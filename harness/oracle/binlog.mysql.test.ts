import { type Connection, createConnection } from "mysql2/promise";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { Act } from "../world/acts.ts";
import { type LogPlace, logEnd, readLog } from "./binlog.ts";
import { UnreadableLog } from "./binlog-events.ts";
import { MysqlAccess } from "./mysql.ts";

/** The log of a real MySQL is read, whatever its columns are. */

const { host, port, rootlike } = inject("mysql");
const database = `log_${process.pid}`;
const logged = { server: { host, port }, account: rootlike };
let direct: Connection;
let access: MysqlAccess;

beforeAll(async () => {
  direct = await createConnection({ host, port, ...rootlike });
  access = new MysqlAccess({ host, port }, rootlike);
  await direct.query(`CREATE DATABASE ${database}`);
});
afterAll(async () => {
  await access.end();
  await direct.query(`DROP DATABASE ${database}`);
  await direct.end();
});

/** What the log tells of statements on the table `t`. */
async function toldOf(...statements: string[]): Promise<Act[]> {
  const from = (await logEnd(access)) as LogPlace;
  for (const statement of statements) await direct.query(statement.replace(" t", ` ${database}.t`));
  const acts = await readLog({ ...logged, access }, from, (await logEnd(access)) as LogPlace);
  return acts.filter(({ thread }) => thread === direct.threadId);
}

const rowsIn = (acts: readonly Act[]) => acts.flatMap((act) => (act.kind === "rows" ? act.rows : []));

const columns = [
  "a TINYINT, b SMALLINT, c MEDIUMINT, d INT, e BIGINT, f FLOAT, g DOUBLE, h YEAR, i BOOL",
  "j DECIMAL(5,2), k DECIMAL(65,30), l DECIMAL(9), m BIT(1), n BIT(13), o BIT(64)",
  "p DATE, q TIME, r TIME(6), s DATETIME, u DATETIME(3), v TIMESTAMP NULL, w TIMESTAMP(1) NULL",
  "x CHAR(3), y CHAR(255) CHARACTER SET utf8mb4, z BINARY(16), aa VARCHAR(10), ab VARCHAR(2000), ac VARBINARY(300)",
  "ad TINYBLOB, ae BLOB, af MEDIUMTEXT, ag LONGTEXT, ah JSON, ai ENUM('x','y'), aj SET('p','q'), ak POINT",
];
const values = [
  "-1, -2, -3, -4, -5, 1.5, -2.5, 2026, TRUE",
  "-123.45, 1.5, 7, b'1', b'1010101010101', 18446744073709551615",
  "'2026-11-26', '-12:13:14', '01:02:03.456789', '2026-11-26 01:02:03', '2026-11-26 01:02:03.456', NOW(), NOW()",
  "'abc', REPEAT('ö', 255), 'x', 'short', REPEAT('l', 1999), REPEAT('b', 299)",
  "'tiny', REPEAT('e', 40000), REPEAT('f', 70000), REPEAT('g', 3000000), '{\"a\": [1, null]}', 'y', 'p,q', POINT(1, 2)",
];

test("rows with every type of column are cut where they end", async () => {
  const nulls = columns
    .join()
    .replace(/\([^)]*\)/g, "")
    .split(",")
    .map(() => "NULL");
  const acts = await toldOf(
    `CREATE TABLE t (${columns.join()})`,
    `INSERT INTO t VALUES (${values.join()}), (${nulls.join()}), (${values.join()})`,
    "UPDATE t SET a = 7 WHERE a IS NULL",
    "DELETE FROM t WHERE a = 7",
  );
  expect(acts[0]).toMatchObject({
    kind: "statement",
    sql: expect.stringMatching(/^CREATE TABLE log_\d+\.t \(a/),
  });
  const rows = rowsIn(acts);
  const [whole, empty, again, changed, gone] = rows;
  expect(rows).toHaveLength(5);
  expect(again).toEqual(whole);
  expect(whole).toEqual({ before: null, after: expect.any(String) });
  expect(empty?.after).not.toEqual(whole?.after);
  expect(changed?.before).toEqual(empty?.after);
  expect(gone).toEqual({ before: changed?.after, after: null });
  await direct.query(`DROP TABLE ${database}.t`);
});

test("an update that changes nothing, and what is rolled back, is not told", async () => {
  await direct.query(`CREATE TABLE ${database}.t (id INT PRIMARY KEY, name TEXT)`);
  await direct.query(`INSERT INTO ${database}.t VALUES (1, 'a')`);
  expect(
    await toldOf(
      "UPDATE t SET name = 'a'",
      "REPLACE INTO t VALUES (1, 'a')",
      "INSERT INTO t VALUES (1, 'a') ON DUPLICATE KEY UPDATE name = 'a'",
      "START TRANSACTION",
      "DELETE FROM t",
      "ROLLBACK",
    ),
  ).toEqual([]);
});

test("a log is read over several files, and one that cannot be read is said to be so", async () => {
  const acts = await toldOf("DELETE FROM t", "FLUSH BINARY LOGS", "INSERT INTO t VALUES (2, 'b')");
  expect(rowsIn(acts)).toHaveLength(2);
  const end = (await logEnd(access)) as LogPlace;
  const beyond = { ...end, position: end.position + 1 };
  await expect(
    readLog({ ...logged, access }, beyond, { ...end, position: end.position + 9 }),
  ).rejects.toThrow(UnreadableLog);
});
