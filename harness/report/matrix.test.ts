import { describe, expect, test } from "vitest";
import type { CellResult } from "../matrix/result.ts";
import { cellResult, runResult } from "../testing/result.ts";
import { type Verdict, verdicts } from "../verdict.ts";
import { matrixReport } from "./matrix.ts";

const engines = ["v5-presto", "v5-hive-cdh4", "v6-hive-hdp2"];
const matrix = (scenarios: number, more: (path: string) => Partial<CellResult> = () => ({})): CellResult[] =>
  Array.from({ length: scenarios }, (_, i) => engines.map((engine) => `current/${engine}/scenario-${i}`))
    .flat()
    .map((path) => cellResult(path, more(path)));
const again = (path: string | null): string => `script/compat --cell ${path}`;
const linesOf = (cells: CellResult[], more = {}) =>
  matrixReport(runResult(cells, more), again).text.split("\n");

const red: Partial<CellResult> = {
  verdict: "violation",
  job: "17",
  violations: [
    {
      invariant: "I4",
      definition: "What was asked for arrives.",
      witnesses: [
        "the job ended as success; its destination holds 0 rows where 3 belong: 3 lost",
        'lost: [1,"A"]',
      ],
    },
  ],
  story: ["  0.01 s customer -> api  job.issue with web://sink/x", "   found: 0 rows at the destination"],
};
const redAt = (path: string) => matrix(2, (each) => (each === path ? red : {}));

test("a green run is a matrix and a verdict", () => {
  expect(linesOf(matrix(2)).join("\n")).toMatchInlineSnapshot(`
    "API current  v5-presto  v5-hive-cdh4  v6-hive-hdp2
    scenario-0       ✓           ✓             ✓
    scenario-1       ✓           ✓             ✓

    covered: 2 of 3 operations, 2 combinations of operation, generation and status, results in 1 of 5 formats, 1 of 2 kinds of data, worker-v5 finished 3
    not covered: job.status, invariants I12, fractions
    PASS: 6 of 6 cells pass, 0 violate, 0 missing, 0 infrastructure; 12.3 s
    attested: api 0123456789ab in 1
    kept in .interlock/runs/2015-08-24-144400-abcd"
  `);
});

test("a red cell is told: the invariant, what was seen instead, who saw what, how to repeat it", () => {
  expect(linesOf(redAt("current/v5-presto/scenario-1")).join("\n")).toMatchInlineSnapshot(`
    "API current  v5-presto  v5-hive-cdh4  v6-hive-hdp2
    scenario-0       ✓           ✓             ✓
    scenario-1       ✕           ✓             ✓

    ✕ current/v5-presto/scenario-1, job 17
      I4: What was asked for arrives.
        the job ended as success; its destination holds 0 rows where 3 belong: 3 lost
        lost: [1,"A"]
      who saw what, by the system's clock:
          0.01 s customer -> api  job.issue with web://sink/x
           found: 0 rows at the destination
      again: script/compat --cell current/v5-presto/scenario-1

    covered: 2 of 3 operations, 2 combinations of operation, generation and status, results in 1 of 5 formats, 1 of 2 kinds of data, worker-v5 finished 3
    not covered: job.status, invariants I12, fractions
    VIOLATION (1 cells broke an invariant): 5 of 6 cells pass, 1 violate, 0 missing, 0 infrastructure; 12.3 s
    attested: api 0123456789ab in 1
    kept in .interlock/runs/2015-08-24-144400-abcd"
  `);
});

describe("a green run", () => {
  test.each([1, 6, 17, 20, 200])("of %i scenarios is no longer than 25 lines", (scenarios) => {
    const lines = linesOf(matrix(scenarios));
    expect(lines.length).toBeLessThanOrEqual(25);
    expect(lines.join("\n")).toContain(`PASS: ${scenarios * 3} of ${scenarios * 3} cells pass`);
  });

  test("has every engine, its verdict, what was attested and where it is kept", () => {
    const text = linesOf(matrix(3)).join("\n");
    for (const part of [...engines, "PASS", "api 0123456789ab", "kept in .interlock/runs/"]) {
      expect(text).toContain(part);
    }
  });
});

describe("a run that is not green", () => {
  test.each(verdicts.filter((verdict) => verdict !== "pass"))(
    "with a cell of verdict %s names it, its reason and its repetition",
    (verdict) => {
      const path = "current/v6-hive-hdp2/scenario-0";
      const reason = "there was no room";
      const cells = matrix(2, (each) =>
        each === path
          ? { verdict, reason, violations: verdict === "violation" ? (red.violations ?? []) : [] }
          : {},
      );
      const lines = linesOf(cells);
      expect(lines.find((line) => line.startsWith(verdict.toUpperCase()))).toContain("5 of 6 cells pass");
      expect(lines.join("\n")).toContain(path);
      expect(lines.join("\n")).toContain(reason);
      expect(lines).toContain(`  again: ${again(path)}`);
    },
  );

  test("has another mark in the matrix for each verdict", () => {
    const mark = (verdict: Verdict) =>
      linesOf([cellResult("current/v5-presto/only", { verdict })])[1]
        ?.replace("only", "")
        .trim();
    expect(new Set(verdicts.map(mark)).size).toBe(verdicts.length);
  });

  test("with one red cell fits on a screen of 40 lines, however long its story", () => {
    const story = Array.from({ length: 100 }, (_, i) => `story line ${i}`);
    const witnesses = Array.from({ length: 50 }, (_, i) => `witness ${i}`);
    const violations = ["I4", "I3", "I1"].map((invariant) => ({
      invariant,
      definition: "A promise.",
      witnesses,
    }));
    const cells = matrix(17, (path) =>
      path === "current/v5-presto/scenario-3" ? { ...red, story, violations } : {},
    );
    const lines = linesOf(cells);
    expect(lines.length).toBeLessThanOrEqual(40);
    for (const part of [
      "I4: A promise.",
      "I3: A promise.",
      "I1: A promise.",
      "witness 0",
      "story line 0",
      "story line 99",
    ]) {
      expect(lines.join("\n")).toContain(part);
    }
  });

  test("with many red cells stays short and says how many there are", () => {
    const lines = linesOf(matrix(30, () => red));
    expect(lines.length).toBeLessThanOrEqual(100);
    expect(lines.join("\n")).toContain("0 of 90 cells pass, 90 violate");
  });

  test("without cells says that nothing was tried", () => {
    expect(linesOf([]).join("\n")).toContain("MISSING (no cell was tried): 0 of 0 cells pass");
  });

  test("for departures from the contract outside of any job shows them", () => {
    const loose = ["customer -> api, GET /x: request: GET /x is in no contract"];
    expect(linesOf(matrix(1), { loose }).join("\n")).toContain(loose[0]);
  });
});
