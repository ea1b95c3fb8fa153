import fc from "fast-check";
import { expect, test } from "vitest";
import { jobNumber } from "../values.ts";
import { integerDigits, jsonInteger, parseJson } from "./wide-integers.ts";

test("an integer of any size is written, read and told by its digits", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }), (integer) => {
      const text = JSON.stringify({ list: [{ id: jsonInteger(String(integer)) }] });
      expect(text).toBe(`{"list":[{"id":${integer}}]}`);
      const { list } = parseJson(text) as { list: [{ id: unknown }] };
      expect(integerDigits(list[0].id)).toBe(String(integer));
      // What was read is plain data.
      expect(parseJson(JSON.stringify(list))).toEqual(list);
    }),
  );
});

test("all else is read as JSON.parse reads it", () => {
  fc.assert(
    fc.property(
      fc.json().filter((text) => !/\d{16}/.test(text)),
      (text) => {
        expect(parseJson(text)).toEqual(JSON.parse(text));
      },
    ),
  );
  const others = '["9007199254740993", 9007199254740993.5, 1e300, 123456789012345.6789, "(integer 5"]';
  expect(parseJson(others)).toEqual(JSON.parse(others));
  expect(() => parseJson("[9007199254740993")).toThrow(SyntaxError);
});

test.each([[1], [2 ** 53 - 1], ["(integer 9007199254740993)"], ["(integer 9223372036854775807)"]])(
  "the id of a job as a number: %j",
  (value) => expect(jobNumber.safeParse(value).success).toBe(true),
);
test.each([
  [0],
  [-1],
  [1.5],
  ["1"],
  ["9007199254740993"],
  ["(integer -1)"],
  ["(integer 1"],
  [null],
  [undefined],
  [{}],
])("no id of a job as a number: %j", (value) => expect(jobNumber.safeParse(value).success).toBe(false));
