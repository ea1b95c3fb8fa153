import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { MysqlErrno } from "../../contracts/mysql-errors.ts";
import { mysqlStore } from "../../fixtures/api/store/mysql.ts";
import { openPool } from "../../fixtures/api/store/mysql-connection.ts";
import { type TestSchema, testSchema } from "../../fixtures/api/testing/mysql.ts";
import { aJob } from "../../fixtures/api/testing/rows.ts";
import { Unavailable } from "../../fixtures/workers/kit/failures.ts";
import { mysqlWarehouse } from "../../fixtures/workers/kit/mysql/warehouse.ts";
import {
  clearEffects,
  createNumbers,
  type TestMysql,
  testMysql,
} from "../../fixtures/workers/kit/testing/mysql.ts";
import { denying, type Refused, saidBy } from "./deny.ts";

/** The API's store and a worker's warehouse on a real MySQL that refuses once: nothing is lost, nothing doubled. */

const never = new AbortController().signal;
const contention: readonly MysqlErrno[] = [1205, 1213];
const rest: readonly MysqlErrno[] = [1290, 1836];
const cases = (places: readonly Refused[], errnos: readonly MysqlErrno[]) =>
  places.flatMap((at) => errnos.map((errno) => ({ at, errno })));

describe("the API's store", () => {
  let schema: TestSchema;
  beforeAll(async () => {
    schema = await testSchema("refusals");
  });
  beforeEach(() => schema.clear());
  afterAll(() => schema.drop());

  /** Stores a job and changes it in one transaction; what was thrown, and what is stored then. */
  async function stored(at: Refused, errno: MysqlErrno) {
    const { port } = await denying({ at, errno, operation: "test" });
    const store = mysqlStore(openPool({ ...schema.address, host: "127.0.0.1", port }, { on: false }, 1));
    onTestFinished(() => store.close());
    const make = () =>
      store.transaction("test", async (tx) => {
        const job = await tx.insertJob(aJob({ domainKey: "one" }));
        await tx.updateJob(job?.id ?? "", { attempt: 1 });
      });
    let error: unknown;
    await make().catch((thrown: unknown) => {
      error = thrown;
    });
    const found = () => store.read("look", async (tx) => tx.findJobByDomainKey(1, "one"));
    return {
      error,
      attempt: (await found())?.attempt,
      again: async () => (await make(), (await found())?.attempt),
    };
  }

  test.each(cases(["first", 1, 2, "commit"], contention))(
    "runs a transaction again that was refused with $errno at $at",
    async ({ at, errno }) => {
      expect(await stored(at, errno)).toMatchObject({ error: undefined, attempt: 1 });
    },
  );

  test.each([...cases([1, 2, "commit"], rest), ...cases([1, 2], [1114])])(
    "stores nothing of a transaction that was refused with $errno at $at, and the next one passes",
    async ({ at, errno }) => {
      const { error, attempt, again } = await stored(at, errno);
      expect(error).toMatchObject({ name: "StorageError", problem: errno === 1114 ? "full" : "read_only" });
      expect(attempt).toBe(undefined);
      expect(await again()).toBe(1);
    },
  );

  test("has no connection, says so, and has one again", async () => {
    let errno: MysqlErrno | null = 1040;
    const { port } = await denying(null, { refusal: () => errno });
    const store = mysqlStore(openPool({ ...schema.address, host: "127.0.0.1", port }, { on: false }, 1));
    onTestFinished(() => store.close());
    await expect(store.ping()).rejects.toMatchObject({ name: "StorageError", problem: "overloaded" });
    errno = null;
    await store.ping();
  });
});

describe("a worker's warehouse", () => {
  let mysql: TestMysql;
  let nextJob = 1;
  beforeAll(async () => {
    mysql = await testMysql();
    await createNumbers(mysql);
  });
  beforeEach(() => clearEffects(mysql));
  afterAll(() => mysql.drop());

  const behind = async (at: Refused, errno: MysqlErrno, operation: string) => {
    const { port } = await denying({ at, errno, operation }, { unit: "connection" });
    return mysqlWarehouse({ ...mysql.worker, host: "127.0.0.1", port }, mysql.accounts);
  };
  const rowsOf = async (table: string) =>
    (await mysql.rows(`SELECT COUNT(*) FROM ${mysql.warehouse}.${table}`))[0]?.[0];
  const anywhere = [...cases(["first", 1, 2, "commit"], [...contention, ...rest]), ...cases([1, 2], [1114])];

  test.each(anywhere)("inserts once after $errno at $at", async ({ at, errno }) => {
    const warehouse = await behind(at, errno, "insertInto");
    const job = mysql.job(nextJob++);
    const insert = () => warehouse.insertInto(job, "INSERT INTO `copy` SELECT n, t FROM numbers", never);
    await expect(insert()).rejects.toThrow(Unavailable);
    expect(await rowsOf("copy")).toBe(0);
    expect(await insert()).toEqual({ numRecords: 3, alreadyDone: false });
    expect(await insert()).toEqual({ numRecords: 3, alreadyDone: true });
    expect(await rowsOf("copy")).toBe(3);
  });

  test.each([...cases([1, 2], contention), ...cases([1, 2], [1290, 1114])])(
    "publishes once after $errno at $at",
    async ({ at, errno }) => {
      const warehouse = await behind(at, errno, "publishTable");
      const job = mysql.job(nextJob++);
      const staged = await warehouse.stageTable(job, "made", "SELECT n, t FROM numbers", never);
      expect(await saidBy(warehouse.publishTable(job, "made", staged))).toBeDefined();
      expect(await warehouse.publishTable(job, "made", staged)).toEqual({ numRecords: 3 });
      expect(await rowsOf("made")).toBe(3);
    },
  );
});
