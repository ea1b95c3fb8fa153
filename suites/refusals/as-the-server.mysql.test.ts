import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Connection, createConnection } from "mysql2/promise";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, onTestFinished, test } from "vitest";
import { type MysqlErrno, mysqlErrors } from "../../contracts/mysql-errors.ts";
import { onceItAnswers, runningMysql } from "../containers/running-mysql.ts";
import { denying, type Refused, saidBy } from "./deny.ts";

/** What the fault proxy answers in a server's place is to a driver what the server itself answers, and as true. */

const { host, port, rootlike } = inject("mysql");
const database = `refusals_${process.pid}`;
let direct: Connection;

const opened = async (more: object = {}) => {
  const connection = await createConnection({ host, port, ...rootlike, database, ...more });
  onTestFinished(() => connection.destroy());
  return connection;
};

beforeAll(async () => {
  direct = await createConnection({ host, port, ...rootlike });
  await direct.query(`CREATE DATABASE ${database}`);
  await direct.query(`CREATE TABLE ${database}.effects (id INT PRIMARY KEY, n INT)`);
});
beforeEach(async () => {
  await direct.query(`DELETE FROM ${database}.effects`);
  await direct.query(`INSERT INTO ${database}.effects VALUES (1, 0), (2, 0)`);
});
afterAll(async () => {
  await direct.query(`DROP DATABASE ${database}`);
  await direct.end();
});

const work = (sql: string) => `/* work */ ${sql}`;
const stored = async () => {
  const [rows] = await direct.query(`SELECT id FROM ${database}.effects WHERE id > 2 ORDER BY id`);
  return (rows as { id: number }[]).map(({ id }) => id);
};
const insert = (connection: Connection, id: number) =>
  connection.query(work(`INSERT INTO effects VALUES (${id}, 0)`));

/** What the driver says of a statement that the proxy refused. */
async function injected(errno: MysqlErrno) {
  const connection = await (await denying({ at: 1, errno })).connect(database);
  return await saidBy(insert(connection, 3));
}

