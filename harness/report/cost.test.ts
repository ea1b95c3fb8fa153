import { describe, expect, test } from "vitest";
import { compare } from "../cost/compare.ts";
import type { Figures } from "../cost/figures.ts";
import type { CostResult } from "../cost/run-cost.ts";
import { costReport } from "./cost.ts";

const releases = (api: string) => ({ api, workers: { v5: "current", v6: "current" } });
const counted = (...values: readonly [of: string, value: number, text?: string][]): Figures => ({
  figures: values.map(([of, value, text]) => ({
    of,
    measure: "statements",
    value,
    parts: text === undefined ? [] : [{ text, value }],
  })),
  uncounted: {},
});

function reportOf(
  deployed: Figures,
  candidate: Figures,
  budgets = {},
  starved: CostResult["starved"] = null,
) {
  const side = (api: string, figures: Figures) => ({
    releases: releases(api),
    folder: `.interlock/runs/${api}`,
    builds: [],
    images: {},
    settings: null,
    figures,
    machine: null,
  });
  const result: CostResult = {
    load: { finished: 100_000, queued: 200, jobs: 300, burst: 50 },
    starved,
    deployed: side("current", deployed),
    candidate: side("next", candidate),
    ...compare(deployed, candidate, budgets),
  };
  return costReport(result, 61_000);
}

describe("a comparison of costs", () => {
  test("passes where nothing costs more, and says what it rests on", () => {
    const { verdict, text } = reportOf(counted(["job.list, call 1", 2]), counted(["job.list, call 1", 2]));
    expect(verdict).toBe("pass");
    expect(text).toBe("PASS: 1 counts compared, 0 too high; 100000 ended jobs, 200 waiting, 300 run; 61.0 s");
  });

  test("tells what costs more, with the statement, and what is alike once", () => {
    const report = reportOf(
      counted(["job.list, call 1", 2], ["job.list, call 2", 2]),
      counted(["job.list, call 1", 22, "SELECT `id`"], ["job.list, call 2", 202, "SELECT `id`"]),
    );
    expect(report).toMatchObject({ verdict: "violation", data: { exit: 1 } });
    expect(report.text.split("\n")).toEqual([
      "✕ job.list, call 1: 22 statements, deployed 2; at most 2.5 (1.25 times); likewise 1 more of it",
      "    22, deployed 0: SELECT `id`",
      "VIOLATION: 2 counts compared, 2 too high; 100000 ended jobs, 200 waiting, 300 run; 61.0 s",
    ]);
    expect(report.reasons).toHaveLength(2);
    expect(report.cases.map(({ path, verdict }) => [path, verdict])).toEqual([
      ["cost/job.list, call 1", "violation"],
      ["cost/job.list, call 2", "violation"],
    ]);
  });

  test("on a machine that others had taken, what is too high is no violation, and what is not is a pass", () => {
    const on = (candidate: number) =>
      reportOf(
        counted(["a", 1]),
        counted(["a", candidate]),
        {},
        "others starved the machine: 1.80 of 2 cores",
      );
    const report = on(9);
    expect(report).toMatchObject({ verdict: "infrastructure", data: { exit: 3 } });
    expect(report.text).toContain(
      "! others starved the machine: 1.80 of 2 cores: counts of such a run say nothing",
    );
    expect(report.cases.map(({ verdict }) => verdict)).toEqual(["infrastructure"]);
    expect(on(1).verdict).toBe("pass");
  });

  test.each([
    ["nothing was compared", counted(), counted(), {}],
    ["something was counted of one alone", counted(["a", 1], ["b", 1]), counted(["a", 1]), {}],
    ["a side could not count", counted(["a", 1]), { ...counted(["a", 1]), uncounted: { files: "no" } }, {}],
    ["a budget is for nothing", counted(["a", 1]), counted(["a", 1]), { "b: statements": 3 }],
  ])("is no pass where %s", (_, deployed, candidate, budgets) => {
    expect(reportOf(deployed, candidate, budgets)).toMatchObject({ verdict: "missing", data: { exit: 2 } });
  });

  test("is a violation even where something else is missing", () => {
    const blind = { ...counted(["a", 9]), uncounted: { files: "no" } };
    expect(reportOf(counted(["a", 1]), blind).verdict).toBe("violation");
  });
});
