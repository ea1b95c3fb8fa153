import { ExtData, encode } from "@msgpack/msgpack";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isMsgpackWithin } from "./msgpack.ts";

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));

const leaf = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.double(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
  fc.string(),
  fc.string({ minLength: 250, maxLength: 70_000 }),
  fc.uint8Array({ maxLength: 300 }),
  fc
    .tuple(fc.integer({ min: 0, max: 127 }), fc.uint8Array({ maxLength: 20 }))
    .map(([type, data]) => new ExtData(type, data)),
);
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie("any"), { maxLength: 20 }),
    fc.dictionary(fc.string(), tie("any")),
  ),
})).any;
const encoded = (values: readonly unknown[]) =>
  Buffer.concat(values.map((one) => encode(one, { useBigInt64: true })));

test("whole values are within, whatever they are; none that is cut, or has a byte too many that begins one", () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 4 }), fc.nat(), (values, where) => {
      const whole = encoded(values);
      const last = encoded(values.slice(-1)).byteLength;
      expect(isMsgpackWithin(whole, 10)).toBe(true);
      expect(isMsgpackWithin(whole.subarray(0, whole.byteLength - 1 - (where % last)), 10)).toBe(
        where % last === last - 1,
      );
      expect(isMsgpackWithin(Buffer.concat([whole, bytes("a1")]), 10)).toBe(false);
    }),
  );
});

test.each([
  ["nothing", "", 0, true],
  ["a list of nothing, within nothing", "90", 0, true],
  ["a list in a list", "91 91 c0", 2, true],
  ["a list in a list, where one is allowed", "91 91 c0", 1, false],
  ["two lists behind each other", "91 c0 91 c0", 1, true],
  ["a map in a list in a map", "81 01 91 81 01 02", 3, true],
  ["the same, where two are allowed", "81 01 91 81 01 02", 2, false],
  ["what begins no value", "c1", 1, false],
  ["a list of 2^25 items in five bytes", "dd 01 ff ff ff", 1, false],
  ["the same a hundred times", "dd 01 ff ff ff".repeat(100), 1_000, false],
  ["a map of 2^32 - 1 pairs", "df ff ff ff ff 01 02", 1, false],
  ["a text of 4 GiB", "db ff ff ff ff 41", 1, false],
  ["a length that is cut", "dc 00", 1, false],
])("%s", (_, hex, depth, isWithin) => {
  expect(isMsgpackWithin(bytes(hex), depth)).toBe(isWithin);
});

test("values are counted wherever they are", () => {
  const five = bytes("92 01 91 02 03");
  expect([isMsgpackWithin(five, 9, 5), isMsgpackWithin(five, 9, 4)]).toEqual([true, false]);
});

test("millions of lists within each other are told without going into them", () => {
  expect(isMsgpackWithin(new Uint8Array(8 * 2 ** 20).fill(0x91), 1_000)).toBe(false);
});

test("the end of each value that is not within another is told", () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 6 }), (values) => {
      const ends: number[] = [];
      expect(isMsgpackWithin(encoded(values), 10, Number.POSITIVE_INFINITY, (at) => ends.push(at))).toBe(
        true,
      );
      expect(ends).toEqual(values.map((_, i) => encoded(values.slice(0, i + 1)).byteLength));
    }),
  );
  const ends: number[] = [];
  expect(isMsgpackWithin(bytes("01 a2 61"), 10, Number.POSITIVE_INFINITY, (at) => ends.push(at))).toBe(false);
  expect(ends).toEqual([1]);
});
