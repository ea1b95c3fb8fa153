import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CellResult, RunResult } from "../../matrix/result.ts";
import { cellResult, runResult } from "../../testing/result.ts";
import { readXml } from "../../testing/xml.ts";
import { verdicts } from "../../verdict.ts";
import { matrixReport } from "../matrix.ts";
import { troubleReport } from "../report.ts";
import { junit } from "./junit.ts";

const violation = {
  invariant: "I4",
  definition: "What was asked for arrives.",
  witnesses: [
    "the job ended as success; its destination holds 0 rows where 3 belong: 3 lost",
    'lost: [1,"A"]',
  ],
};
const cells: CellResult[] = [
  cellResult("current/v5-presto/web"),
  cellResult("current/v5-presto/mysql", {
    verdict: "violation",
    violations: [violation],
    story: ["who", "what"],
  }),
  cellResult("current/v6-hive/web", { verdict: "infrastructure", reason: "no room", job: null }),
  cellResult("current/v6-hive/mysql", { verdict: "missing", reason: "not run" }),
];
const again = (path: string | null): string => `script/compat --cell ${path}`;
const xmlOf = (all: CellResult[], more: Partial<RunResult> = {}): string =>
  junit.render(matrixReport(runResult(all, more), again));
const suiteOf = (all: CellResult[], more: Partial<RunResult> = {}) => {
  const suites = readXml(xmlOf(all, more));
  return { suites, suite: suites.children[0] as (typeof suites.children)[0] };
};

