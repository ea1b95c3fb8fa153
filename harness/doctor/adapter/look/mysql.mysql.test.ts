import { type Connection, createConnection } from "mysql2/promise";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import type { Config } from "../../../config/config.ts";
import { leave, MysqlAccess } from "../../../oracle/mysql.ts";
import { examineAdapter, notStarted } from "../adapter.ts";
import { configOf } from "../testing/fake-system.ts";
import { lookAtDestinations } from "./destinations.ts";
import { lookAtMysql, type MysqlReach } from "./mysql.ts";
import { lookAtWorld } from "./world.ts";

/** A server whose accounts lack one right, or whose tables are not as they are declared, and what is told of it. */

const { host, port, rootlike } = inject("mysql");
const at = { host, port };
const own = `doctor_${process.pid}`;
const schema = `doctor_${process.pid}_wh`;
const password = "a long password";
const oracle = { user: `oracle_${process.pid}`, password };
const loader = { user: `loader_${process.pid}`, password };
const accounts = `'${oracle.user}', '${loader.user}'`;
let direct: Connection;

const everything = [
  `GRANT SELECT, REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO '${oracle.user}'`,
  `GRANT SELECT, INSERT, CREATE, DROP ON ${schema}.* TO '${loader.user}'`,
];

beforeAll(async () => {
  direct = await createConnection({ ...at, ...rootlike });
});
beforeEach(async () => {
  await remove();
  for (const name of [own, schema]) await direct.query(`CREATE DATABASE ${name}`);
  await direct.query(`CREATE TABLE ${own}.jobs (id BIGINT PRIMARY KEY)`);
  await direct.query(`CREATE TABLE ${own}.tables (account INT, \`database\` TEXT, name TEXT, columns TEXT)`);
  for (const { user } of [oracle, loader])
    await direct.query(`CREATE USER '${user}' IDENTIFIED BY '${password}'`);
  for (const grant of everything) await direct.query(grant);
});
afterAll(async () => {
  await remove();
  await direct.end();
});
async function remove() {
  for (const name of [own, schema]) await direct.query(`DROP DATABASE IF EXISTS ${name}`);
  await direct.query(`DROP USER IF EXISTS ${accounts}`);
}

interface Wrong {
  /** Done to the server first. */
  sql?: readonly string[];
  world?: Partial<Config["mysql"]["world"]>;
  mysql?: Partial<Config["mysql"]>;
  config?: Partial<Config>;
  reach?: Partial<MysqlReach>;
}

const world: Config["mysql"]["world"] = {
  own: {
    [`${own}.jobs`]: "id",
    [`${own}.tables`]: { tables: `SELECT account, \`database\`, name FROM ${own}.tables`, by: "streams" },
  },
  atStart: [],
  binlog: true,
  registered: `SELECT account, \`database\`, name, columns FROM ${own}.tables;`,
};
const customers = { cdh4: { account: 1, apikey: "1/abcdefgh", database: "sample" } };

/** What is told of it, but that the server keeps no locks, which is so for all. */
async function toldOf(wrong: Wrong = {}, undeclared: readonly string[] = []) {
  for (const statement of wrong.sql ?? []) await direct.query(statement);
  const config = configOf({
    config: { customers, ...wrong.config },
    mysql: { oracle, loader, warehouse: () => schema, world: { ...world, ...wrong.world }, ...wrong.mysql },
  });
  const [eyes, hands] = [new MysqlAccess(at, oracle), new MysqlAccess(at, loader)];
  try {
    const mysql = await lookAtMysql({
      config,
      at,
      oracle: eyes,
      loader: hands,
      table: "doctor_made",
      prepareSources: async () => {},
      ...wrong.reach,
    });
    const found = await lookAtWorld({ config, oracle: (sql, values) => eyes.query(sql, values) }, undeclared);
    return examineAdapter({ ...notStarted, mysql, world: found })
      .filter(({ health, name }) => health !== "unknown" && health !== "ok" && name !== "mysql-locks")
      .map((one) => [one.name, one.found]);
  } finally {
    await Promise.all([leave(eyes), leave(hands)]);
  }
}

test("a server that has all of it has nothing to be told of, and is left as it was", async () => {
  expect(await toldOf()).toEqual([]);
  expect((await direct.query(`SHOW TABLES FROM ${schema}`))[0]).toEqual([]);
});

const from = (user: { user: string }, what: string) => `REVOKE ${what} FROM '${user.user}'`;
const to = (user: { user: string }, what: string) => `GRANT ${what} TO '${user.user}'`;

