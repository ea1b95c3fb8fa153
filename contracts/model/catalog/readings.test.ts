import { describe, expect, test } from "vitest";
import type { OperationId } from "../../operations.ts";
import { call, claim, finish, issue, limits, own } from "../../testing/model-calls.ts";
import type { Fields, ModelCall } from "../call.ts";
import { judgeCalls } from "../model.ts";
import { tablesIn } from "./statement-tables.ts";

const database = "sample";
const ask = (at: number, operation: OperationId, request: Fields, reply: unknown, more = {}) =>
  call(at, operation, { database, ...request }, reply, more);
const named = (table: string) => ({ database, table, type: "log" });
const make = (at: number, table: string, more = {}) =>
  ask(at, "table.create", { table, type: "log" }, named(table), more);
const remove = (at: number, table: string, more = {}) =>
  ask(at, "table.delete", { table }, named(table), more);
const rename = (at: number, table: string, new_name: string, more = {}) =>
  ask(at, "table.rename", { table, new_name, overwrite: "true" }, named(new_name), more);
const swap = (at: number, first: string, second: string, more = {}) =>
  ask(at, "table.swap", { first, second }, { database, table1: first, table2: second }, more);
const drop = (at: number) => ask(at, "database.delete", {}, { database });
/** Nobody heard the answer: it may have had its effect. */
const lost = { status: null, reply: undefined, excused: true };

/** A job from its order to its success, which takes a second. */
function job(
  at: number,
  id: string,
  query: string,
  num_records: number,
  more: ModelCall[] = [],
): ModelCall[] {
  const order = { type: "presto", database, query };
  return [
    issue(at, id, { request: { ...order, domain_key: `k${id}` } }),
    claim(at + 100, { job_id: id, query }),
    ...more,
    finish(at + 1_000, { job_id: id, num_records, result_size: null, result_schema: null }),
  ];
}
/** One that makes a table of so many rows. */
const making = (at: number, id: string, table: string, rows: number): ModelCall[] =>
  job(at, id, `CREATE TABLE ${table} AS SELECT n FROM src`, rows, [
    ask(
      at + 200,
      "worker.register_table",
      { ...own, job_id: id, table, columns: [["n", "int"]] },
      { database, table },
    ),
  ]);
const reading = (at: number, id: string, table: string, rows: number): ModelCall[] =>
  job(at, id, `SELECT n FROM ${table}`, rows);

const deleting = (at: number, id: string, table: string): ModelCall[] =>
  job(at, id, `DELETE FROM ${table} WHERE time >= 3600 AND time < 7200`, 2);

const found = (calls: ModelCall[]): string[] =>
  judgeCalls(calls, 0, { ...limits, rowsOf: () => null })
    .departures.map(({ problem }) => problem)
    .filter((problem) => /while it ran|rows of/.test(problem));

const made = [...making(1_000, "1", "one", 5), ...making(3_000, "2", "two", 7)];

test.each<[string, ModelCall[]]>([
  ["the new name has the rows", [rename(5_000, "one", "six"), ...reading(6_000, "3", "six", 5)]],
  ["the place of another one", [rename(5_000, "one", "two"), ...reading(6_000, "3", "two", 5)]],
  [
    "each has the other's",
    [swap(5_000, "one", "two"), ...reading(6_000, "3", "one", 7), ...reading(8_000, "4", "two", 5)],
  ],
  [
    "and its own again",
    [swap(5_000, "one", "two"), swap(5_100, "two", "one"), ...reading(6_000, "3", "one", 5)],
  ],
  ["nobody knows what was there before", [rename(5_000, "src", "old"), ...reading(6_000, "3", "old", 9)]],
  ["a job that began before it was gone", [...reading(5_000, "3", "one", 5), remove(5_500, "one")]],
  ["a job that ran before a swap", [...reading(5_000, "3", "one", 5), swap(5_500, "one", "two")]],
  [
    "a swap that takes effect later than it was asked for",
    [swap(5_000, "one", "src", lost), rename(5_100, "two", "one"), ...reading(6_000, "3", "one", 9)],
  ],
  [
    "two that overlap, in the other order",
    [
      swap(5_000, "one", "src", { sent: 4_500 }),
      rename(4_950, "two", "one", { sent: 4_600 }),
      ...reading(6_000, "3", "one", 9),
    ],
  ],
  ["a job that ran after a swap", [...reading(5_000, "3", "one", 7), swap(5_500, "one", "two")]],
  [
    "a name that is there again",
    [remove(5_000, "one"), make(5_500, "one"), ...reading(6_000, "3", "one", 0)],
  ],
  ["a deletion that nobody heard of", [remove(5_000, "one", lost), ...reading(6_000, "3", "one", 5)]],
  [
    "a swap that nobody heard of",
    [swap(5_000, "one", "two", lost), rename(5_100, "src", "x"), ...reading(6_000, "3", "one", 7)],
  ],
  [
    "two moves that overlap",
    [
      swap(5_000, "one", "two", { sent: 4_500 }),
      rename(4_900, "two", "six", { sent: 4_600 }),
      ...reading(6_000, "3", "one", 5),
    ],
  ],
  [
    "rows that were added",
    [
      rename(5_000, "one", "six"),
      ...job(5_200, "3", "INSERT INTO six SELECT n FROM two", 7),
      ...reading(7_000, "4", "six", 12),
    ],
  ],
  [
    "rows that were deleted",
    [rename(5_000, "one", "six"), ...deleting(5_200, "3", "six"), ...reading(7_000, "4", "six", 3)],
  ],
  [
    "a job of which nobody knows in which of its tables the rows are",
    [
      ask(
        1_300,
        "worker.register_table",
        { ...own, table: "six", columns: [["n", "int"]] },
        { database, table: "six" },
      ),
      rename(5_000, "six", "new"),
      ...reading(6_000, "3", "new", 0),
    ],
  ],
  [
    "a query of less than all",
    [swap(5_000, "one", "two"), ...job(6_000, "3", "SELECT DISTINCT n FROM one", 1)],
  ],
  [
    "a query of which the text is not read",
    [remove(5_000, "one"), ...job(6_000, "3", "SELECT (1) FROM one", 5)],
  ],
])("is possible: %s", (_, calls) => {
  expect(found([...made, ...calls])).toEqual([]);
});

