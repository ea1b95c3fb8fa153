import { describe, expect, test } from "vitest";
import { consumers } from "../../testing/junit-consumers.ts";
import type { Verdict } from "../../verdict.ts";
import { type Case, type Report, troubleReport } from "../report.ts";
import { junit } from "./junit.ts";

/** Whoever reads the file reads the same number of red cases, each with a message. */

const caseOf = (path: string, verdict: Verdict, reason?: string): Case => ({
  path,
  verdict,
  violations: [],
  story: [],
  reason,
});
const reportOf = (cases: Case[], verdict: Verdict = "violation"): Report => ({
  title: "t",
  verdict,
  reasons: [],
  cases,
  text: "",
  data: null,
});
const hostile = '<failure message="">]]>&amp;"\'\u0000\ud800\n::error::';

const reports: Record<string, readonly [red: number, report: Report]> = {
  "no failure": [0, reportOf([caseOf("a/b/c", "pass"), caseOf("a/b/d", "pass")], "pass")],
  "no case, and no verdict": [1, troubleReport("t", "the engine does not answer")],
  "a violation": [1, reportOf([caseOf("a/b/c", "violation", "lost"), caseOf("a/b/d", "pass")])],
  "an error": [1, reportOf([caseOf("a/b/c", "infrastructure", "no room")], "infrastructure")],
  "a missing cell": [1, reportOf([caseOf("a/b/c", "missing", "not run")], "missing")],
  "nothing to say": [
    3,
    reportOf([
      caseOf("a/b/c", "violation"),
      caseOf("a/b/d", "missing", ""),
      caseOf("a/e/d", "missing", " \n"),
    ]),
  ],
  "markup in names and words": [
    2,
    reportOf([caseOf(`${hostile}/${hostile}`, "violation", hostile), caseOf("x/y", "missing", hostile)]),
  ],
  "a path of one part, an empty one, and one that ends in a slash": [
    3,
    reportOf([
      caseOf("alone", "violation", "w"),
      caseOf("", "missing", "w"),
      caseOf("a/b/", "violation", "w"),
    ]),
  ],
  "several cases of one path": [
    4,
    reportOf([
      caseOf("gate/the question", "violation", "one"),
      caseOf("gate/the question", "missing", "other"),
      caseOf("gate/the question (2)", "missing", "third"),
      caseOf("gate/x", "pass"),
      caseOf("gate/x", "missing", "w"),
    ]),
  ],
  "paths that differ in slashes and dots": [
    2,
    reportOf([caseOf("a.b/c", "violation", "w"), caseOf("a/b/c", "violation", "w")]),
  ],
  "1,000 cells": [
    334,
    reportOf(
      Array.from({ length: 1_000 }, (_, i) =>
        caseOf(`a/v5-presto/cell-${i}`, i % 3 === 0 ? "violation" : "pass", "w"),
      ),
    ),
  ],
};

describe.each(Object.entries(consumers))("%s", (_, read) => {
  test.each(Object.entries(reports))("%s", (_what, [red, report]) => {
    const found = read(junit.render(report));
    expect(found.red).toBe(red);
    expect(found.messages.filter((message) => message.trim() === "")).toEqual([]);
  });
});
