import { gzipSync } from "node:zlib";
import { encode } from "@msgpack/msgpack";
import { expect, test } from "vitest";
import { call, limits, second } from "../../testing/model-calls.ts";
import type { CountedRows, ModelCall } from "../call.ts";
import { judgeCalls } from "../model.ts";
import { chunkIn } from "./chunk.ts";

/** Rows that somebody has counted are those of the table that has the name. */

const time = 1_567_578_480;
const content = gzipSync(Buffer.concat([encode({ time }), encode({ time })])).toString("base64");
const at = (table: string) => ({ database: "sample", table });
const make = (when: number, table: string) =>
  call(when, "table.create", { ...at(table), type: "log" }, { ...at(table), type: "log" });
const drop = (when: number, table: string, more = {}) =>
  call(when, "table.delete", at(table), { ...at(table), type: "log" }, more);
const dropAll = (when: number) =>
  call(when, "database.delete", { database: "sample" }, { database: "sample" });
const rename = (when: number, table: string, new_name: string, more = {}) =>
  call(when, "table.rename", { ...at(table), new_name }, { ...at(new_name), type: "log" }, more);
const replace = (when: number, table: string, new_name: string) =>
  call(when, "table.rename", { ...at(table), new_name, overwrite: true }, { ...at(new_name), type: "log" });
const swap = (when: number, first: string, second: string) =>
  call(
    when,
    "table.swap",
    { database: "sample", first, second },
    { database: "sample", table1: first, table2: second },
  );
const send = (when: number, table: string, unique_id = "a", more = {}) => {
  const reply = { elapsed_time: 0, ...at(table), md5_hex: chunkIn(content).md5, unique_id };
  const chunk = { ...at(table), format: "msgpack.gz", content, unique_id };
  return call(when, "table.import_with_id", chunk, reply, more);
};
const show = (when: number, table: string, count: number) =>
  call(when, "table.show", at(table), {
    name: table,
    count,
    counter_updated_at: count === 0 ? null : second(Math.floor(when / 1_000)),
    last_log_timestamp: count === 0 ? null : "2019-09-04 06:28:00 UTC",
    schema: count === 0 ? "[]" : '[["time","bigint"]]',
  });
const insert = (when: number, query: string) =>
  call(
    when,
    "job.issue",
    { type: "presto", database: "sample", query },
    { job: "1", job_id: "1", database: "sample" },
  );
const lost = { status: null, reply: undefined, excused: true };
const counted = (when: number, table: string, rows: number | null): CountedRows => ({
  account: "cdh4",
  database: "sample",
  table,
  rows,
  sent: when - 5,
  returned: when,
});

const problemsOf = (calls: readonly ModelCall[], found: readonly CountedRows[]): string[] =>
  judgeCalls(calls, 0, { ...limits, counted: found }).departures.map(
    ({ call: { operation }, problem }) => `${operation}: ${problem}`,
  );

const began = [make(100, "one"), send(1_000, "one"), show(1_500, "one", 2)];

test.each<[string, readonly ModelCall[], readonly CountedRows[]]>([
  ["all that came", began, [counted(2_000, "one", 2)]],
  ["rows that are not counted yet", [make(100, "one"), send(1_000, "one")], [counted(1_200, "one", 2)]],
  ["none before they are counted", [make(100, "one"), send(1_000, "one")], [counted(1_200, "one", null)]],
  [
    "under the new name alone",
    [...began, rename(2_000, "one", "two")],
    [counted(2_100, "two", 2), counted(2_100, "one", null)],
  ],
  [
    "under either name while it is renamed",
    [...began, rename(2_000, "one", "two")],
    [counted(1_995, "one", 2), counted(2_002, "two", 2), counted(1_996, "two", null)],
  ],
  [
    "under either name where the answer was lost",
    [...began, rename(2_000, "one", "two", lost)],
    [counted(2_100, "one", 2), counted(2_100, "two", null)],
  ],
  [
    "exchanged",
    [...began, make(1_600, "two"), swap(2_000, "one", "two")],
    [counted(2_100, "one", 0), counted(2_100, "two", 2)],
  ],
  [
    "a table without rows that is kept as one, and not",
    [make(100, "one"), make(200, "two")],
    [counted(300, "one", 0), counted(300, "two", null)],
  ],
  ["nothing where all was deleted", [...began, dropAll(2_000)], [counted(2_100, "one", null)]],
  [
    "what was made again",
    [...began, drop(2_000, "one"), make(2_100, "one"), send(2_200, "one"), show(2_700, "one", 2)],
    [counted(2_800, "one", 2)],
  ],
  [
    "of another customer nothing is known",
    [...began, drop(2_000, "one")],
    [{ ...counted(2_100, "one", 7), account: "hdp2" }],
  ],
  [
    "of a table that its customer has made known, what was there before",
    [...began, make(1_600, "two"), swap(2_000, "one", "two")],
    [counted(1_700, "two", 9), counted(2_100, "one", 9), counted(2_200, "two", 2)],
  ],
  ["of a table that was there before nothing is known", [send(1_000, "one")], [counted(1_500, "one", 77)]],
  [
    "a job may have made it anew",
    [...began, drop(2_000, "one"), insert(2_050, "INSERT INTO one SELECT 1")],
    [counted(2_100, "one", 1)],
  ],
])("possible: %s", (_, calls, found) => {
  expect(problemsOf(calls, found)).toEqual([]);
});