const absent = (table: string) => `it ended in success although there was no sample.${table} while it ran`;
const rows = (table: string, maker: string, expected: number, got: number) =>
  `rows of ${table}, which job ${maker} made: expected ${expected}, got ${got}`;

test.each<[string, ModelCall[], string]>([
  ["the old name has rows", [rename(5_000, "one", "six"), ...reading(6_000, "3", "one", 5)], absent("one")],
  ["what is deleted has rows", [remove(5_000, "one"), ...reading(6_000, "3", "one", 5)], absent("one")],
  [
    "what is in no database any more has rows",
    [drop(5_000), ...reading(6_000, "3", "one", 5)],
    absent("one"),
  ],
  [
    "rows are added to what is gone",
    [remove(5_000, "one"), ...job(6_000, "3", "INSERT INTO one SELECT n FROM two", 7)],
    absent("one"),
  ],
  [
    "rows are deleted from what is gone",
    [remove(5_000, "one"), ...deleting(6_000, "3", "one")],
    absent("one"),
  ],
  [
    "a table is made of what is gone",
    [rename(5_000, "one", "six"), ...job(6_000, "3", "CREATE TABLE new AS SELECT n FROM one;", 5)],
    absent("one"),
  ],
  [
    "a swap that moved no rows",
    [swap(5_000, "one", "two"), ...reading(6_000, "3", "one", 5)],
    rows("one", "2", 7, 5),
  ],
  [
    "a rename that left the rows of the other",
    [rename(5_000, "one", "two"), ...reading(6_000, "3", "two", 7)],
    rows("two", "1", 5, 7),
  ],
  [
    "a way over three names",
    [
      rename(5_000, "one", "six"),
      swap(5_100, "six", "two"),
      rename(5_200, "two", "new"),
      ...reading(6_000, "3", "new", 7),
    ],
    rows("new", "1", 5, 7),
  ],
])("is found: %s", (_, calls, problem) => {
  expect(found([...made, ...calls])).toEqual([problem]);
});

describe("which tables a statement is about", () => {
  test.each<[string, string[], string | null]>([
    ["SELECT n, t FROM one", ["one"], "one"],
    ["select * from `one`;", ["one"], "one"],
    ["SELECT /* effect_1 */ n FROM one", ["one"], "one"],
    ["INSERT INTO TABLE one VALUES (1)", ["one"], null],
    ["CREATE TABLE new AS SELECT n FROM one", ["one"], "one"],
    ["SELECT n FROM one WHERE n > 1", [], null],
    ["SELECT EXTRACT(YEAR FROM one)", [], null],
    ["SELECT 'x' FROM one", [], null],
    ["SELECT n FROM two UNION SELECT n FROM one", [], null],
    ["WITH one AS (SELECT 1) SELECT n FROM one", [], null],
    ["SELECT n FROM One", [], null],
    ["SELECT n FROM other.one", [], null],
    ["SELECT /*! n FROM one", [], null],
    ["BULK IMPORT COMMIT session INTO one", [], null],
    ["DELETE FROM one WHERE time >= 3600 AND time < 7200", ["one"], null],
  ])("%s", (text, needs, whole) => {
    expect(tablesIn(text)).toMatchObject({ needs, whole });
  });
});