test("a report is a suite, and a cell a case", () => {
  expect(xmlOf(cells)).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="UTF-8"?>
    <testsuites tests="4" failures="1" errors="2">
    <testsuite name="interlock API current" tests="4" failures="1" errors="2" skipped="0" time="12.34" timestamp="2015-08-24T14:44:00.000Z">
    <testcase classname="current.v5-presto" name="web" time="1.2"/>
    <testcase classname="current.v5-presto" name="mysql" time="1.2"><failure type="violation" message="the job ended as success; its destination holds 0 rows where 3 belong: 3 lost">I4: What was asked for arrives.
    the job ended as success; its destination holds 0 rows where 3 belong: 3 lost
    lost: [1,&quot;A&quot;]
    who
    what
    again: script/compat --cell current/v5-presto/mysql</failure></testcase>
    <testcase classname="current.v6-hive" name="web" time="1.2"><error type="infrastructure" message="no room">no room
    again: script/compat --cell current/v6-hive/web</error></testcase>
    <testcase classname="current.v6-hive" name="mysql" time="1.2"><error type="missing" message="not run">not run
    again: script/compat --cell current/v6-hive/mysql</error></testcase>
    <system-out>covered: 2 of 3 operations, 2 combinations of operation, generation and status, results in 1 of 5 formats, 1 of 2 kinds of data, worker-v5 finished 3
    not covered: job.status, invariants I12, fractions</system-out>
    <system-err>1 cells broke an invariant; 1 cells could not be tried, the first since no room; 1 cells have no verdict</system-err>
    </testsuite>
    </testsuites>
    "
  `);
});

test("each case says which file it is from, whatever that is called", () => {
  const file = '<a&"b">.config.ts';
  const [suite] = readXml(junit.render({ ...matrixReport(runResult(cells), again), file })).children;
  const files = suite?.children
    .filter(({ name }) => name === "testcase")
    .map(({ attributes }) => attributes["file"]);
  expect(files).toEqual([file, file, file, file]);
});

describe("read back", () => {
  test("the numbers are those of the cells, and nothing is skipped", () => {
    const { suites, suite } = suiteOf(cells);
    expect(suites.attributes).toEqual({ tests: "4", failures: "1", errors: "2" });
    expect(suite.attributes).toMatchObject({
      tests: "4",
      failures: "1",
      errors: "2",
      skipped: "0",
      time: "12.34",
    });
  });

  test("each verdict but pass is a failure or an error, and never silence", () => {
    const marks = Object.fromEntries(
      verdicts.map((verdict) => {
        const [only] = suiteOf([cellResult("a/b/c", { verdict })]).suite.children;
        return [verdict, only?.children.map(({ name }) => name)];
      }),
    );
    expect(marks).toEqual({
      pass: [],
      violation: ["failure"],
      missing: ["error"],
      infrastructure: ["error"],
    });
  });

  test("a run that is red for a reason that no cell shows has one case more, which says why", () => {
    const { suites, suite } = suiteOf([]);
    expect(suites.attributes).toEqual({ tests: "1", failures: "0", errors: "1" });
    expect(suite.children).toMatchObject([
      {
        attributes: { classname: "interlock", name: "run" },
        children: [{ name: "error", attributes: { type: "missing", message: "no cell was tried" } }],
      },
      { name: "system-out" },
    ]);
    const unattested = suiteOf([cellResult("a/b/c")], { verdict: "missing", reasons: ["not attested"] });
    expect(unattested.suites.attributes).toEqual({ tests: "2", failures: "0", errors: "1" });
  });

  test("departures from the contract outside of any job are a failure", () => {
    const loose = ["customer->api, GET /x: it is in no contract"];
    const { suites, suite } = suiteOf([cellResult("a/b/c")], {
      verdict: "violation",
      loose,
      reasons: ["one"],
    });
    expect(suites.attributes).toEqual({ tests: "2", failures: "1", errors: "0" });
    expect(suite.children[1]?.children).toMatchObject([
      { name: "failure", attributes: { type: "violation", message: loose[0] } },
    ]);
  });

  test.each(["", " ", "\n\t"])("a message is never empty: %j", (nothing) => {
    const blank = cellResult("a/b/c", {
      verdict: "violation",
      violations: [{ ...violation, witnesses: [nothing] }],
      reason: nothing,
    });
    expect(suiteOf([blank]).suite.children[0]?.children[0]?.attributes["message"]).toBe("violation");
  });

  test("a green run has its cases and what was exercised, and nothing else", () => {
    const { suite } = suiteOf([cellResult("a/b/c")]);
    expect(suite.children).toMatchObject([
      { name: "testcase" },
      { name: "system-out", text: expect.stringMatching(/^covered: .*\nnot covered: /) },
    ]);
    expect(suite.children).toHaveLength(2);
  });
});

test("a run that came to no verdict is one error", () => {
  const suites = readXml(
    junit.render(troubleReport("API <current>", "mysql: expected a reply\n  next: read the log")),
  );
  const counts = { tests: "1", failures: "0", errors: "1" };
  expect(suites).toMatchObject({
    attributes: counts,
    children: [
      {
        attributes: { name: "interlock API <current>", ...counts, skipped: "0" },
        children: [
          {
            name: "testcase",
            children: [
              {
                name: "error",
                attributes: { type: "infrastructure", message: "mysql: expected a reply" },
                text: "mysql: expected a reply\n  next: read the log",
              },
            ],
          },
        ],
      },
    ],
  });
});

describe("strange characters", () => {
  test("are read back as they were, those that XML cannot carry by their code", () => {
    const told = `<b> & "quoted" 'text' ]]> --> \t tab\r\nline 日本 👩‍👧 \ud7ff\ue000\ufffd\u{10000} \u0000\u001b[31m \ud800 \ufffe \u0085`;
    const [only] = suiteOf([
      cellResult("current/v5-presto/<web>&\"'", { verdict: "infrastructure", reason: told, story: [told] }),
    ]).suite.children;
    const read = `<b> & "quoted" 'text' ]]> --> \t tab\r\nline 日本 👩‍👧 \ud7ff\ue000\ufffd\u{10000} \\u0000\\u001b[31m \\ud800 \\ufffe \u0085`;
    const textRead = `${read}\nagain: script/compat --cell current/v5-presto/<web>&"'`;
    expect(only?.attributes).toMatchObject({ name: "<web>&\"'", classname: "current.v5-presto" });
    expect(only?.children).toEqual([
      { name: "error", attributes: { type: "infrastructure", message: read }, children: [], text: textRead },
    ]);
  });

  test("never break the report, wherever they stand", () => {
    const anyText = fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) });
    const part = anyText.filter((text) => !text.includes("/"));
    const anyCell = fc.record({
      path: fc.tuple(part, part, part).map((parts) => parts.join("/")),
      verdict: fc.constantFrom(...verdicts),
      reason: anyText,
      witnesses: fc.array(anyText, { maxLength: 2 }),
    });
    fc.assert(
      fc.property(fc.array(anyCell, { maxLength: 3 }), (all) => {
        const { suite } = suiteOf(
          all.map(({ path, witnesses, ...more }) =>
            cellResult(path, { ...more, violations: [{ ...violation, witnesses }], story: witnesses }),
          ),
        );
        expect(suite.children.filter(({ name }) => name === "testcase")).toHaveLength(
          Math.max(1, all.length),
        );
      }),
    );
  });
});