describe("says to the driver what the server itself says", () => {
  test("of a deadlock", async () => {
    const [one, other] = [await opened(), await opened()];
    const lock = (connection: Connection, id: number) =>
      connection.query(`UPDATE effects SET n = n + 1 WHERE id = ${id}`);
    await Promise.all([one.query("START TRANSACTION"), other.query("START TRANSACTION")]);
    await Promise.all([lock(one, 1), lock(other, 2)]);
    const both = await Promise.all([saidBy(lock(one, 2)), saidBy(lock(other, 1))]);
    const victim = both.find((said) => said !== undefined);
    expect(victim).toMatchObject({ errno: 1213 });
    expect(await injected(1213)).toEqual(victim);
  });

  test("of a lock wait", async () => {
    const [one, other] = [await opened(), await opened()];
    await one.query("START TRANSACTION");
    await one.query("UPDATE effects SET n = 1 WHERE id = 1");
    await other.query("SET SESSION innodb_lock_wait_timeout = 1");
    const said = await saidBy(other.query("UPDATE effects SET n = 1 WHERE id = 1"));
    expect(said).toMatchObject({ errno: 1205 });
    expect(await injected(1205)).toEqual(said);
  });

  test("of a full table, but for its name", async () => {
    const connection = await opened();
    await connection.query("SET SESSION max_heap_table_size = 16384");
    await connection.query("CREATE TEMPORARY TABLE small (t CHAR(250)) ENGINE = MEMORY");
    let said: Record<string, unknown> | undefined;
    for (let row = 0; row < 1_000 && said === undefined; row += 1)
      said = await saidBy(connection.query("INSERT INTO small VALUES ('x')"));
    expect(said).toMatchObject({ errno: 1114 });
    const nameless = (text: unknown) => String(text).replace(/'\S+'/, "'…'");
    const withoutName = (fields: typeof said) => ({
      ...fields,
      message: nameless(fields?.["message"]),
      sqlMessage: nameless(fields?.["sqlMessage"]),
    });
    expect(withoutName(await injected(1114))).toEqual(withoutName(said));
  });

  test("of a server that only reads, and of one that takes no more connections", async () => {
    const folder = await mkdtemp(join(tmpdir(), "interlock-refusals-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    await using server = await runningMysql(
      folder,
      "CREATE DATABASE d;\nCREATE TABLE d.effects (id INT);\nCREATE USER 'plain'@'%';\nGRANT ALL ON d.* TO 'plain'@'%';\nSET GLOBAL max_connections = 2;\nSET GLOBAL read_only = ON;\n",
    );
    const { hostname, port: serverPort } = new URL(server.url);
    const connect = () => createConnection({ host: hostname, port: Number(serverPort), user: "plain" });
    const first = await onceItAnswers(connect);
    const open = [first];
    expect(await injected(1290)).toEqual(await saidBy(first.query("INSERT INTO d.effects VALUES (1)")));
    let said: Record<string, unknown> | undefined;
    while (said === undefined && open.length < 10)
      said = await saidBy(connect().then((another) => open.push(another)));
    for (const connection of open) connection.destroy();
    expect(said).toMatchObject({ errno: 1040 });
    const full = await denying(null, { refusal: () => 1040 });
    expect(await saidBy(full.connect())).toEqual(said);
  });

  test.each(Object.entries(mysqlErrors))(
    "of error %s by the name that the driver has for it",
    async (errno, { code }) => {
      expect(await injected(Number(errno) as MysqlErrno)).toMatchObject({ errno: Number(errno), code });
    },
  );
});

/** A transaction of two rows, told as its steps end; a step that is refused ends it where `goesOn` is not set. */
async function transaction(at: Refused, errno: MysqlErrno) {
  const proxy = await denying({ at, errno });
  const connection = await proxy.connect(database);
  const refused: string[] = [];
  const step = async (name: string, sql: string) => {
    const said = await saidBy(connection.query(work(sql)));
    if (said !== undefined) refused.push(`${name} ${String(said["errno"])}`);
  };
  await step("begin", "START TRANSACTION");
  await step("read", "SELECT n FROM effects WHERE id = 1 FOR UPDATE");
  await step("first", "INSERT INTO effects VALUES (3, 0)");
  await step("second", "INSERT INTO effects VALUES (4, 0)");
  const before = await stored();
  await step("commit", "COMMIT");
  return { refused, before, after: await stored(), asked: proxy.asked, connection };
}

describe("leaves the transaction as the answer says", () => {
  test("a deadlock has undone all of it, and what follows commits by itself", async () => {
    const { refused, before, after } = await transaction(2, 1213);
    expect(refused).toEqual(["second 1213"]);
    expect([before, after]).toEqual([[], []]);
    const early = await transaction(1, 1213);
    expect(early.refused).toEqual(["first 1213"]);
    // The second row: no transaction is open any more.
    expect(early.before).toEqual([4]);
  });

  test.each([1205, 1290, 1836, 1114] as const)("%i has undone its statement alone", async (errno) => {
    const { refused, before, after } = await transaction(2, errno);
    expect(refused).toEqual([`second ${errno}`]);
    expect([before, after]).toEqual([[], [3]]);
  });

  test.each([1205, 1213, 1290, 1836] as const)(
    "a COMMIT refused with %i has stored nothing",
    async (errno) => {
      const { refused, after, connection } = await transaction("commit", errno);
      expect(refused).toEqual([`commit ${errno}`]);
      expect(after).toEqual([]);
      // The next statement is in no transaction.
      await insert(connection, 5);
      expect(await stored()).toEqual([5]);
    },
  );

  test("the first statement of a call is not its beginning", async () => {
    const { refused, after, asked } = await transaction("first", 1205);
    expect(refused).toEqual(["read 1205"]);
    expect(after).toEqual([3, 4]);
    expect(asked).toEqual([1, 2, "commit"]);
  });

  test("a statement by itself has no effect, and the next one has", async () => {
    const connection = await (await denying({ at: 1, errno: 1213 })).connect(database);
    expect(await saidBy(insert(connection, 3))).toMatchObject({ errno: 1213 });
    await insert(connection, 4);
    expect(await stored()).toEqual([4]);
  });

  test("a server that takes connections again takes them", async () => {
    let errno: MysqlErrno | null = 1040;
    const proxy = await denying(null, { refusal: () => errno });
    expect(await saidBy(proxy.connect())).toMatchObject({ errno: 1040 });
    errno = null;
    await (await proxy.connect()).query("SELECT 1");
  });
});
