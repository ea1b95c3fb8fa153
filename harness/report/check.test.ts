import { describe, expect, test } from "vitest";
import type { HistoryEvent } from "../history/event.ts";
import { judgeHistory } from "../invariants/judge.ts";
import { calm, idle, show } from "../invariants/testing/calls.ts";
import { eventsOf } from "../invariants/testing/history.ts";
import { checkReport } from "./check.ts";

const checked = (events: readonly HistoryEvent[], unfired: readonly string[] = []) =>
  checkReport({ file: "history.jsonl", events, judgement: judgeHistory(events), unfired });
const path = "current/v5-presto/insert-into";

describe("a history that was judged again", () => {
  test("passes where nothing is broken: a case a job, and what was put to the test", () => {
    const report = checked(eventsOf({ calls: calm }));
    expect(report).toMatchObject({ verdict: "pass", reasons: [], cases: [{ path, verdict: "pass" }] });
    expect(report.text).toMatch(/^\d+ events, 0 broken; put to the test: \S/);
    expect(report.data).toMatchObject({ file: "history.jsonl", verdict: "pass", exit: 0, broken: [] });
  });

  test("violates where a job's invariant is broken", () => {
    const report = checked(eventsOf({ calls: [...calm, show(2_000, "killed")] }));
    expect(report).toMatchObject({
      verdict: "violation",
      reasons: [expect.stringMatching(/^\d broken$/)],
      cases: [{ path, verdict: "violation" }],
    });
    expect(report.text).toMatch(/\nI1, job 1: /);
  });

  test("violates where a call about no job departs from the contract", () => {
    const report = checked(eventsOf({ calls: [...calm, idle(2_000, { reply: "" })] }));
    expect(report).toMatchObject({
      verdict: "violation",
      cases: [
        { path, verdict: "pass" },
        { path: "current/outside of any job", verdict: "violation" },
      ],
    });
  });

  test("is missing where a job was never issued", () => {
    const { verdict, cases, text } = checked(eventsOf({ final: { job: null, stored: null, table: [] } }));
    expect({ verdict, cases }).toMatchObject({ cases: [{ path, verdict: "missing" }] });
    expect(text).toContain("missing: 1 jobs were never issued");
  });

  test("is missing where a fault did not fire, whatever is broken", () => {
    const report = checked(eventsOf({ calls: [...calm, show(2_000, "killed")] }), ["the 99th claim: lost"]);
    expect(report).toMatchObject({ verdict: "missing", cases: [] });
    expect(report.reasons.join()).toContain("did not fire:\nthe 99th claim: lost");
    expect(report.text).toMatch(/^invalid: the run proves nothing, .*:\nthe 99th claim: lost\n/);
  });
});
