import { expect, test } from "vitest";
import { cellResult, runResult } from "../testing/result.ts";
import { readResult } from "./kept-result.ts";

const whole: object = JSON.parse(JSON.stringify(runResult([cellResult("a/b/c")])));

test("a result is read as a run has written it", () => {
  expect(readResult(whole)).toMatchObject({ cells: [{ path: "a/b/c", verdict: "pass", violations: [] }] });
});

test("a key of a later Interlock's is no problem", () => {
  expect(readResult({ ...whole, problem: "mine" })).not.toHaveProperty("problem");
});

test.each([
  [1, "schema: 1 is the result of an older Interlock; this one reads 2: run again with this one"],
  [
    3,
    "schema: 3 is the result of a newer Interlock; this one reads 2: take the newer one, or run again with this one",
  ],
])("the result of another Interlock, schema %i, is told by its number", (schema, problem) => {
  expect(readResult({ ...whole, schema, cells: [{ name: "in a form of its own" }] })).toEqual({ problem });
});

test.each([
  ["nothing", null],
  ["a list", []],
  ["a text", "result"],
  ["an object without a schema", { cells: [] }],
  ["a schedule", { format: 1, workload: {} }],
  ["what merge prints", { schema: 1, api: "current", cells: [] }],
  ["no cell", { ...whole, cells: [] }],
  ["a cell without a verdict", { ...whole, cells: [{ path: "a/b/c", millis: 1, violations: [] }] }],
  ["times that are none", { ...whole, cells: [{ ...cellResult("a/b/c"), millis: "long" }] }],
])("%s is none", (_, value) => {
  expect(readResult(value)).toBeNull();
});
