import { expect, test } from "vitest";
import type { OperationId } from "../../operations.ts";
import { call, claim, finish, issue, limits, own } from "../../testing/model-calls.ts";
import type { CountedRows, Fields, ModelCall } from "../call.ts";
import { judgeCalls } from "../model.ts";

/** Rows that were counted of tables that jobs have made, or were there before, are counted by their new names. */

const database = "sample";
const ask = (at: number, operation: OperationId, request: Fields, reply: unknown, more = {}) =>
  call(at, operation, { database, ...request }, reply, more);
const named = (table: string) => ({ database, table, type: "log" });
const remove = (at: number, table: string, more = {}) =>
  ask(at, "table.delete", { table }, named(table), more);
const rename = (at: number, table: string, new_name: string, more = {}) =>
  ask(at, "table.rename", { table, new_name }, named(new_name), more);
const swap = (at: number, first: string, second: string, more = {}) =>
  ask(at, "table.swap", { first, second }, { database, table1: first, table2: second }, more);
const lost = { status: null, reply: undefined, excused: true };

const run = (at: number, id: string, query: string, more: ModelCall[] = []): ModelCall[] => [
  issue(at, id, { request: { type: "presto", database, query, domain_key: `k${id}` } }),
  claim(at + 100, { job_id: id, query }),
  ...more,
  finish(at + 500, { job_id: id, num_records: 5, result_size: null, result_schema: null }),
];
const made = run(1_000, "1", "CREATE TABLE one AS SELECT n FROM src", [
  ask(
    1_200,
    "worker.register_table",
    { ...own, table: "one", columns: [["n", "int"]] },
    { database, table: "one" },
  ),
]);
const counted = (when: number, table: string, rows: number | null, account = "cdh4"): CountedRows => ({
  account,
  database,
  table,
  rows,
  sent: when - 5,
  returned: when,
});

const problemsOf = (calls: readonly ModelCall[], found: readonly CountedRows[]): string[] =>
  judgeCalls(calls, 0, { ...limits, rowsOf: () => null, counted: found })
    .departures.filter(({ problem }) => problem.startsWith("rows of"))
    .map(({ call: { operation }, problem }) => `${operation}: ${problem}`);

const before = [counted(2_000, "one", 5), counted(2_100, "two", 7)];

test.each<[string, readonly ModelCall[], readonly CountedRows[]]>([
  ["with its name", [rename(3_000, "one", "six")], [counted(4_000, "six", 5), counted(4_100, "one", null)]],
  ["exchanged", [swap(3_000, "one", "two")], [counted(4_000, "one", 7), counted(4_100, "two", 5)]],
  [
    "exchanged twice",
    [swap(3_000, "one", "two"), swap(3_100, "two", "one")],
    [counted(4_000, "one", 5), counted(4_100, "two", 7)],
  ],
  ["deleted", [remove(3_000, "one")], [counted(4_000, "one", null), counted(4_100, "two", 7)]],
  ["either way where nobody heard", [swap(3_000, "one", "two", lost)], [counted(4_000, "one", 5)]],
  ["still there where nobody heard", [remove(3_000, "one", lost)], [counted(4_000, "one", 5)]],
  [
    "more where a job may have added some",
    [rename(3_000, "one", "six"), ...run(3_100, "2", "INSERT INTO six SELECT n FROM two")],
    [counted(4_000, "six", 12)],
  ],
  [
    "more where a job added some to the old name",
    [
      issue(2_500, "2", {
        request: { type: "presto", database, query: "INSERT INTO one SELECT 1", domain_key: "k2" },
      }),
      rename(3_000, "one", "six"),
    ],
    [counted(4_000, "six", 6)],
  ],
  ["of another customer's of that name", [swap(3_000, "one", "two")], [counted(4_000, "one", 1, "hdp2")]],
])("possible: %s", (_, calls, found) => {
  expect(problemsOf([...made, ...calls], [...before, ...found])).toEqual([]);
});

test.each<[string, readonly ModelCall[], readonly CountedRows[], string]>([
  [
    "left behind",
    [rename(3_000, "one", "six")],
    [counted(4_000, "one", 5)],
    "table.rename: rows of sample.one: expected no table of that name, got one of 5 rows",
  ],
  [
    "lost on the way",
    [rename(3_000, "one", "six")],
    [counted(4_000, "six", null)],
    "table.rename: rows of sample.six: expected 5 as before, got 0",
  ],
  [
    "not exchanged",
    [swap(3_000, "one", "two")],
    [counted(4_000, "two", 7)],
    "table.swap: rows of sample.two: expected 5 as before, got 7",
  ],
  [
    "one of them alone",
    [swap(3_000, "two", "one")],
    [counted(4_000, "one", 5)],
    "table.swap: rows of sample.one: expected 7 as before, got 5",
  ],
  [
    "although a job has added some before they were counted",
    [
      ...run(1_600, "2", "INSERT INTO two SELECT n FROM one").map((one) => ({
        ...one,
        returned: one.sent + 1,
      })),
      swap(3_000, "one", "two"),
    ],
    [counted(4_000, "one", 8)],
    "table.swap: rows of sample.one: expected 7 as before, got 8",
  ],
])("impossible: %s", (_, calls, found, problem) => {
  expect(problemsOf([...made, ...calls], [...before, ...found])).toEqual([problem]);
});
