import { expect, test } from "vitest";
import { call, cdh4, claim, finish, hdp2, issue, own, problems, refusal } from "../../testing/model-calls.ts";
import type { ModelCall } from "../call.ts";

const name = { database: "sample", table: "copies" };
const columns = [["id", "bigint"]];
const register = (at: number, more: Partial<ModelCall> = {}): ModelCall =>
  call(at, "worker.register_table", { ...own, ...name, columns }, name, more);
const show = (at: number, more: Partial<ModelCall> = {}): ModelCall =>
  call(at, "table.show", name, { name: "copies", schema: JSON.stringify(columns) }, more);
const list = (at: number, names: readonly string[]): ModelCall =>
  call(
    at,
    "table.list",
    { database: "sample" },
    { database: "sample", tables: names.map((one) => ({ name: one })) },
  );
const missing = refusal(404, "not_found");
const began = [issue(1_000), claim(2_000), register(3_000)];
const failed = finish(4_000, {
  status: "error",
  num_records: null,
  result_size: null,
  result_schema: null,
  message: "no",
});

test("a registered table is shown with its columns, and listed", () => {
  expect(problems([...began, show(3_500), list(3_600, ["copies"])])).toEqual([]);
  expect(problems([...began, show(3_500, missing)])).toEqual([
    "it is not shown although sample.copies of job 1 is there",
  ]);
  expect(problems([...began, list(3_500, [])])).toEqual(["sample.copies of job 1 is left out"]);
  expect(problems([...began, show(3_500, { reply: { name: "copies", schema: "[]" } })])).toEqual([
    'schema: expected [["id","bigint"]], got []',
  ]);
});

test("it is forgotten when its job ends otherwise than in success", () => {
  expect(problems([...began, failed, show(5_000, missing), list(5_100, [])])).toEqual([]);
  expect(problems([...began, failed, show(5_000), list(5_100, ["copies"])])).toEqual([
    "it is shown although it is not there",
    "copies is listed although it is not there",
  ]);
});

test("as long as the end is not sure either may be told", () => {
  const perhaps = { ...failed, status: null, reply: undefined };
  for (const look of [show(5_000), show(5_000, missing)])
    expect(problems([...began, perhaps, look])).toEqual([]);
});

test("another job's name is refused, a repeated registration is not", () => {
  const second = [issue(1_100, "2"), claim(2_100, { job_id: "2" })];
  const other = (at: number, more: Partial<ModelCall>) =>
    call(at, "worker.register_table", { ...own, job_id: "2", ...name, columns }, name, more);
  expect(problems([...began, register(3_100)])).toEqual([]);
  expect(problems([...second, ...began, other(3_500, refusal(409, "table_exists"))])).not.toContainEqual(
    expect.stringContaining("table"),
  );
  expect(problems([...second, ...began, other(3_500, {})])).toContainEqual(
    "it was taken although sample.copies of job 1 has that name already",
  );
  expect(problems([...second, ...began, failed, other(5_000, refusal(409, "table_exists"))])).toContainEqual(
    "it was refused (table_exists) although nothing has that name",
  );
});

test("a use of a job's table does not keep it when the job fails, and one of a customer's does", () => {
  const into = { name: "session", ...name };
  const create = (at: number) =>
    call(at, "bulk_import.create", into, { name: "session", bulk_import: "session" });
  const gone = [show(5_000, missing), list(5_100, [])];
  expect(problems([...began, create(3_500), failed, ...gone])).toEqual([]);
  expect(problems([...began, failed, create(4_500), ...gone])).toContainEqual(
    "it was taken although its table is not there",
  );
  const mine = call(500, "table.create", { ...name, type: "log" }, { ...name, type: "log" });
  expect(problems([mine, create(3_500), ...gone])).toContainEqual(
    "it is not shown although sample.copies of its customer is there",
  );
});

test("a session of Bulk Import needs its table, as every use of one does", () => {
  const into = { name: "session", ...name };
  const create = (at: number, more: Partial<ModelCall> = {}) =>
    call(at, "bulk_import.create", into, { name: "session", bulk_import: "session" }, more);
  const look = (at: number, more: Partial<ModelCall> = {}) => call(at, "table.show", name, {}, more);
  const make = call(950, "table.create", { ...name, type: "log" }, { ...name, type: "log" });
  expect(problems([look(900, missing), create(1_000)])).toContainEqual(
    "it was taken although its table is not there",
  );
  expect(problems([look(900, missing), make, create(1_000, missing)])).toContainEqual(
    expect.stringContaining("it was refused (not_found) although"),
  );
});

