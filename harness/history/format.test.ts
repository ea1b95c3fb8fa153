import fc from "fast-check";
import { expect, test } from "vitest";
import { bodyFile, isDeeper, isReference } from "./format.ts";

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

test("a reference is an object with the key $body, whatever else it has", () => {
  expect([{ $body: 1 }, { $body: null, x: 1 }].map(isReference)).toEqual([true, true]);
  expect([null, "$body", ["$body"], {}, 7, undefined].map(isReference)).toEqual(Array(6).fill(false));
});

test("large values are in a folder beside the history, with its name", () => {
  expect(bodyFile("run/history.jsonl", "ab")).toBe("run/history.bodies/ab.json");
});
