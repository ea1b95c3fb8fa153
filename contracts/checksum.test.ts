import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { rowsChecksum } from "./checksum.ts";
import type { Row } from "./values.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

test("the checksum is sha256 over one line of JSON a row", () => {
  expect(rowsChecksum([])).toBe(sha256(""));
  expect(rowsChecksum([[1, "a\n", null]])).toBe(sha256('[1,"a\\n",null]\n'));
  expect(rowsChecksum([[1], [true]])).toBe(sha256("[1]\n[true]\n"));
});

const cell = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
const rows = fc.array(fc.array(cell, { maxLength: 2 }), { maxLength: 3 });

test("rows that differ in a value, a type or their order have another checksum", () => {
  fc.assert(
    fc.property(rows, rows, (one: Row[], other: Row[]) => {
      const same = JSON.stringify(one) === JSON.stringify(other);
      expect(rowsChecksum(one) === rowsChecksum(other)).toBe(same);
    }),
  );
  expect(rowsChecksum([["1"], [2]])).not.toBe(rowsChecksum([[1], [2]]));
  expect(rowsChecksum([[2], [1]])).not.toBe(rowsChecksum([[1], [2]]));
  expect(rowsChecksum([["a", "b"]])).not.toBe(rowsChecksum([["a"], ["b"]]));
});

test("rows may come from an iterator that is read once", () => {
  expect(rowsChecksum([[1], [2]].values())).toBe(rowsChecksum([[1], [2]]));
});
