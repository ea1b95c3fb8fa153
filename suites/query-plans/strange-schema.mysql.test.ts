import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { createConnection } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TableSizes } from "../../harness/config/table-sizes.ts";
import { checkPlans, type PlanCheck } from "../../harness/query-plans/check.ts";
import { collect } from "../../harness/query-plans/collect.ts";
import { Session } from "../../harness/query-plans/session.ts";
import { onceItAnswers, runningMysql } from "../containers/running-mysql.ts";
import { red } from "./scans.ts";
import { green, prepared, schema, sizes, tables } from "./strange-schema.ts";

/** The check of query plans on a schema that is none of a job service, against a real MySQL. */

/** One of its own: the server of the other tests keeps no list of what it executes. */
const rootlike = { user: "rootlike", password: "of-a-test" };
const keepsStatements = [
  "--performance-schema=ON",
  "--performance-schema-max-sql-text-length=16384",
  "--performance-schema-max-digest-length=16384",
  "--max-digest-length=16384",
];
const init = `CREATE USER '${rootlike.user}'@'%' IDENTIFIED BY '${rootlike.password}';
GRANT ALL ON *.* TO '${rootlike.user}'@'%' WITH GRANT OPTION;
`;

let server: { host: string; port: number };
let session: Session;
const ended = new AsyncDisposableStack();
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "interlock-plans-"));
  ended.defer(() => rm(folder, { recursive: true }));
  const { url } = ended.use(await runningMysql(folder, init, keepsStatements));
  const { hostname, port } = new URL(url);
  server = { host: hostname, port: Number(port) };
  session = ended.use(await onceItAnswers(() => Session.open({ ...server, ...rootlike })));
  await session.query("CREATE DATABASE ??", [schema]);
  await session.query("USE ??", [schema]);
  for (const statement of tables) await session.query(statement);
});
afterAll(() => ended.disposeAsync());

const application = async (mode = "") => {
  const { host, port } = server;
  const connection = await createConnection({ host, port, ...rootlike, database: schema });
  await connection.query("SET SESSION sql_mode = ?", [mode]);
  return connection;
};
type Application = Awaited<ReturnType<typeof application>>;

/** What is found of what an application executes in the schema. */
async function checked(
  act: (connection: Application) => Promise<void>,
  mode = "",
  of: TableSizes = sizes,
): Promise<PlanCheck> {
  const before = await collect(session);
  const connection = await application(mode);
  await act(connection);
  await connection.end();
  return await checkPlans(session, await collect(session, before), of);
}

const asQueries = (statements: readonly string[]) => async (connection: Application) => {
  for (const sql of statements) await connection.query(sql);
};

/** Rows that the optimizer takes the largest table to have. */
async function mostBelieved(): Promise<number> {
  const [row] = await session.query(
    "SELECT MAX(n_rows) AS most FROM mysql.innodb_table_stats WHERE database_name = ?",
    [schema],
  );
  return Number(row?.["most"]);
}

const told = ({ checked: all, lacks }: PlanCheck) => ({
  lacks,
  told: all.filter((one) => one.findings.length + one.lacks.length > 0),
});

