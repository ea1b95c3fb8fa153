import { gzipSync } from "node:zlib";
import { Encoder } from "@msgpack/msgpack";
import { describe, expect, test } from "vitest";
import { call, hdp2, issue, problems, refusal } from "../../testing/model-calls.ts";
import type { Fields } from "../call.ts";
import { chunkIn } from "./chunk.ts";

const encoder = new Encoder({ useBigInt64: true });
const packed = (...records: unknown[]) =>
  gzipSync(Buffer.concat(records.map((record) => encoder.encode(record)))).toString("base64");
const time = 1_567_578_480;
/** Two records, and one more with another column. */
const [two, one] = [packed({ time, a: 1 }, { time: time + 2, a: 2 }), packed({ time: time + 1, b: 0.5 })];
const into = { database: "sample", table: "flow" };

const make = (at: number, more = {}) =>
  call(at, "table.create", { ...into, type: "log" }, { ...into, type: "log" }, more);
const answer = (content: string, unique_id: string) => ({
  elapsed_time: 0,
  ...into,
  md5_hex: chunkIn(content).md5,
  unique_id,
});
const send = (at: number, unique_id: string, content = two, more = {}) =>
  call(
    at,
    "table.import_with_id",
    { ...into, format: "msgpack.gz", content, unique_id },
    answer(content, unique_id),
    more,
  );
const sendAny = (at: number, content = two, more = {}) =>
  call(
    at,
    "table.import",
    { ...into, format: "msgpack.gz", content },
    answer(content, chunkIn(content).md5),
    more,
  );
const none = {
  name: "flow",
  count: 0,
  counter_updated_at: null,
  last_log_timestamp: null,
  schema: "[]",
};
const full = {
  ...none,
  count: 2,
  counter_updated_at: "1970-01-01 00:00:01 UTC",
  last_log_timestamp: "2019-09-04 06:28:02 UTC",
  schema: '[["time","bigint"],["a","bigint"]]',
};
const show = (at: number, row: Fields = full, more = {}) =>
  call(at, "table.show", into, { ...none, ...row }, more);
const lost = { status: null, reply: undefined, excused: true };
const minute = 61_000;

test.each([
  ["one chunk", [make(100), send(1000, "a"), show(1500, none), show(1900)]],
  [
    "the same again, before and after it is imported",
    [make(100), send(1000, "a"), send(1100, "a", one), show(1900), send(2000, "a")],
  ],
  [
    "without an id each",
    [make(100), sendAny(1000), sendAny(1100), show(1900), show(2000, { ...full, count: 4 })],
  ],
  [
    "a table that was there before",
    [send(1000, "a"), show(1900, { ...full, count: 77, schema: '[["x","long"]]' })],
  ],
  ["an answer that was lost", [make(100), send(1000, "a", two, lost), show(1900), show(2000)]],
  ["none of it, where the answer was lost", [make(100), send(1000, "a", two, lost), show(minute * 2, none)]],
  [
    "late, where something was broken",
    [make(100), send(1000, "a"), issue(1100, "1", lost), show(minute * 2, none)],
  ],
  [
    "two looks that overlap, the older answer last",
    [make(100), send(1000, "a"), show(1900), show(1905, none)],
  ],
  ["a chunk of nothing", [make(100), send(1000, "a", packed()), show(minute * 2, none)]],
  [
    "columns of two chunks",
    [
      make(100),
      send(1000, "a"),
      send(1100, "b", one),
      show(1900, { ...full, count: 3, schema: '[["time","bigint"],["b","double"],["a","bigint"]]' }),
    ],
  ],
  [
    "of another customer's table of that name nothing is known",
    [make(100), send(1000, "a"), show(1500, { ...full, count: 9 }, { account: hdp2 })],
  ],
  [
    "a table that is renamed is not followed",
    [
      make(100),
      send(1000, "a"),
      call(1200, "table.rename", { ...into, new_name: "other" }, { ...into, table: "other", type: "log" }),
    ],
  ],
  [
    "a table of which records are deleted is not followed",
    [
      make(100),
      send(1000, "a"),
      call(1200, "table.partial_delete", { ...into, from: 0, to: 3600 }, { ...into, job_id: "1" }),
      show(1900, { ...full, count: 0 }),
    ],
  ],
])("possible: %s", (_, calls) => {
  expect(problems(calls)).toEqual([]);
});