describe("is told of by its check alone:", () => {
  test.each<readonly [check: string, found: RegExp, wrong: Wrong]>([
    ["mysql-log", /Access denied/, { sql: [from(oracle, "REPLICATION CLIENT ON *.*")] }],
    ["oracle-follows", /denied|closed/i, { sql: [from(oracle, "REPLICATION SLAVE ON *.*")] }],
    [
      "oracle-sees-rights",
      /denied/,
      {
        sql: [
          from(oracle, "SELECT ON *.*"),
          to(oracle, `SELECT ON ${own}.*`),
          to(oracle, `SELECT ON ${schema}.*`),
        ],
      },
    ],
    ["loader-fills", /CREATE command denied/, { sql: [from(loader, `CREATE ON ${schema}.*`)] }],
    ["loader-fills", /DROP command denied/, { sql: [from(loader, `DROP ON ${schema}.*`)] }],
    [
      "oracle-only-reads",
      /^it may write to doctor_\d+\.jobs$/,
      { sql: [to(oracle, `DELETE ON ${own}.jobs`)] },
    ],
    ["sources", /^no room$/, { reach: { prepareSources: () => Promise.reject(new Error("no room")) } }],
    [
      "other-accounts",
      /^sessions.account: Access denied/,
      { config: { sessions: { account: { user: "nobody", password }, pinned: {} } as never } },
    ],
    ["own-tables", /\.job: it is not there$/, { world: { own: { ...world.own, [`${own}.job`]: "id" } } }],
    [
      "own-columns",
      /jobs: job_id: Unknown column/,
      { world: { own: { ...world.own, [`${own}.jobs`]: "job_id" } } },
    ],
    [
      "own-statements",
      /Unknown column 'asked.name'/,
      {
        world: {
          own: {
            ...world.own,
            [`${own}.tables`]: { tables: "SELECT 1 AS account, 2 AS `database`", by: "streams" },
          },
        },
      },
    ],
    [
      "registered-columns",
      /doctor_\d+.tabels' doesn't exist/,
      { world: { registered: `SELECT * FROM ${own}.tabels` } },
    ],
  ])("%s says %s", async (check, found, wrong) => {
    expect(await toldOf(wrong)).toEqual([[check, expect.stringMatching(found)]]);
  });
});

test("tables that are not named are told of, and databases of which none is", async () => {
  expect(await toldOf({}, [`${own}.more`, "results.files", "results.more"])).toEqual([
    ["own-whole", `${own}.more, results.files, results.more`],
    ["own-databases", "results"],
  ]);
  const unread = { world: { binlog: false } };
  expect(await toldOf(unread, ["results.files"])).toEqual([["own-whole", "results.files"]]);
});

test("a table that the oracle sees and may not read is told of", async () => {
  const sql = [
    from(oracle, "SELECT ON *.*"),
    to(oracle, `SELECT ON mysql.*`),
    to(oracle, `SELECT ON ${schema}.*`),
    to(oracle, `SELECT ON ${own}.tables`),
    to(oracle, `INSERT ON ${own}.jobs`),
  ];
  expect(await toldOf({ sql })).toContainEqual([
    "oracle-reads",
    expect.stringMatching(/\.jobs: SELECT command denied/),
  ]);
});

test("a warehouse that is not there is told of, and that nothing can be put in", async () => {
  expect(await toldOf({ mysql: { warehouse: () => "nowhere" } })).toEqual([
    ["warehouses", "cdh4: nowhere: the oracle sees no such schema"],
    ["loader-fills", expect.stringContaining("denied")],
  ]);
});

test("a log that the config says nothing is to be read of is not looked at", async () => {
  expect(
    await toldOf({ sql: [from(oracle, "REPLICATION CLIENT ON *.*")], world: { binlog: false } }),
  ).toEqual([]);
});

test("a destination takes what its writer may put there, and says why not", async () => {
  await using stack = new AsyncDisposableStack();
  const open = (writer: typeof loader) => ({ at, server: { oracle, writer, database: schema }, stack });
  const look = async (writer: typeof loader, target: string) => {
    const destinations = await lookAtDestinations({ destinations: [["mysql", open(writer)]], target });
    return examineAdapter({ ...notStarted, destinations })
      .filter(({ health }) => health === "fail" || health === "warn")
      .map((one) => [one.name, one.found]);
  };
  expect(await look(loader, "made_1")).toEqual([]);
  expect(await look(oracle, "made_2")).toEqual([
    ["destinations-take", expect.stringMatching(/^mysql: CREATE command denied/)],
  ]);
});