describe("the plans of a stranger's statements", () => {
  test("that go by an index are green", async () => {
    const check = await checked(asQueries(green));
    expect(told(check)).toEqual({ lacks: [], told: [] });
    expect(check.checked.length).toBeGreaterThan(17);
    expect(check.untouched).toEqual([`${schema}.kept`]);
  });

  test("that go through a table are red, each with the table, the access and what to do", async () => {
    const { checked: all, lacks } = await checked(asQueries(red.map(({ sql }) => sql)));
    expect(lacks).toEqual([]);
    const findings = all.flatMap((one) =>
      one.findings.map(({ table, access, next }) => ({ table, access, next, of: one.statement })),
    );
    for (const { what, sql, table, access, next } of red) {
      const [row] = await session.query("SELECT STATEMENT_DIGEST_TEXT(?) AS text", [sql]);
      expect({ what, findings }).toEqual({
        what,
        findings: expect.arrayContaining([
          {
            table: `${schema}.${table}`,
            access,
            next: expect.stringMatching(next) as string,
            of: row?.["text"] as string,
          },
        ]) as object,
      });
    }
    expect(all.flatMap((one) => one.lacks)).toEqual([]);
    expect(new Set(findings.map(({ of }) => of)).size).toBe(red.length);
  });

  test("that are prepared are judged with values of any kind", async () => {
    const prepare =
      (statements: typeof prepared.green | typeof prepared.red) => async (connection: Application) => {
        for (const [sql, values] of statements) await connection.execute(sql, [...values]);
      };
    expect(told(await checked(prepare(prepared.green)))).toEqual({ lacks: [], told: [] });
    const { checked: all, lacks } = await checked(prepare(prepared.red));
    expect([lacks, all.map(({ findings }) => findings.length)]).toEqual([[], [1, 1, 1]]);
  });

  test("are read in the way of writing of their session", async () => {
    const names = `SELECT "id" FROM "or\`ders" WHERE "total" = 3`;
    expect(told(await checked(asQueries([names]), "ANSI_QUOTES")).told).toMatchObject([
      { findings: [{ access: "ALL", next: expect.stringContaining("(`total`)") as string }] },
    ]);
    const backslash = String.raw`SELECT id FROM orders_of WHERE customer = 'a\' OR customer = ' OR 1 = 1'`;
    await session.query("CREATE OR REPLACE VIEW orders_of AS SELECT * FROM `or``ders`");
    expect(told(await checked(asQueries([backslash]), "NO_BACKSLASH_ESCAPES"))).toEqual({
      lacks: [],
      told: [],
    });
  });

  test("are missing where MySQL shows none", async () => {
    const secret = "x".repeat(17_000);
    await session.query("CREATE PROCEDURE recount() SELECT COUNT(*) FROM settings");
    await session.query("CREATE TABLE undeclared (id INT PRIMARY KEY, n INT)");
    await session.query("CREATE TABLE gone (id INT PRIMARY KEY)");
    await session.query("CREATE TABLE few (id INT PRIMARY KEY)");
    await session.query(
      "CREATE TRIGGER counted AFTER DELETE ON settings FOR EACH ROW DELETE FROM stock WHERE id = -1",
    );
    const wider = { ...sizes, rows: { [schema]: { ...sizes.rows[schema], few: 10_000, absent: 1 } } };
    const { checked: all, lacks } = await checked(
      async (connection) => {
        await asQueries([
          "CALL recount()",
          "SELECT n FROM undeclared WHERE n = 1",
          "SELECT id FROM kept WHERE a = 3",
          "SELECT id FROM gone",
          "DROP TABLE gone",
          "SELECT id FROM few WHERE id > 3",
          // No other test may have one of its shape: of all that have it MySQL keeps the slowest as a sample.
          "SELECT l.sku, o.total FROM `or``ders` o JOIN `order line` l ON l.qty = o.total WHERE o.id = 12345",
          `SELECT * FROM settings WHERE name = '${secret}'`,
        ])(connection);
      },
      "",
      wider,
    );
    const why = (part: string) =>
      all.flatMap((one) => (one.statement.includes(part) ? one.lacks.map((lack) => lack.why) : []));
    expect(why("CALL")).toEqual([expect.stringContaining("no statement of a procedure")]);
    expect(why("TRIGGER")).toEqual([expect.stringContaining("no statement of a trigger")]);
    expect(why("undeclared")).toEqual(["nobody declared how many rows it has"]);
    expect(why("`gone`")).toEqual([expect.stringContaining("doesn't exist")]);
    expect(why("`kept`")).toEqual([expect.stringContaining("no matching row in const table")]);
    expect(why("`few`")).toEqual([expect.stringContaining("it holds 0 rows")]);
    expect(why("`total` WHERE")).toEqual([expect.stringContaining("no matching row in const table")]);
    expect(why("FROM `settings` WHERE NAME")).toEqual([
      expect.stringContaining("kept its first 16384 bytes"),
    ]);
    expect(lacks).toEqual([`${schema}.absent is declared and not there`]);
    for (const what of ["TABLE few", "TABLE undeclared", "PROCEDURE recount", "TRIGGER counted"])
      await session.query(`DROP ${what}`);
  });

  test("that somebody answers for are told apart; an entry that matches nothing is missing", async () => {
    const allowed = [
      { table: `${schema}.order line`, statement: "WHERE `qty` = ?", reason: "once a day" },
      { table: `${schema}.stock`, statement: "WHERE `qty` = ?", reason: "nothing" },
    ];
    const check = await checked(asQueries([(red[0] as (typeof red)[number]).sql]), "", { ...sizes, allowed });
    expect(told(check)).toEqual({
      told: [],
      lacks: [expect.stringContaining(`${schema}.stock matches nothing`)],
    });
    expect(check.allowed).toEqual([expect.stringContaining("once a day")]);
  });
});