test.each<[string, Parameters<typeof problems>[0], string]>([
  [
    "more than was sent",
    [make(100), send(1000, "a"), send(1100, "a"), show(1900, { ...full, count: 4 })],
    "count: expected at most the 2 records that were sent, got 4",
  ],
  [
    "fewer than before",
    [make(100), send(1000, "a"), show(1500), show(1900, none)],
    "count: expected at least 2 as before, got 0",
  ],
  [
    "nothing after a minute",
    [make(100), send(1000, "a"), show(minute * 2, none)],
    "count: expected at least the 2 records that were taken a minute before, got 0",
  ],
  [
    "counted before it came",
    [make(100), send(1000, "a"), show(1900, { ...full, counter_updated_at: "1969-12-31 23:59:59 UTC" })],
    'counter_updated_at: expected a time since the first chunk, got "1969-12-31 23:59:59 UTC"',
  ],
  [
    "counted never",
    [make(100), send(1000, "a"), show(1900, { ...full, counter_updated_at: null })],
    "counter_updated_at: expected a time since the first chunk, got null",
  ],
  [
    "another newest time",
    [make(100), send(1000, "a"), show(1900, { ...full, last_log_timestamp: "2019-09-04 06:28:00 UTC" })],
    "last_log_timestamp: expected",
  ],
  [
    "a newest time of nothing",
    [make(100), send(1000, "a"), show(1100, { ...none, last_log_timestamp: "2019-09-04 06:28:02 UTC" })],
    "last_log_timestamp: expected null",
  ],
  [
    "a column of nobody",
    [
      make(100),
      send(1000, "a"),
      show(1900, { ...full, schema: '[["time","bigint"],["a","bigint"],["x","long"]]' }),
    ],
    "schema: no chunk has a column x",
  ],
  [
    "a column left out",
    [make(100), send(1000, "a"), show(1900, { ...full, schema: '[["time","bigint"]]' })],
    "schema: the column a of its records is not shown",
  ],
  [
    "a column twice",
    [
      make(100),
      send(1000, "a"),
      show(1900, { ...full, schema: '[["a","bigint"],["time","bigint"],["a","bigint"]]' }),
    ],
    "schema: a column is shown twice",
  ],
  [
    "another type",
    [make(100), send(1000, "a"), show(1900, { ...full, schema: '[["time","bigint"],["a","string"]]' })],
    'type of a: expected "bigint", got "string"',
  ],
  [
    "in a list",
    [
      make(100),
      send(1000, "a"),
      call(
        1900,
        "table.list",
        { database: "sample" },
        { database: "sample", tables: [{ ...full, count: 3 }] },
      ),
    ],
    "count: expected at most the 2 records that were sent, got 3",
  ],
])("impossible: %s", (_, calls, problem) => {
  expect(problems(calls).join("\n")).toContain(problem);
});

