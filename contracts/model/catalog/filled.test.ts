import { expect, test } from "vitest";
import type { OperationId } from "../../operations.ts";
import { call, claim, finish, issue, limits, own } from "../../testing/model-calls.ts";
import type { Fields, ModelCall } from "../call.ts";
import { judgeCalls } from "../model.ts";

/** What is counted of a table that a job has made. */

const database = "sample";
const ask = (at: number, operation: OperationId, request: Fields, reply: unknown, more = {}) =>
  call(at, operation, { database, ...request }, reply, more);
const named = (table: string) => ({ database, table, type: "log" });

const run = (
  at: number,
  id: string,
  query: string,
  more: ModelCall[] = [],
  end: Fields = {},
): ModelCall[] => [
  issue(at, id, { request: { type: "presto", database, query, domain_key: `k${id}` } }),
  claim(at + 100, { job_id: id, query }),
  ...more,
  finish(at + 500, { job_id: id, num_records: 5, result_size: null, result_schema: null, ...end }),
];
const register = ask(
  1_200,
  "worker.register_table",
  { ...own, table: "one", columns: [["n", "int"]] },
  { database, table: "one" },
);
const made = run(1_000, "1", "CREATE TABLE one AS SELECT n FROM src", [register]);
const row = (name: string, count: number) => ({ name, count });
const show = (at: number, table: string, count: number, more = {}) =>
  ask(at, "table.show", { table }, row(table, count), more);
const list = (at: number, ...rows: [string, number][]) =>
  ask(at, "table.list", {}, { database, tables: rows.map(([name, count]) => row(name, count)) });

/** A service that moves tables. */
const moving = ask(900, "table.rename", { table: "old", new_name: "older" }, named("older"));

const problemsOf = (calls: readonly ModelCall[], before: readonly ModelCall[] = [moving]): string[] =>
  judgeCalls([...before, ...calls], 0, { ...limits, rowsOf: () => null })
    .departures.filter(({ problem }) => problem.startsWith("count of"))
    .map(({ call: { operation }, problem }) => `${operation}: ${problem}`);

const insert = run(2_000, "2", "INSERT INTO one SELECT 1");
const replaced = run(2_000, "2", "INSERT OVERWRITE TABLE one SELECT 1");
const deleted = [
  call(
    2_000,
    "table.partial_delete",
    { database, table: "one", from: 0, to: 3_600 },
    { job_id: "2", database, table: "one" },
  ),
  claim(2_100, { job_id: "2", query: "DELETE FROM one WHERE time >= 0 AND time < 3600" }),
  finish(2_500, { job_id: "2", num_records: 2, result_size: null, result_schema: null }),
];
const rename = (more = {}, at = 2_000) =>
  ask(at, "table.rename", { table: "one", new_name: "six" }, named("six"), more);
const lost = { status: null, reply: undefined, excused: true };

test("a service from before moves counts nothing", () => {
  expect(problemsOf([...made, show(3_000, "one", 0)], [])).toEqual([]);
});

test.each<[string, readonly ModelCall[]]>([
  ["as many as its job has said", [show(3_000, "one", 5), list(3_100, ["one", 5], ["other", 7])]],
  ["by its new name", [rename(), show(3_000, "six", 5)]],
  ["none while its job goes on", [show(1_300, "one", 0)]],
  ["either while the report is on its way", [show(1_500, "one", 0), show(1_500, "one", 5)]],
  ["what another job has added as well", [...insert, show(1_900, "one", 5), show(3_000, "one", 10)]],
  ["either while that one reports", [...insert, show(2_500, "one", 5), show(2_500, "one", 10)]],
  ["any once a job may have added to it that is not understood", [...replaced, show(3_000, "one", 6)]],
  ["any once it was moved and added to", [...insert, rename({}, 2_800), show(3_000, "six", 6)]],
  ["less what a Partial Delete has taken", [...deleted, show(3_000, "one", 3)]],
  ["any while nobody knows whose name it is", [rename(lost), show(3_000, "one", 0)]],
  [
    "any once a chunk may have come",
    [
      ask(2_000, "table.import", { table: "one", format: "msgpack.gz", content: "" }, {}),
      show(3_000, "one", 9),
    ],
  ],
])("it holds %s", (_, calls) => {
  expect(problemsOf([...made, ...calls])).toEqual([]);
});

test.each<[string, readonly ModelCall[], string]>([
  ["none", [show(3_000, "one", 0)], "table.show: count of one: expected 5, got 0"],
  ["more", [show(3_000, "one", 10)], "table.show: count of one: expected 5, got 10"],
  ["none in a list", [list(3_000, ["one", 0])], "table.list: count of one: expected 5, got 0"],
  ["none by its new name", [rename(), show(3_000, "six", 0)], "table.show: count of six: expected 5, got 0"],
  [
    "none before another job adds to it",
    [...insert, show(1_900, "one", 0)],
    "table.show: count of one: expected 5, got 0",
  ],
  [
    "what another job has added and does not count",
    [...insert, show(3_000, "one", 5)],
    "table.show: count of one: expected 10, got 5",
  ],
  [
    "what a Partial Delete has taken away",
    [...deleted, show(3_000, "one", 7)],
    "table.show: count of one: expected 3, got 7",
  ],
  [
    "none after a job that only reads it",
    [...run(2_000, "2", "SELECT n FROM one"), show(3_000, "one", 0)],
    "table.show: count of one: expected 5, got 0",
  ],
])("it does not hold %s", (_, calls, problem) => {
  expect(problemsOf([...made, ...calls])).toEqual([problem]);
});

test("nothing is counted of what a failed job has registered", () => {
  const failed = run(1_000, "1", "CREATE TABLE one AS SELECT n FROM src", [register], {
    status: "error",
    num_records: null,
    message: "no",
  });
  expect(problemsOf([...failed, show(3_000, "one", 0)])).toEqual([]);
});