test.each<[string, readonly ModelCall[], readonly CountedRows[], string]>([
  [
    "left under the old name",
    [...began, rename(2_000, "one", "two")],
    [counted(2_100, "one", 2)],
    "table.rename: rows of sample.one: expected no table of that name, got one of 2 rows",
  ],
  [
    "not come to the new one",
    [...began, rename(2_000, "one", "two")],
    [counted(2_100, "two", null)],
    "table.rename: rows of sample.two: expected at least the 2 that were shown, got 0",
  ],
  [
    "left where they were by a swap",
    [...began, make(1_600, "two"), swap(2_000, "one", "two")],
    [counted(1_700, "two", null), counted(2_100, "one", 2)],
    "table.swap: rows of sample.one: expected at most the 0 records that were sent, got 2",
  ],
  [
    "kept beside those that take their place",
    [...began, make(1_600, "two"), replace(2_000, "two", "one")],
    [counted(1_700, "two", 0), counted(2_100, "one", 2)],
    "table.rename: rows of sample.one: expected at most the 0 records that were sent, got 2",
  ],
  [
    "left by a deletion",
    [...began, drop(2_000, "one")],
    [counted(2_100, "one", 2)],
    "table.delete: rows of sample.one: expected no table of that name, got one of 2 rows",
  ],
  [
    "left by a deletion of the database, without a row",
    [...began, dropAll(2_000)],
    [counted(2_100, "one", 0)],
    "database.delete: rows of sample.one: expected no table of that name, got one of 0 rows",
  ],
  [
    "come back",
    [...began, drop(2_000, "one"), make(2_100, "one")],
    [counted(2_200, "one", 2)],
    "table.create: rows of sample.one: expected at most the 0 records that were sent, got 2",
  ],
  [
    "gone from a table that nobody has touched",
    [...began, make(1_600, "two"), drop(2_000, "two")],
    [counted(2_100, "one", null)],
    "table.create: rows of sample.one: expected at least the 2 that were shown, got 0",
  ],
])("impossible: %s", (_, calls, found, problem) => {
  expect(problemsOf(calls, found)).toEqual([problem]);
});

const minute = 61_000;

test.each<[string, readonly ModelCall[], string[]]>([
  [
    "it is missing",
    [make(100, "one"), send(1_000, "one"), rename(1_005, "one", "two"), show(minute * 2, "two", 0)],
    ["table.show: count: expected at least the 2 records that were taken a minute before, got 0"],
  ],
  [
    "it is missing, and was sent when the other call was under way",
    [make(100, "one"), send(1_005, "one"), rename(1_000, "one", "two"), show(minute * 2, "two", 0)],
    ["table.show: count: expected at least the 2 records that were taken a minute before, got 0"],
  ],
  [
    "it is there, and was sent when the other call was under way",
    [make(100, "one"), send(1_005, "one"), rename(1_000, "one", "two"), show(2_000, "two", 2)],
    [],
  ],
  [
    "it may have come to another table of the name",
    [
      make(100, "one"),
      make(200, "two"),
      send(1_005, "one"),
      swap(1_000, "one", "two"),
      show(minute * 2, "two", 0),
    ],
    [],
  ],
  [
    "it may not have been taken",
    [
      make(100, "one"),
      send(1_005, "one", "a", lost),
      rename(1_000, "one", "two"),
      show(minute * 2, "two", 0),
    ],
    [],
  ],
])("of a chunk that was taken while its table was renamed: %s", (_, calls, expected) => {
  expect(problemsOf(calls, [])).toEqual(expected);
});
