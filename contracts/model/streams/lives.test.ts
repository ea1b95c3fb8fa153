import { gzipSync } from "node:zlib";
import { encode } from "@msgpack/msgpack";
import { expect, test } from "vitest";
import { call, issue, order, problems } from "../../testing/model-calls.ts";
import { chunkIn } from "./chunk.ts";

/** Tables with chunks are followed under every name that they surely have. */

const time = 1_567_578_480;
const content = gzipSync(Buffer.concat([encode({ time, a: 1 }), encode({ time, a: 2 })])).toString("base64");
const at = (table: string) => ({ database: "sample", table });

const make = (when: number, table: string) =>
  call(when, "table.create", { ...at(table), type: "log" }, { ...at(table), type: "log" });
const drop = (when: number, table: string, more = {}) =>
  call(when, "table.delete", at(table), { ...at(table), type: "log" }, more);
const rename = (when: number, table: string, new_name: string, more = {}) =>
  call(when, "table.rename", { ...at(table), new_name }, { ...at(new_name), type: "log" }, more);
const swap = (when: number, first: string, second: string) =>
  call(
    when,
    "table.swap",
    { database: "sample", first, second },
    { database: "sample", table1: first, table2: second },
  );
const say = (when: number, table: string, schema: string) =>
  call(when, "table.update_schema", { ...at(table), schema }, { ...at(table), type: "log" });
const send = (when: number, table: string, unique_id = "a") => {
  const reply = { elapsed_time: 0, ...at(table), md5_hex: chunkIn(content).md5, unique_id };
  return call(
    when,
    "table.import_with_id",
    { ...at(table), format: "msgpack.gz", content, unique_id },
    reply,
  );
};
const columns = '[["time","bigint"],["a","bigint"]]';
const show = (when: number, table: string, count: number, schema = count === 0 ? "[]" : columns) =>
  call(when, "table.show", at(table), {
    name: table,
    count,
    counter_updated_at: count === 0 ? null : "1970-01-01 00:00:01 UTC",
    last_log_timestamp: count === 0 ? null : "2019-09-04 06:28:00 UTC",
    schema,
  });
const lost = { status: null, reply: undefined, excused: true };
const late = 63_000;
const began = [make(100, "one"), send(1_000, "one")];
const said = '[["time","long"],["d","string","D d"]]';
const shownAs = (schema: string) => [
  ...began,
  show(1_200, "one", 2),
  say(1_300, "one", said),
  show(1_400, "one", 2, schema),
];

/** An order of which the result goes into a table of the service. */
const into = (when: number, table: string, database = "sample") =>
  issue(when, "1", { request: { ...order, result: `td://1%2Fkey@/${database}/${table}` } });

test.each([
  ["with the result of a job", [...began, into(1_100, "one"), show(late, "one", 5)]],
  ["with that of a job that was ordered before", [into(50, "one"), ...began, show(late, "one", 5)]],
  [
    "with that of a job that was ordered for the name that it gets",
    [into(50, "two"), ...began, rename(1_100, "one", "two"), show(late, "two", 5)],
  ],
  ["as it was said", shownAs(said)],
  ["with a column of its chunk behind", shownAs(`${said.slice(0, -1)},["a","bigint"]]`)],
  [
    "another that was made under its name",
    [...began, rename(1_100, "one", "two"), make(1_200, "one"), send(1_300, "one"), show(1_900, "one", 2)],
  ],
  ["any where the name may go at any time", [...began, drop(1_100, "one", lost), show(late, "one", 0)]],
  ["any where it may have moved", [...began, rename(1_100, "one", "two", lost), show(late, "two", 0)]],
])("possible: %s", (_, calls) => {
  expect(problems(calls)).toEqual([]);
});

test.each([
  [
    "with the result of a job for another table",
    [...began, into(1_100, "other"), into(1_200, "one", "other"), show(late, "one", 5)],
    "at most the 2 records",
  ],
  [
    "lost by a rename",
    [...began, rename(1_100, "one", "two"), show(late, "two", 0)],
    "at least the 2 records",
  ],
  [
    "imported again under another name",
    [...began, rename(1_100, "one", "two"), send(1_200, "two"), show(1_900, "two", 4)],
    "at most the 2 records",
  ],
  [
    "left where it was by a swap",
    [...began, make(1_100, "two"), swap(1_200, "one", "two"), show(late, "two", 0)],
    "at least the 2 records",
  ],
  [
    "known of a table that is gone",
    [...began, drop(1_100, "one"), make(1_200, "one"), send(1_300, "one"), show(late, "one", 0)],
    "at least the 2 records",
  ],
  ["without the word for a column", shownAs('[["time","long"],["d","string"]]'), "column 2: expected"],
  ["of a type that nothing needs", shownAs('[["time","double"],["d","string","D d"]]'), "type of time"],
  ["with a column of nobody", shownAs(`${said.slice(0, -1)},["x","long"]]`), "no chunk has a column x"],
])("impossible: %s", (_, calls, problem) => {
  expect(problems(calls).join("\n")).toContain(problem);
});
