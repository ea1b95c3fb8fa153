import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { type Connection, createConnection } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { deployed } from "../../harness/gate/testing/question.ts";

/** Who claims jobs of a live system, from its database into the list of what is live, and what the gate makes of it. */

const root = resolve(import.meta.dirname, "../..");
const password = "of-a-reader";
const schema = `live_${process.pid}`;
const statement = "SELECT who AS component, build AS digest FROM claims";
const builds = deployed.builds.filter(({ component }) => component.startsWith("worker"));
const [listed] = builds.map(({ component, digest }) => ({ component, digest: digest as string }));
const draining = { component: "worker-v5", digest: "0d".repeat(32) };

describe.each(["mysql", "mariadb"] as const)("%s", (kind) => {
  const { host, port, rootlike } = inject(kind);
  const reader = `reader_${process.pid}`;
  let direct: Connection;
  let place: string;

  beforeAll(async () => {
    direct = await createConnection({ host, port, ...rootlike });
    await direct.query(`CREATE DATABASE ${schema}`);
    await direct.query(`CREATE TABLE ${schema}.claims (who VARCHAR(40), build VARCHAR(80))`);
    await direct.query(`CREATE USER '${reader}'@'%' IDENTIFIED BY '${password}'`);
    await direct.query(`GRANT SELECT ON ${schema}.claims TO '${reader}'@'%'`);
    place = await mkdtemp(join(tmpdir(), "interlock-claiming-"));
    await mkdir(join(place, "none"));
    await writeFile(join(place, "live.json"), JSON.stringify(deployed));
    const { policy: _policy, ...candidate } = deployed;
    await writeFile(join(place, "candidate.json"), JSON.stringify({ schema: 1, builds: candidate.builds }));
    await writeFile(
      join(place, "live.config.ts"),
      `import usual from ${JSON.stringify(join(root, "interlock.config.ts"))};
export default (context) => {
  const config = usual(context);
  return { ...config, mysql: { ...config.mysql, claiming: process.env.CLAIMING } };
};
`,
    );
  });
  afterAll(async () => {
    await direct.query(`DROP USER '${reader}'@'%'`);
    await direct.query(`DROP DATABASE ${schema}`);
    await direct.end();
    await rm(place, { recursive: true });
  });

  const interlock = async (argv: readonly string[], claiming = "unused") => {
    const config = ["--config", join(place, "live.config.ts")];
    const { exitCode, stdout, stderr } = await execa(
      process.execPath,
      [join(root, "harness/cli.ts"), ...argv, ...config],
      { cwd: root, reject: false, stdin: "ignore", env: { CLAIMING: claiming } },
    );
    expect(`${stdout}${stderr}`).not.toContain(password);
    return { exitCode, stdout, stderr };
  };
  const server = `mysql://${reader}:${password}@${host}:${port}`;
  const asked = (sql: string) =>
    interlock(
      ["claiming", join(place, "live.json"), "--server", server],
      sql.replace(/\bclaims\b/, `${schema}.claims`),
    );
  const claims = async (...rows: readonly (typeof draining)[]) => {
    await direct.query(`DELETE FROM ${schema}.claims`);
    for (const { component, digest } of rows)
      await direct.query(`INSERT INTO ${schema}.claims VALUES (?, ?)`, [component, digest]);
  };
  /** What the gate says of who claims, with the list that was printed. */
  const decided = async (printed: string) => {
    const live = join(place, "now.json");
    await writeFile(live, printed);
    const argv = [
      "--deployed",
      live,
      "--candidate",
      join(place, "candidate.json"),
      "--evidence",
      join(place, "none"),
    ];
    const { exitCode, stdout } = await interlock(["gate", ...argv]);
    return { exitCode, claims: stdout.split("\n").filter((line) => /claim(s|) jobs/.test(line)) };
  };

  test("a build that claims and is not listed makes the answer NO-GO, and one that is listed does not", async () => {
    await claims(listed as typeof draining, draining, draining);
    const red = await asked(statement);
    expect(red).toMatchObject({ exitCode: 0, stderr: "" });
    const before = JSON.parse(await readFile(join(place, "live.json"), "utf8"));
    expect(JSON.parse(red.stdout)).toEqual({
      ...before,
      claiming: expect.arrayContaining([listed, draining]),
    });
    expect(await decided(red.stdout)).toEqual({
      exitCode: 2,
      claims: [
        expect.stringContaining("worker-v5 0d0d0d0d0d0d was seen to claim jobs and is not listed as live"),
      ],
    });
    await claims(listed as typeof draining);
    const green = await asked(statement);
    expect(await decided(green.stdout)).toMatchObject({ claims: [] });
  });

  test("where nobody claims, the gate says that nobody could be asked about", async () => {
    await claims();
    const { exitCode, stdout, stderr } = await asked(statement);
    expect({ exitCode, claiming: JSON.parse(stdout).claiming }).toEqual({ exitCode: 0, claiming: [] });
    expect(stderr).toMatch(/^nobody claims jobs there now/);
    expect((await decided(stdout)).claims).toEqual([
      expect.stringContaining("not asked for: who claims jobs"),
    ]);
  });

  test.each([
    ["columns of other names", 64, "SELECT who, build FROM claims", "row 1: component: "],
    ["one column more", 64, statement.replace("SELECT", "SELECT 1 AS n,"), 'row 1: Unrecognized key: "n"'],
    ["a build that is not told", 64, statement.replace("build", "NULL"), "row 1: digest: "],
    ["no rows at all", 64, "SET @seen = 1", "expected array"],
    ["a table that is not there", 3, statement.replace("claims", "nowhere"), "No database selected"],
    ["a table that it may not read", 3, statement.replace("claims", "mysql.user"), "denied"],
    ["SQL that is none", 3, "WHO CLAIMS", "SQL syntax"],
    ["a statement that writes", 3, "UPDATE claims SET who = 'x'", "denied"],
    ["two statements", 3, `${statement}; SELECT 1`, "SQL syntax"],
  ])("%s: %i, one message and no list", async (_, exit, sql, said) => {
    await claims(draining);
    const { exitCode, stdout, stderr } = await asked(sql);
    expect({ exitCode, stdout }).toEqual({ exitCode: exit, stdout: "" });
    expect(stderr).toContain(said);
    expect(stderr).toMatch(/mysql\.claiming[^]*correct the statement/);
    expect(stderr.match(/^interlock: /gm)).toHaveLength(1);
  });

  test("an account that may write writes nothing, and one that is not let in is told", async () => {
    await claims(draining);
    const own = `mysql://${rootlike.user}:${rootlike.password}@${host}:${port}`;
    const argv = (url: string) => ["claiming", join(place, "live.json"), "--server", url];
    for (const writing of [`UPDATE ${schema}.claims SET who = 'x'`, `DROP TABLE ${schema}.claims`])
      expect(await interlock(argv(own), writing)).toMatchObject({
        exitCode: 3,
        stdout: "",
        stderr: expect.stringContaining("READ ONLY"),
      });
    const [rows] = await direct.query(`SELECT who FROM ${schema}.claims`);
    expect(rows).toEqual([{ who: "worker-v5" }]);
    const denied = await interlock(argv(server.replace(reader, "stranger")), statement);
    expect(denied).toMatchObject({
      exitCode: 3,
      stdout: "",
      stderr: expect.stringContaining("Access denied"),
    });
  });

  test("a statement that the live server would feel is given up after 10 s", async () => {
    await claims(draining);
    const { exitCode, stdout, stderr } = await asked(statement.replace("build", "SLEEP(60)"));
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toMatch(/within 10 s, but Query [^]*interrupted/);
  }, 25_000);
});
