import { resolve } from "node:path";
import { createConnection } from "mysql2/promise";
import { expect, test } from "vitest";
import type { RunResult } from "../../../harness/matrix/result.ts";
import { hostInEngine } from "../../containers/leftovers.ts";
import { openPlace, type Place } from "../../containers/place.ts";

/** What becomes otherwise after all jobs have ended is seen by the look at the aged world. */

const usual = resolve(import.meta.dirname, "../../../interlock.config.ts");
const scenarios = ["web", "mysql-append", "insert-into", "create-table"];
const cells = scenarios.flatMap((scenario) => ["--cell", `current/v5-presto/${scenario}`]);
const passwords = { LOADER: "of-the-loader-0123", WRITER: "of-the-writer-0123" };
const secrets = Object.fromEntries(
  Object.entries(passwords).map(([user, password]) => [`INTERLOCK_SECRET_MYSQL_${user}`, password]),
);

type Tamper = (place: { mysql: Sql; destination: Sql; web: string }) => Promise<unknown>;
type Sql = (statement: string) => Promise<unknown>;

async function tampered(place: Place, tamper: Tamper): Promise<RunResult> {
  const interlock = place.interlock(["run", "--json", "--config", usual, ...cells], secrets);
  await interlock.said("4 of 4 jobs have ended");
  const [run] = (await place.runs()) as [string];
  const sql =
    (component: string, user: string, password: string): Sql =>
    async (statement) => {
      const host = await hostInEngine(run, component);
      const connection = await createConnection({ host, port: 3306, user, password });
      await connection.query(statement);
      await connection.end();
    };
  await tamper({
    mysql: sql("mysql", "loader", passwords.LOADER),
    destination: sql("destination-mysql", "writer@mart", `p@s:w/ö?#&+ %25%${passwords.WRITER}`),
    web: `http://${await hostInEngine(run, "destination-web")}:8080`,
  });
  const { stdout, stderr } = await interlock.ended;
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout) as RunResult;
}

/** By scenario, the invariants that it broke. */
const brokenIn = ({ cells: all }: RunResult) =>
  Object.fromEntries(
    all
      .filter(({ violations }) => violations.length > 0)
      .map(({ path, violations }) => [
        path.split("/").at(-1),
        violations.map(({ invariant }) => invariant).toSorted(),
      ]),
  );

test("rows that change, tables that come and go, and deliveries that come later", async () => {
  await using place = await openPlace();
  const result = await tampered(place, async ({ mysql, destination, web }) => {
    await mysql("INSERT INTO wh_1_sample.r1_effect_3 VALUES (9, 'LATE', 1)");
    await mysql("CREATE TABLE wh_1_sample.left_behind (id INT)");
    await mysql("DROP TABLE wh_1_sample.r1_effect_4");
    await destination("DELETE FROM mart.r1_effect_2 LIMIT 1");
    await fetch(`${web}/sink/r1_effect_1/a%20b+c?x=%2F+1&y=%C3%B6`, { method: "POST", body: "{}" });
  });
  expect(result.verdict).toBe("violation");
  expect(brokenIn(result)).toEqual({
    web: ["F", "I4", "L3"],
    "mysql-append": ["F", "I4"],
    "insert-into": ["I3"],
    "create-table": ["F", "I3"],
  });
});
