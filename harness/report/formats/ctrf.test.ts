import { expect, test } from "vitest";
import { z } from "zod";
import { cellResult, runResult } from "../../testing/result.ts";
import { matrixReport } from "../matrix.ts";
import { type Report, troubleReport } from "../report.ts";
import { ctrf } from "./ctrf.ts";

/** What the published schema of CTRF asks for of what is written here; it allows own fields in `extra` alone. */
const count = z.int().min(0);
const schema = z.strictObject({
  reportFormat: z.literal("CTRF"),
  specVersion: z.string().regex(/^\d+\.\d+\.\d+$/),
  results: z.strictObject({
    tool: z.strictObject({ name: z.string().min(1) }),
    summary: z.strictObject({
      tests: count,
      passed: count,
      failed: count,
      pending: count,
      skipped: count,
      other: count,
      start: count,
      stop: count,
    }),
    tests: z.array(
      z.strictObject({
        name: z.string().min(1),
        status: z.enum(["passed", "failed", "skipped", "pending", "other"]),
        rawStatus: z.string(),
        duration: count,
        suite: z.array(z.string()).min(1).optional(),
        message: z.string().min(1).optional(),
        trace: z.string().optional(),
        filePath: z.string().optional(),
        extra: z.looseObject({}),
      }),
    ),
    extra: z.looseObject({}),
  }),
});
const read = (report: Report) => schema.parse(JSON.parse(ctrf.render(report))).results;

test("what is not a pass has failed, with its verdict and a message", () => {
  const cells = [
    cellResult("current/v5-presto/web"),
    cellResult("current/v5-presto/mysql", {
      verdict: "violation",
      violations: [{ invariant: "I4", definition: "A promise.", witnesses: ["4 lost"] }],
    }),
    cellResult("current/v6-hive/web", { verdict: "missing", reason: " " }),
    cellResult("current/v6-hive/mysql", { verdict: "infrastructure", reason: "no room" }),
  ];
  const { summary, tests } = read(matrixReport(runResult(cells), () => "script/compat"));
  expect(summary).toMatchObject({ tests: 4, passed: 1, failed: 3, other: 0, skipped: 0 });
  expect(summary.start).toBe(Date.parse("2015-08-24T14:44:00.000Z"));
  expect(summary.stop - summary.start).toBe(12_340);
  expect(tests.map(({ status, rawStatus, message }) => [status, rawStatus, message])).toEqual([
    ["passed", "pass", undefined],
    ["failed", "violation", "4 lost"],
    ["failed", "missing", "missing"],
    ["failed", "infrastructure", "no room"],
  ]);
});

test("a report that came to no verdict has one test, which failed", () => {
  const { summary, tests } = read({
    ...troubleReport("API current", "mysql: no answer"),
    file: "a.config.ts",
  });
  expect(summary).toMatchObject({ tests: 1, passed: 0, failed: 1 });
  expect(tests).toMatchObject([
    { rawStatus: "infrastructure", message: "mysql: no answer", filePath: "a.config.ts" },
  ]);
});
