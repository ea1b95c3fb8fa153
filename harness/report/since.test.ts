import { describe, expect, test } from "vitest";
import { UsageError } from "../errors.ts";
import type { CellResult, RunResult } from "../matrix/result.ts";
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
      loose: [],
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

describe("departures outside of any job", () => {
  const loose = ["GET /v3/job/list answered 500"];
  const green = [cellResult("a/b/green")];
  const lines = (is: RunResult, text: string) =>
    since(
      matrixReport(is, () => ""),
      earlierIn(text, "f"),
    ).since;
  const was = { ...runResult(green), api: "a", loose };
  const formats: [string, string][] = [
    ["result.json", JSON.stringify(was)],
    ["what --ctrf writes", ctrf.render(matrixReport(was, () => ""))],
    [
      "what merge prints",
      JSON.stringify({
        schema: 1,
        api: "a",
        cells: [{ cell: "b/green", verdict: "pass", broken: [] }],
        loose,
      }),
    ],
  ];

  test.each(formats)("that were there before are as before, since %s", (_, text) => {
    expect(lines(was, text)).toEqual(["since f: 0 changed, 0 not here any more, 2 as before"]);
  });

  test.each(formats)("that are there no longer are told, since %s", (_, text) => {
    expect(lines({ ...was, loose: [] }, text)).toEqual([
      "since f: 0 changed, 1 not here any more, 1 as before",
      "  a/outside of any job: not here",
    ]);
  });

  test("that were not there before are told", () => {
    expect(lines(was, JSON.stringify({ ...was, loose: [] }))).toEqual([
      "since f: 1 changed, 0 not here any more, 1 as before",
      "  a/outside of any job: violation, and was not there before",
    ]);
  });
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

test("the CTRF of another version is refused by its version, with what to do", () => {
  const other = { ...(JSON.parse(ctrf.render(reportOf(before))) as object), specVersion: "1.0.0" };
  expect(() => earlierIn(JSON.stringify(other), "old.json")).toThrow(
    "--since old.json: specVersion: 1.0.0 was written by another Interlock; this one reads 0.0.0: write it again with this one",
  );
});

test("the result of an older Interlock is refused by its number", () => {
  const older = JSON.stringify({ ...runResult(before), schema: 1 });
  expect(() => earlierIn(older, "old.json")).toThrow(
    "--since old.json: schema: 1 is the result of an older Interlock",
  );
});
