import { expect, test } from "vitest";
import { cellResult, runResult } from "../../testing/result.ts";
import { matrixReport } from "../matrix.ts";
import { markdown } from "./markdown.ts";

const command = (path: string | null) => `script/compat${path === null ? "" : ` --cell ${path}`}`;

test("a red run says its verdict, why, what is red and what was exercised", () => {
  const cells = [
    cellResult("current/v5-presto/web"),
    cellResult("current/v5-presto/mysql", {
      verdict: "violation",
      violations: [{ invariant: "I4", definition: "A promise.", witnesses: ["lost: |a|\n<b>"] }],
    }),
    cellResult("current/v6-hive-hdp2/web", { verdict: "missing", reason: "never issued" }),
  ];
  expect(markdown.render(matrixReport(runResult(cells, { of: 51 }), command))).toMatchInlineSnapshot(`
    "## VIOLATION: API current (3 of 51, partial)

    - 1 cells broke an invariant
    - 1 cells have no verdict

    1 pass, 2 do not.

    | case | verdict | seen | again |
    | --- | --- | --- | --- |
    | current/v5-presto/mysql | violation | I4: lost: &#124;a&#124; &#60;b&#62; | script/compat --cell current/v5-presto/mysql |
    | current/v6-hive-hdp2/web | missing | never issued | script/compat --cell current/v6-hive-hdp2/web |

    - covered: 2 of 3 operations, 2 combinations of operation, generation and status, results in 1 of 5 formats, 1 of 2 kinds of data, worker-v5 finished 3
    - not covered: job.status, invariants I12, fractions
    "
  `);
});

test("a green run says so, and what was exercised", () => {
  const text = markdown.render(matrixReport(runResult([cellResult("current/v5-presto/web")]), command));
  expect(text).toMatch(/^## PASS: API current\n\n1 pass, 0 do not\.\n\n- covered: /);
});

test("what was not exercised is named with the command that does", () => {
  const lacks = [
    { what: "worker-v5 finished 0 jobs" },
    { what: "no job put I4 to the test", next: "add one" },
  ];
  const text = markdown.render(
    matrixReport(runResult([cellResult("current/v5-presto/web")], { lacks }), command),
  );
  expect(text).toMatch(/^## MISSING: /);
  for (const line of [
    "- worker-v5 finished 0 jobs",
    "- to exercise it: script/compat",
    "- no job put I4 to the test; next: add one, then script/compat",
  ])
    expect(text.split("\n")).toContain(line);
});

test.each([
  ["letters", "a"],
  ["letters of three bytes", "\u65e5"],
  ["signs of markup", "<"],
  ["controls", "\u0007"],
  ["signs that turn the direction", "\u202e"],
])(
  "whatever it is made of, it is never larger than GitHub takes, and counts what it leaves out: %s",
  (_, sign) => {
    const line = sign.repeat(1_000);
    const lines = Array.from({ length: 25 }, () => line);
    const cells = Array.from({ length: 1_000 }, (_one, i) =>
      cellResult(`current/v5-presto/cell-${i}`, { verdict: "violation", reason: line }),
    );
    const report = matrixReport(runResult(cells), command);
    const text = markdown.render({ ...report, title: line, reasons: lines, since: lines, coverage: lines });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(900_000);
    const rows = text.split("\n").filter((one) => one.startsWith("| current/")).length;
    expect(rows).toBeGreaterThan(50);
    expect(text).toContain(`\n${1_000 - rows} more that are not pass are not shown here.\n`);
    const left = [...text.matchAll(/^- (\d+) lines more are not shown here$/gm)].map(([, count]) =>
      Number(count),
    );
    const shown = text.split("\n").filter((one) => one.startsWith("- ")).length - left.length;
    expect(left).toHaveLength(3);
    expect(shown + left.reduce((sum, count) => sum + count, 0)).toBe(75);
  },
);

test.each([1_000, 10_000])("of %i red cells it shows the worst first, as many as GitHub takes", (number) => {
  const cells = Array.from({ length: number }, (_, i) =>
    cellResult(`current/v5-presto/cell-${i}`, {
      verdict: i === number - 1 ? "violation" : "missing",
      reason: "<é|".repeat(1_000),
    }),
  );
  const text = markdown.render(matrixReport(runResult(cells, { notCompared: [] }), command));
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(900_000);
  const rows = text.split("\n").filter((line) => line.startsWith("| current/"));
  expect(rows[0]).toMatch(new RegExp(`^\\| current/v5-presto/cell-${number - 1} `));
  expect(rows.length).toBeGreaterThan(50);
  expect(text).toContain(`\n${number - rows.length} more that are not pass are not shown here.\n`);
});
