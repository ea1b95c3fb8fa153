import { expect, test } from "vitest";
import { call, claim, finish, issue, order, own, problems, second } from "../../testing/model-calls.ts";
import type { Fields, ModelCall } from "../call.ts";

const table = { database: "sample", table: "copies" };
const asShown = (change: Fields = {}): Fields => ({
  id: 7,
  name: "copies",
  count: 0,
  created_at: second(3),
  updated_at: second(3),
  delete_protected: false,
  expire_days: null,
  ...change,
});
const show = (at: number, change: Fields = {}): ModelCall => call(at, "table.show", table, asShown(change));
const list = (at: number, change: Fields = {}): ModelCall =>
  call(at, "table.list", { database: "sample" }, { database: "sample", tables: [asShown(change)] });
const register = (at: number): ModelCall =>
  call(at, "worker.register_table", { ...own, ...table, columns: [] }, table);
const create = call(3_000, "table.create", { ...table, type: "log" }, { ...table, type: "log" });
/** An order of another job. */
const other = (at: number): ModelCall => issue(at, "2", { request: { ...order, domain_key: "l" } });
const byJob = [issue(1_000), claim(2_000), register(3_000)];

test.each([
  ["made by a customer", [create]],
  ["made by a job", byJob],
])("a table %s is shown as it is", (_, before) => {
  const looks = [
    show(4_000),
    list(5_000, { count: 9, updated_at: second(4) }),
    show(6_000, { updated_at: second(4) }),
  ];
  expect(problems([...before, ...looks])).toEqual([]);
});

test.each<[string, Fields, string]>([
  ["made before anybody made it", { created_at: second(1) }, "created_at: expected 1970-01-01 00:00:02"],
  ["made after it was made", { created_at: second(4) }, "created_at: expected"],
  ["made at a time that is none", { created_at: "3" }, "created_at: expected"],
  ["changed before it was made", { updated_at: second(1) }, "updated_at: expected"],
  ["changed in the future", { updated_at: second(8) }, "updated_at: expected"],
])("a table is not shown as %s", (_, change, problem) => {
  for (const before of [[create], byJob])
    for (const look of [show, list])
      expect(problems([...before, look(5_000, change)])).toEqual([expect.stringContaining(problem)]);
});

test.each<[string, Fields]>([
  ["id", { id: 8 }],
  ["delete_protected", { delete_protected: true }],
  ["expire_days", { expire_days: 30 }],
])("its %s stays as it was shown", (name, change) => {
  expect(problems([create, show(4_000), list(5_000, change)])).toEqual([
    expect.stringContaining(`${name}: `),
  ]);
  expect(problems([create, list(4_000), show(5_000, change)])).toEqual([
    expect.stringContaining(`${name}: `),
  ]);
});

test("it is not changed earlier than it had been", () => {
  const looks = [show(5_000, { updated_at: second(4) }), show(6_000, { updated_at: second(3) })];
  expect(problems([create, ...looks])).toEqual([
    'updated_at: expected at least "1970-01-01 00:00:04 UTC", got "1970-01-01 00:00:03 UTC"',
  ]);
});

test("a table that a job makes again may be another one", () => {
  const failed = {
    status: "error",
    num_records: null,
    result_size: null,
    result_schema: null,
    message: "no",
  };
  const again = { id: 8, created_at: second(7), updated_at: second(7) };
  const begun = [other(4_500), claim(6_000, { job_id: "2" })];
  const made = call(7_000, "worker.register_table", { ...own, job_id: "2", ...table, columns: [] }, table);
  const calls = [...byJob, show(3_500), finish(4_000, failed), ...begun, made, show(8_000, again)];
  expect(problems(calls)).toEqual([]);
});

test("of what was there before only the latest time is known", () => {
  const database = (at: number, change: Fields = {}) =>
    call(at, "database.show", { database: "sample" }, { name: "sample", created_at: second(0), ...change });
  expect(problems([issue(1_000), database(2_000), other(3_000), database(4_000)])).toEqual([]);
  expect(problems([issue(1_000), database(2_000, { created_at: second(3) })])).toEqual([
    expect.stringContaining("created_at: expected at most"),
  ]);
  expect(
    problems([issue(1_000), database(2_000), other(3_000), database(4_000, { created_at: second(1) })]),
  ).toEqual([expect.stringContaining("created_at: expected")]);
});
