import fc from "fast-check";
import { expect, test } from "vitest";
import { beyondLimits } from "./json.ts";

const isDeeper = (json: Uint8Array, depth: number) => beyondLimits(json, { depth }) !== null;

test("the depth of JSON is told without parsing it", () => {
  const depthOf = (value: unknown): number =>
    typeof value === "object" && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.boolean(), (value, indented) => {
      const json = Buffer.from(JSON.stringify(value, null, indented ? 1 : 0));
      expect([isDeeper(json, depthOf(value)), isDeeper(json, depthOf(value) - 1)]).toEqual([
        false,
        depthOf(value) > 0,
      ]);
    }),
  );
});

test.each([
  ['"[[["', 0],
  ['"\\"[[["', 0],
  ['["\\\\",[]]', 2],
  ['{"[":{}}', 2],
])("%s is %d deep", (json, depth) => {
  expect([isDeeper(Buffer.from(json), depth), isDeeper(Buffer.from(json), depth - 1)]).toEqual([
    false,
    depth > 0,
  ]);
});

test("values are counted without parsing them", () => {
  const valuesIn = (value: unknown): number =>
    typeof value === "object" && value !== null
      ? Object.values(value).reduce((sum: number, inner) => sum + valuesIn(inner), 1)
      : 1;
  const limits = (values: number) => ({ depth: 10, values });
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      const json = Buffer.from(JSON.stringify(value));
      // One that is empty counts as if it held a value.
      expect(beyondLimits(json, limits(2 * valuesIn(value)))).toBeNull();
      expect(beyondLimits(json, limits(valuesIn(value) - 1))).not.toBeNull();
    }),
  );
  expect(beyondLimits(Buffer.from(`[${"0,".repeat(999)}0]`), limits(500))).toBe("more than 500 values");
  expect(beyondLimits(Buffer.from('["a,b,c,[[[["]'), limits(2))).toBeNull();
});
