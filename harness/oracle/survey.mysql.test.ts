import { isDeepStrictEqual } from "node:util";
import { type Connection, createConnection, type RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { changesBetween } from "../world/world.ts";
import { MysqlAccess } from "./mysql.ts";
import { type Changer, countRows, surveyLocks, surveyOwn, surveyServer, surveyTables } from "./survey.ts";

/** What differs on a real MySQL is seen. */

const { host, port, rootlike } = inject("mysql");
const database = `survey_${process.pid}`;
const other = `survey_${process.pid}_other`;
const intruder = `'intruder_${process.pid}'@'%'`;
const role = `'role_${process.pid}'@'%'`;
let direct: Connection;
let access: MysqlAccess;

beforeAll(async () => {
  direct = await createConnection({ host, port, ...rootlike });
  access = new MysqlAccess({ host, port }, rootlike);
  await direct.query(`CREATE ROLE ${role}`);
});
beforeEach(async () => {
  for (const name of [database, other]) {
    await direct.query(`DROP DATABASE IF EXISTS ${name}`);
    await direct.query(`CREATE DATABASE ${name}`);
  }
  await direct.query(
    `CREATE TABLE ${database}.trades (id BIGINT, symbol VARCHAR(20), price DOUBLE, UNIQUE KEY (id, symbol))`,
  );
  await direct.query(`INSERT INTO ${database}.trades VALUES (1, 'A', 1.5), (2, 'B', NULL)`);
});
afterAll(async () => {
  await access.end();
  await direct.query(`DROP DATABASE IF EXISTS ${database}`);
  await direct.query(`DROP DATABASE IF EXISTS ${other}`);
  await direct.query(`DROP USER IF EXISTS ${intruder}, ${role}`);
  await direct.end();
});

const survey = () => surveyTables(access, [database, other], (name) => name === "passed_over");
const changedBy = async (...statements: string[]) => {
  const before = await survey();
  for (const statement of statements) await direct.query(statement);
  return changesBetween(before, await survey(), new Map());
};

test("a table has columns as results name them, and its unique keys", async () => {
  expect((await survey()).get(`${database}.trades`)?.content).toEqual({
    columns: [
      ["id", "bigint"],
      ["symbol", "string"],
      ["price", "double"],
    ],
    keys: ["id,symbol"],
  });
  expect(await countRows(access, database, "trades")).toBe(2);
  expect(await countRows(access, database, "gone")).toBeUndefined();
  expect(await countRows(access, "nowhere", "trades")).toBeUndefined();
  expect(await surveyTables(access, [])).toEqual(new Map());
});

describe("a change of a table", () => {
  test.each([
    ["a row more", [`INSERT INTO ${database}.trades VALUES (3, 'C', 0)`]],
    ["a row less", [`DELETE FROM ${database}.trades WHERE id = 1`]],
    ["another value", [`UPDATE ${database}.trades SET symbol = 'a' WHERE id = 1`]],
    ["a null", [`UPDATE ${database}.trades SET price = NULL WHERE id = 1`]],
    ["another name of a column", [`ALTER TABLE ${database}.trades RENAME COLUMN symbol TO ticker`]],
    ["another type of a column", [`ALTER TABLE ${database}.trades MODIFY price BIGINT`]],
    ["a column more", [`ALTER TABLE ${database}.trades ADD at DATETIME`]],
    ["a key less", [`ALTER TABLE ${database}.trades DROP INDEX id`]],
    ["a key more", [`ALTER TABLE ${database}.trades ADD UNIQUE KEY (symbol)`]],
    ["its end", [`DROP TABLE ${database}.trades`]],
    ["no row left", [`TRUNCATE ${database}.trades`]],
  ])("shows: %s", async (_, statements) => {
    expect(await changedBy(...statements)).toMatchObject([
      { place: `${database}.trades`, what: "table", job: null },
    ]);
  });

  test.each([
    ["a table", `CREATE TABLE ${database}.\`$stage_7_1\` (id INT)`, `${database}.$stage_7_1`],
    ["a table of another database", `CREATE TABLE ${other}.copied (id INT)`, `${other}.copied`],
    ["a view", `CREATE VIEW ${database}.v AS SELECT id FROM ${database}.trades`, `${database}.v`],
  ])("shows %s that was not there", async (_, statement, place) => {
    expect(await changedBy(statement)).toMatchObject([{ place, before: null }]);
  });

  test("shows both names of a table that was renamed", async () => {
    const changes = await changedBy(`RENAME TABLE ${database}.trades TO ${database}.swapped`);
    expect(changes.map(({ place }) => place).toSorted()).toEqual([
      `${database}.swapped`,
      `${database}.trades`,
    ]);
  });

  test("is none where rows lie in another order, or in a table that is passed over", async () => {
    expect(
      await changedBy(
        `DELETE FROM ${database}.trades WHERE id = 1`,
        `INSERT INTO ${database}.trades VALUES (1, 'A', 1.5)`,
        `CREATE TABLE ${database}.passed_over (id INT)`,
      ),
    ).toEqual([]);
  });
});

describe("a table of the system's own", () => {
  const own = { [`${database}.effects`]: "job_id", [`${database}.trades`]: null };
  const changed = async (statement: string, jobs: string[]) => {
    const before = await surveyOwn(access, own, { jobs: [] });
    await direct.query(statement);
    return changesBetween(before, await surveyOwn(access, own, { jobs }), new Map()).map(
      ({ place }) => place,
    );
  };
  beforeEach(async () => {
    await direct.query(`CREATE TABLE ${database}.effects (job_id BIGINT NULL, kind TEXT)`);
    await direct.query(`INSERT INTO ${database}.effects VALUES (4, 'insert'), (NULL, 'own')`);
  });

  test.each([
    ["the run's jobs", "VALUES (5, 'insert'), (5, 'again')", ["5"], []],
    ["a job that nobody issued", "VALUES (5, 'insert'), (77, 'insert')", ["5"], [`${database}.effects`]],
    ["no job", "VALUES (NULL, 'x')", ["5"], []],
  ])("may get rows of the run's jobs alone: %s", async (_, values, jobs, places) => {
    expect(await changed(`INSERT INTO ${database}.effects ${values}`, jobs)).toEqual(places);
  });

  test("loses no row of an earlier job", async () => {
    expect(await changed(`DELETE FROM ${database}.effects`, ["5"])).toEqual([`${database}.effects`]);
  });

  test.each([
    ["its rows by job", `${database}.effects`],
    ["all of its rows", `${database}.trades`],
  ])("is left out while it is not there, and seen when it is made: %s", async (_, place) => {
    const form = await direct.query<RowDataPacket[]>(`SHOW CREATE TABLE ${place}`);
    const make = String(form[0][0]?.["Create Table"]).replace("CREATE TABLE ", `CREATE TABLE ${database}.`);
    await direct.query(`DROP TABLE ${place}`);
    expect((await surveyOwn(access, own, { jobs: [] })).has(place)).toBe(false);
    expect(await changed(make, [])).toEqual([place]);
  });

  test.each([
    ["tables that a job of the run streams into", "VALUES (1, 'mine')", ["jobs"]],
    ["tables that a job of the run made", "VALUES (1, 'made')", []],
    ["tables whose rows a job of the run changes", "VALUES (1, 'filled')", ["streams"]],
    ["a table of nobody", "VALUES (1, 'mine'), (1, 'filled'), (1, 'theirs')", ["streams", "jobs"]],
    ["no table", "VALUES (1, NULL)", ["streams", "jobs"]],
  ])("with rows about %s, changes by whom they are not", async (_, values, red) => {
    await direct.query(`CREATE TABLE ${database}.chunks (account INT, name TEXT)`);
    await direct.query(`INSERT INTO ${database}.chunks VALUES (1, 'of before')`);
    const tables = `SELECT DISTINCT account, 'db' AS \`database\`, name, IF(name = 'made', 7, NULL) AS job FROM ${database}.chunks`;
    const placesBy = async (by: Changer) => {
      const own = { [`${database}.chunks`]: { tables, by } };
      return [...(await surveyOwn(access, own, known)).values()];
    };
    const changers = ["streams", "jobs"] as const;
    const known = {
      jobs: ["7"],
      isChanged: (...its: string[]) => ["streams,1,db,mine", "jobs,1,db,filled"].includes(its.join()),
    };
    const before = await Promise.all(changers.map(placesBy));
    await direct.query(`INSERT INTO ${database}.chunks ${values}`);
    const after = await Promise.all(changers.map(placesBy));
    expect(changers.filter((_, i) => !isDeepStrictEqual(before[i], after[i]))).toEqual(red);
  });

  test.each([
    ["without rows is about no table", [], null],
    ["with rows cannot be told", [`INSERT INTO ${database}.chunks VALUES (1)`], "ER_NO_SUCH_TABLE"],
  ])("whose other table only a migration makes, %s", async (_, filled, code) => {
    await direct.query(`CREATE TABLE ${database}.chunks (taken_as INT)`);
    for (const statement of filled) await direct.query(statement);
    const tables = `SELECT t.name AS name FROM ${database}.chunks c JOIN ${database}.later t ON t.id = c.taken_as`;
    const looked = surveyOwn(access, { [`${database}.chunks`]: { tables, by: "streams" } }, { jobs: [] });
    const outcome = await looked.then(
      (survey) => survey.size,
      (error) => error.code,
    );
    expect(outcome).toBe(code ?? 1);
  });

  test("stays as it is where no job changes it", async () => {
    expect(await changed(`DELETE FROM ${database}.trades WHERE id = 1`, [])).toEqual([`${database}.trades`]);
  });
});

describe("of the server", () => {
  const more = `survey_${process.pid}_more`;
  const changed = async (statement: string) => {
    const before = await surveyServer(access);
    await direct.query(statement);
    const places = changesBetween(before, await surveyServer(access), new Map()).map(({ place }) => place);
    // Other tests make users and databases on the same server meanwhile.
    return places.filter((place) => [`user ${intruder}`, `database ${more}`].includes(place));
  };

  beforeEach(async () => {
    await direct.query(`DROP USER IF EXISTS ${intruder}`);
    await direct.query(`CREATE USER ${intruder} IDENTIFIED BY 'x'`);
    await direct.query(`GRANT SELECT ON ${database}.trades TO ${intruder}`);
    await direct.query(`GRANT ${role} TO ${intruder}`);
  });

  test.each([
    ["a right at the server", `GRANT SHOW DATABASES ON *.* TO ${intruder}`],
    ["a right with a name of its own", `GRANT BACKUP_ADMIN ON *.* TO ${intruder}`],
    ["a right at a database", `GRANT SELECT ON ${database}.* TO ${intruder}`],
    ["a right at a table", `GRANT INSERT ON ${database}.trades TO ${intruder}`],
    ["a right at a column", `GRANT UPDATE (id) ON ${database}.trades TO ${intruder}`],
    ["a right less", `REVOKE SELECT ON ${database}.trades FROM ${intruder}`],
    ["a role that is taken at login", `SET DEFAULT ROLE ALL TO ${intruder}`],
    ["a role less", `REVOKE ${role} FROM ${intruder}`],
    ["another password", `ALTER USER ${intruder} IDENTIFIED BY 'y'`],
    ["that it is gone", `DROP USER ${intruder}`],
  ])("of a user %s shows", async (_, statement) => {
    expect(await changed(statement)).toEqual([`user ${intruder}`]);
  });

  test("a new user shows, and a right that it has already does not", async () => {
    await direct.query(`DROP USER ${intruder}`);
    const grant = `GRANT SELECT ON ${database}.* TO ${intruder}`;
    expect(await changed(`CREATE USER ${intruder}`)).toEqual([`user ${intruder}`]);
    expect([await changed(grant), await changed(grant)]).toEqual([[`user ${intruder}`], []]);
  });

  test("a database shows", async () => {
    expect(await changed(`CREATE DATABASE ${more}`)).toEqual([`database ${more}`]);
    expect(await changed(`DROP DATABASE ${more}`)).toEqual([`database ${more}`]);
  });

  test("locks are not told where it keeps no list of them, as the image that ships", async () => {
    expect(await surveyLocks(access)).toBeNull();
  });

  test("locks are told by name where it does", async () => {
    const answers: Record<string, object[]> = {
      "@@performance_schema": [{ schema_is_on: 1 }],
      metadata_locks: [{ name: "job:1" }],
    };
    const query = async (sql: string) =>
      answers[Object.keys(answers).find((word) => sql.includes(word)) ?? ""];
    const locks = await surveyLocks({ query } as unknown as MysqlAccess);
    expect([...(locks?.keys() ?? [])]).toEqual(["job:1"]);
  });
});
