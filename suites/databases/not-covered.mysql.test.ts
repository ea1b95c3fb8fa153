import { afterAll, expect, inject, test } from "vitest";
import { logEnd } from "../../harness/oracle/binlog.ts";
import { MysqlAccess } from "../../harness/oracle/mysql.ts";
import { surveyServer } from "../../harness/oracle/survey.ts";
import { collect } from "../../harness/query-plans/collect.ts";
import { Looker } from "../../harness/sessions/look.ts";

/** What MariaDB cannot tell is said, and never taken for nothing to tell. */

const { host, port, rootlike } = inject("mariadb");
const access = new MysqlAccess({ host, port }, rootlike);
const session = { query: (sql: string, values?: readonly unknown[]) => access.query(sql, values) };
afterAll(() => access.end());

test("the log does not say who changed a row", async () => {
  expect(await logEnd(access)).toBe("the log of MariaDB does not say who changed a row");
});

test("there is no statement to explain", async () => {
  expect(await collect(session)).toEqual({
    statements: [],
    longest: 0,
    lacks: ["MariaDB keeps no sample of a statement (QUERY_SAMPLE_TEXT): there is nothing to explain"],
  });
});

test("what sessions have set is not told", async () => {
  expect(await Looker.open(session)).toBe(
    "MariaDB does not tell what other sessions have set (performance_schema.variables_by_thread)",
  );
});

test("rights are compared all the same: a right, a role and who may take it", async () => {
  const name = `surveyed_${process.pid}`;
  const user = `asking_${process.pid}`;
  const before = await surveyServer(access);
  await access.query(`CREATE USER ${user}`);
  await access.query(`CREATE ROLE ${name}`);
  const made = await surveyServer(access);
  await access.query(`GRANT ${name} TO ${user}`);
  const granted = await surveyServer(access);
  await access.query(`DROP ROLE ${name}`);
  await access.query(`DROP USER ${user}`);
  const changed = (from: typeof before, to: typeof before) =>
    [...to].flatMap(([place, thing]) => (from.get(place)?.mark === thing.mark ? [] : [place]));
  expect(changed(before, made)).toEqual(expect.arrayContaining([`user '${name}'@''`, `user '${user}'@'%'`]));
  expect(changed(made, granted)).toEqual([`user '${user}'@'%'`]);
});