describe("an answer", () => {
  const wrong = (change: Fields) =>
    problems([make(100), send(1000, "a", two, { reply: { ...answer(two, "a"), ...change } })]);
  test.each(["database", "table", "md5_hex", "unique_id"])("that says another %s is seen", (field) => {
    expect(wrong({ [field]: "0" }).join()).toContain(`${field}: expected`);
  });
  test("without an id has the checksum as one", () => {
    const reply = { ...answer(two, "a1") };
    expect(problems([make(100), sendAny(1000, two, { reply })]).join()).toContain("unique_id: expected");
  });
  test("that refuses or takes a chunk for what it is not is seen", () => {
    expect(problems([make(100), send(1000, "a", "AAEC")])).toEqual([
      expect.stringContaining("it was taken although it cannot be imported"),
    ]);
    const invalid = refusal(422, "invalid_input");
    expect(problems([make(100), send(1000, "a", "AAEC", invalid)])).toEqual([]);
    expect(problems([make(100), send(1000, "a", two, invalid)])).toEqual([
      expect.stringContaining("although it is well-formed"),
    ]);
  });
  test("for too many columns is seen where all that anybody named are few enough", () => {
    const named = (from: number, to: number) =>
      Object.fromEntries(Array.from({ length: to - from }, (_, i) => [`c${from + i}`, 1]));
    const [first, second] = [packed({ time, ...named(0, 300) }), packed({ time, ...named(200, 499) })];
    const wide = packed({ time, ...named(200, 500) });
    const invalid = refusal(422, "invalid_input");
    const refused = expect.stringContaining("although it is well-formed");
    expect(problems([make(100), send(1000, "a", first), send(2000, "b", wide, invalid)])).toEqual([]);
    expect(problems([make(100), send(1000, "a", first), send(2000, "b", second, invalid)])).toEqual([
      refused,
    ]);
    // What was named later has not made the table wide.
    expect(problems([make(100), send(1000, "a", wide, invalid), send(2000, "b", first)])).toEqual([refused]);
    const schema = JSON.stringify(Object.keys(named(0, 300)).map((name) => [name, "long"]));
    const said = call(500, "table.update_schema", { ...into, schema }, { ...into, type: "log" });
    expect(problems([make(100), said, send(1000, "b", wide, invalid)])).toEqual([]);
    const elsewhere = { ...said, request: { ...said.request, database: "other" } };
    expect(problems([make(100), elsewhere, send(1000, "b", wide, invalid)])).toContainEqual(refused);
  });
  test("about a table that is there, or is not, is seen", () => {
    const missing = refusal(404, "not_found");
    expect(problems([make(100), send(1000, "a", two, missing)])).toEqual([
      expect.stringContaining("sample.flow of its customer is there"),
    ]);
    expect(problems([send(500, "a", two, missing), send(1000, "a")])).toEqual([
      expect.stringContaining("it was taken although its table is not there"),
    ]);
  });
});

/** Read by hand from the msgpack specification: {"time": 1, "a": 2} and what is no chunk. */
const hex = (text: string) => gzipSync(Buffer.from(text, "hex")).toString("base64");
test.each<[string, string, { records: number; last: number | null } | null]>([
  ["a map", hex("82a474696d6501a16102"), { records: 1, last: 1 }],
  ["two maps", hex("81a474696d650181a474696d6509"), { records: 2, last: 9 }],
  ["nothing", hex(""), { records: 0, last: null }],
  ["no time", hex("81a16102"), null],
  ["a list", hex("9101"), null],
  ["a map that is cut", hex("82a474696d6501"), null],
  ["an integer beyond 63 bits", hex("82a474696d6501a161cfffffffffffffffff"), null],
  ["a time that is true", hex("81a474696d65c3"), null],
  ["bytes", hex("82a474696d6501a161c40101"), null],
  ["no gzip", "AAEC", null],
  ["a list in a record", hex("82a474696d6501a1619201a178"), { records: 1, last: 1 }],
  ["a map with a null", hex("82a474696d6501a16181a162c0"), { records: 1, last: 1 }],
  ["bytes in a list", hex("82a474696d6501a16191c40101"), null],
  ["no number in a map", hex("82a474696d6501a16181a162cb7ff8000000000000"), null],
  ["32 lists in each other", hex(`82a474696d6501a161${"91".repeat(32)}01`), { records: 1, last: 1 }],
  ["33 lists in each other", hex(`82a474696d6501a161${"91".repeat(33)}01`), null],
  ["gigabytes in a few bytes", hex(`82a474696d6501a161${"dd01ffffff".repeat(9)}`), null],
])("%s is read as such", (_, content, found) => {
  const read = chunkIn(content).content;
  expect(read && { records: read.records, last: read.last }).toEqual(found);
});

test("a column of lists is one of texts", () => {
  expect([...(chunkIn(hex("82a474696d6501a1619101")).content?.columns ?? [])]).toEqual([
    ["time", "bigint"],
    ["a", "string"],
  ]);
});

test("its checksum is that of its bytes", () => {
  expect(chunkIn("").md5).toBe("d41d8cd98f00b204e9800998ecf8427e");
});