test("what a customer makes is there for itself alone", () => {
  const make = (at: number, more: Partial<ModelCall> = {}) =>
    call(at, "database.create", { database: "made" }, { database: "made" }, more);
  const look = (at: number, more: Partial<ModelCall> = {}) =>
    call(at, "database.show", { database: "made" }, { name: "made" }, more);
  const taken = refusal(409, "already_exists");
  expect(problems([look(900, missing), make(1_000), make(1_100, taken), look(1_200)])).toEqual([]);
  expect(problems([make(1_000), look(1_200, missing)])).toEqual([
    "it is not shown although made of its customer is there",
  ]);
  expect(problems([make(1_000), make(1_100)])).toEqual([
    "it was taken although made of its customer has that name already",
  ]);
  expect(problems([look(900, missing), make(1_000, taken)])).toEqual([
    "it was refused (already_exists) although nothing has that name",
  ]);
  expect(
    problems([look(900, { account: hdp2, ...missing }), make(1_000), look(1_200, { account: hdp2 })]),
  ).toEqual(["it is shown although it is not there"]);
  expect(problems([look(1_200, { account: cdh4 })])).toEqual([]);
});

test("an answer names what was asked for", () => {
  const made = (reply: unknown) => call(1_000, "database.create", { database: "made" }, reply);
  expect(problems([made({ database: "made" })])).toEqual([]);
  expect(problems([made({ database: "other" })])).toEqual(['database: expected "made", got "other"']);
});

test("a job's own registration is in nobody's way", () => {
  expect(problems([...began, register(3_100, refusal(409, "table_exists"))])).toContainEqual(
    "it was refused (table_exists) although the job itself has registered it",
  );
});

test("in a database that is not there, or new, there is no table", () => {
  const within = { database: "fresh", table: "copies" };
  const looked = (at: number, more: Partial<ModelCall> = {}) =>
    call(at, "table.show", within, { name: "copies", schema: "[]" }, more);
  const gone = call(1_000, "database.show", { database: "fresh" }, {}, missing);
  const made = call(2_000, "database.create", { database: "fresh" }, { database: "fresh" });
  expect(problems([looked(3_000)])).toEqual([]);
  expect(problems([gone, looked(1_500)])).toEqual(["it is shown although it is not there"]);
  expect(problems([made, looked(3_000)])).toEqual(["it is shown although it is not there"]);
  expect(problems([made, looked(3_000, missing)])).toEqual([]);
  const listed = call(1_500, "table.list", { database: "fresh" }, { database: "fresh", tables: [] });
  expect(problems([listed])).toEqual([]);
  expect(problems([gone, listed])).toEqual(["its tables are listed although it is not there"]);
});

test("two tables have two ids", () => {
  const tables = ["a_1", "a_2"].map((one) => ({ id: 7, name: one, schema: "[]" }));
  expect(
    problems([call(1_000, "table.list", { database: "sample" }, { database: "sample", tables })]),
  ).toEqual(["tables: two of them have one id"]);
});

test("a table into which a result goes has whatever columns come with it, and no other has", () => {
  const type = { type: "log" };
  const made = call(400, "table.create", { ...name, ...type }, { ...name, ...type });
  const said = call(600, "table.update_schema", { ...name, schema: '[["x","int"]]' }, { ...name, ...type });
  const into = (result: string, more: Partial<ModelCall> = {}) =>
    issue(1_000, "1", {
      request: { type: "presto", database: "sample", query: "SELECT 1", result },
      ...more,
    });
  const told = (order: ModelCall) => problems([made, said, order, show(5_000)]);
  expect(told(into("td://k@/sample/copies"))).toEqual([]);
  const otherwise = expect.stringMatching(/^schema: expected \[\["x","int"\]\]/);
  expect(told(into("td://k@/sample/others"))).toEqual([otherwise]);
  expect(told(into("mysql://u:p@db.test/sample/copies"))).toEqual([otherwise]);
  expect(told(into("td://k@/sample/copies", refusal(422, "invalid_input")))).toContainEqual(otherwise);
});
