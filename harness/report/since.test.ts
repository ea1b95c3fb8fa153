import { expect, test } from "vitest";
import { UsageError } from "../errors.ts";
import type { CellResult } from "../matrix/result.ts";
import { cellResult, runResult } from "../testing/result.ts";
import { ctrf } from "./formats/ctrf.ts";
import { matrixReport } from "./matrix.ts";
import { earlierIn, since } from "./since.ts";

const broken = (invariant: string): Partial<CellResult> => ({
  verdict: "violation",
  violations: [{ invariant, definition: "A promise.", witnesses: ["lost"] }],
});
const reportOf = (cells: CellResult[]) => matrixReport(runResult(cells), () => "");
const before = [
  cellResult("a/b/green"),
  cellResult("a/b/was-green"),
  cellResult("a/b/was-red", broken("I4")),
  cellResult("a/b/still-red", broken("I4")),
  cellResult("a/b/red-otherwise", broken("I4")),
  cellResult("a/b/gone"),
];
const now = reportOf([
  cellResult("a/b/green"),
  cellResult("a/b/was-green", { verdict: "missing", reason: "not run" }),
  cellResult("a/b/was-red"),
  cellResult("a/b/still-red", broken("I4")),
  cellResult("a/b/red-otherwise", broken("I3")),
  cellResult("a/b/new"),
]);

test.each([
  ["result.json", JSON.stringify(runResult(before))],
  ["what --ctrf writes", ctrf.render(reportOf(before))],
  [
    "what merge prints",
    JSON.stringify({
      schema: 1,
      api: "a",
      cells: before.map(({ path, verdict, violations }) => ({
        cell: path.slice(2),
        verdict,
        broken: violations.map(({ invariant }) => ({ invariant, message: "" })),
      })),
    }),
  ],
])("tells what has changed since %s", (_, text) => {
  const compared = since(now, earlierIn(text, "green.json"));
  expect(compared.cases.map((one) => one.since)).toEqual([
    undefined,
    "missing, was pass",
    "pass, was violation",
    undefined,
    "breaks I3, broke I4",
    "pass, and was not there before",
  ]);
  expect(compared.since?.[0]).toBe("since green.json: 4 changed, 1 not here any more, 2 as before");
  expect(compared.since?.at(-1)).toBe("  a/b/gone: not here");
  expect(compared.text).toContain("  a/b/was-green: missing, was pass");
});

test("the verdict is its own, whatever was before", () => {
  const red = reportOf([cellResult("a/b/still-red", broken("I4"))]);
  const compared = since(red, earlierIn(JSON.stringify(runResult(before)), "f"));
  expect(compared.verdict).toBe(red.verdict);
  expect(compared.data).toBe(red.data);
});

test.each([
  "",
  "no JSON",
  "null",
  "[]",
  "{}",
  '{"schema": 3, "cells": []}',
  '{"schema": 2, "cells": [{"path": "a", "verdict": "green", "violations": []}]}',
  '{"reportFormat": "CTRF", "specVersion": "0.0.0", "results": {"tool": {"name": "jest"}, "tests": []}}',
])("refuses what is no earlier report: %s", (text) => {
  expect(() => earlierIn(text, "old.json")).toThrow(UsageError);
  expect(() => earlierIn(text, "old.json")).toThrow(/old\.json/);
});

test("the result of an older Interlock is refused by its number", () => {
  const older = JSON.stringify({ ...runResult(before), schema: 1 });
  expect(() => earlierIn(older, "old.json")).toThrow(
    "--since old.json: schema: 1 is the result of an older Interlock",
  );
});