test("the command judges what a server has executed so far, and puts its statistics back", async () => {
  const folder = await mkdtemp(join(tmpdir(), "interlock-plans-"));
  const file = join(folder, "sizes.json");
  await writeFile(file, JSON.stringify(sizes));
  const { host, port } = server;
  const url = `mysql://${rootlike.user}:${encodeURIComponent(rootlike.password)}@${host}:${port}`;
  const argv = ["harness/cli.ts", "query-plans", "--server", url, "--sizes", file];
  const { exitCode, stdout, stderr } = await execa(process.execPath, argv, { reject: false });
  await rm(folder, { recursive: true });
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(
    /^✕ strange shop\.order line: 100000 rows each time \(ALL\): no index leads .*\(`qty`\)\n {4}\d+ times: SELECT/m,
  );
  expect(stdout).toMatch(/^VIOLATION: the plans of \d+ statements, \d+ through too many rows/m);
  expect(stdout + stderr).not.toContain(rootlike.password);
  expect(await mostBelieved()).toBeLessThan(100);
});

test("a check that is stopped puts them back, too", async () => {
  const stopped = AbortSignal.abort(new Error("stopped by hand"));
  await expect(checkPlans(session, await collect(session), sizes, stopped)).rejects.toThrow(
    "stopped by hand",
  );
  expect(await mostBelieved()).toBeLessThan(100);
});

describe("a server that tells too little is missing, with the reason", () => {
  const lacksWhile = async (off: string, on: string, asked: Pick<Session, "query"> = session) => {
    await session.query(off);
    try {
      return (await collect(asked)).lacks;
    } finally {
      await session.query(on);
    }
  };

  test("performance_schema is off", async () => {
    const off = {
      query: () => Promise.resolve([{ Variable_name: "performance_schema", Value: "OFF" }] as never),
    };
    expect((await collect(off)).lacks).toEqual([
      expect.stringContaining("start it with --performance-schema=ON"),
    ]);
  });

  test("the account may not read it", async () => {
    await session.query("CREATE USER 'plain'@'%' IDENTIFIED BY 'p'");
    await session.query("GRANT SELECT ON ??.* TO 'plain'@'%'", [schema]);
    await using plain = await Session.open({ ...server, user: "plain", password: "p" });
    expect((await collect(plain)).lacks).toEqual([
      expect.stringMatching(/cannot be read by this account.*denied/),
    ]);
  });

  test("the account may not set statistics", async () => {
    await session.query("GRANT SELECT ON performance_schema.* TO 'plain'@'%'");
    await using plain = await Session.open({ ...server, user: "plain", password: "p" });
    const before = await collect(session);
    const connection = await application();
    await connection.query("SELECT * FROM `order line` WHERE qty = 3");
    await connection.end();
    const check = await checkPlans(plain, await collect(plain, before), sizes);
    expect(check.checked.flatMap((one) => one.lacks.map(({ why }) => why))).toEqual([
      expect.stringMatching(/^MySQL takes it to have \d\d rows, declared 100000/),
    ]);
    expect(check.lacks).toContainEqual(
      expect.stringMatching(/statistics of .*order line cannot be set: .*denied/),
    );
  });

  test.each([
    ["setup_consumers", "NAME = 'statements_digest'", "consumer is off: statements_digest"],
    ["setup_instruments", "NAME = 'statement/sql/select'", "instrument is off: statement/sql/select"],
  ])("%s", async (table, where, told) => {
    const set = (to: string) => `UPDATE performance_schema.${table} SET ENABLED = '${to}' WHERE ${where}`;
    expect(await lacksWhile(set("NO"), set("YES"))).toEqual([expect.stringContaining(told)]);
  });

  test("setup_actors leaves somebody out", async () => {
    const lacks = await lacksWhile(
      "INSERT INTO performance_schema.setup_actors (HOST, USER, ROLE, ENABLED, HISTORY) VALUES ('%', 'api', '%', 'NO', 'NO')",
      "DELETE FROM performance_schema.setup_actors WHERE USER = 'api'",
    );
    expect(lacks).toEqual([expect.stringContaining("setup_actors leaves out api@%")]);
  });

  test("its table of digests was full", async () => {
    const asked: Pick<Session, "query"> = {
      query: async (sql, values) => {
        const rows = await session.query(sql, values);
        return sql.includes("DIGEST_TEXT") ? ([...rows, { digest: null, times: 7 }] as typeof rows) : rows;
      },
    };
    expect((await collect(asked)).lacks).toEqual([expect.stringMatching(/^7 statements .*digests-size$/)]);
  });
});
