import { gzipSync } from "node:zlib";
import { encode } from "@msgpack/msgpack";
import { expect, test } from "vitest";
import { countsOf } from "./counts.ts";

const packed = (...values: unknown[]): string =>
  gzipSync(Buffer.concat(values.map((value) => Buffer.from(encode(value))))).toString("base64");
const whole = packed({ time: 1, a: "x" });

test.each([
  ["a part of valid records", [packed({ time: 1 }, { time: 2, a: null, b: 1.5, c: true })], [2, 0, 1, 0]],
  ["a part of no record", [packed()], [0, 0, 1, 0]],
  ["a record without a time", [packed({ a: 1 }, { time: 1 })], [1, 1, 1, 0]],
  ["a time that is none", [packed({ time: "1" }, { time: 1.5 }, { time: null })], [0, 3, 1, 0]],
  [
    "a list, a map, and what is no number",
    [packed({ time: 1, a: [1] }, { time: 1, a: {} }, { time: 1, a: Number.NaN })],
    [0, 3, 1, 0],
  ],
  ["what is no record", [packed(1, "a", [1])], [0, 3, 1, 0]],
  ["nothing, no gzip, and a part that is cut", ["", "AAEC", whole.slice(0, -16)], [0, 0, 0, 3]],
  ["several parts", [whole, "AAEC", packed({ a: 1 }), whole], [2, 1, 3, 1]],
])("%s", (_, parts, [valid_records, error_records, valid_parts, error_parts]) => {
  const found = countsOf(new Map(parts.map((part, i) => [String(i), part])));
  expect(found).toEqual({ valid_records, error_records, valid_parts, error_parts });
});
