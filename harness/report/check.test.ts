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

describe("of a system that was open to others", () => {
  const visit = (events: readonly HistoryEvent[], jobs: number) =>
    events.flatMap((event): HistoryEvent[] => {
      if (event.kind === "final")
        return jobs === 0 ? [] : [{ ...event, visitor: { customer: "hdp2", engine: "hive-hdp2" } }];
      if (event.kind === "exchange" && event.job !== null && event.link === "customer->api")
        return [{ ...event, customer: "hdp2" }];
      if (event.kind !== "run") return [event];
      const schedule = { ...event.schedule, workload: { jobs: [], workers: 1 } };
      const builds = [{ component: "worker-v5-1", release: "current", digest: "1", image: null }];
      return [{ ...event, schedule, builds, visit: { jobs } }];
    });

  test("each job that they issued is a case", () => {
    const { cases } = checked(visit(eventsOf({ calls: calm }), 1));
    expect(cases.map(({ path: where }) => where)).toEqual(["current/v6-hive-hdp2/visitor-1"]);
  });

  const refused = {
    status: 401,
    outcome: "fail",
    reply: { error: "no", text: "no", severity: "error" },
  } as const;

  test.each([
    ["nobody came", []],
    ["a worker was started with a wrong token", [idle(3_000, { ...refused, by: "worker-v5-by-hand" })]],
  ])("nothing is proven where %s", (_, calls) => {
    const report = checked(visit(eventsOf({ calls: [idle(2_000), ...calls] }), 0));
    expect(report).toMatchObject({
      verdict: "missing",
      reasons: ["missing: nobody did anything with the system"],
    });
  });

  test("a call that asked for no job is enough", () => {
    const { link: _, ...call } = idle(2_000, {
      by: "customer",
      operation: "system.status",
      request: {},
      reply: { status: "ok" },
    });
    const events = visit(eventsOf({ calls: [{ ...call, link: "customer->api", generation: null }] }), 0);
    expect(checked(events).verdict).toBe("pass");
  });
});
