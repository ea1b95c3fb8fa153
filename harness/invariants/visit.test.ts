import { describe, expect, test } from "vitest";
import type { ExchangeEvent, HistoryEvent } from "../history/event.ts";
import { historiesIn } from "../history/job-history.ts";
import { allBroken, judgeHistory } from "./judge.ts";
import { calm, finish, grant, idle, issue, show, type Told } from "./testing/calls.ts";
import { eventsOf } from "./testing/history.ts";

/** What visitors did to a system that had no job of its own; a customer of hdp2 issued one on Presto. */
function visited(calls: readonly Told[], final: object = {}): HistoryEvent[] {
  return eventsOf({ calls, changes: null }).map((event) => {
    if (event.kind === "run")
      return {
        ...event,
        schedule: { ...event.schedule, workload: { jobs: [], workers: 1 } },
        scenarios: {},
        builds: [{ component: "worker-v5-1", release: "current", digest: "1", image: null }],
        visit: { jobs: 1 },
      };
    if (event.kind === "exchange" && event.link === "customer->api" && event.probe === undefined)
      return { customer: "hdp2", ...event };
    if (event.kind !== "final") return event;
    const { table: _, ...rest } = event;
    return { ...rest, visitor: { customer: "hdp2", engine: "presto" }, registered: null, ...final };
  });
}
const brokenIn = (calls: readonly Told[], final: object = {}) =>
  allBroken(judgeHistory(visited(calls, final))).map(({ invariant, job }) => `${invariant} ${job}`);

const told = (at: number, more: Partial<ExchangeEvent>): Told =>
  ({ ...show(at, "success"), ...more }) as Told;
const refused = { error: "no", text: "no", severity: "error" };

describe("a visitor's job", () => {
  test("that goes as the contract says breaks nothing, and nothing is promised of it", () => {
    const events = visited(calm);
    const { triggered } = judgeHistory(events);
    expect(brokenIn(calm)).toEqual([]);
    expect(historiesIn(events).jobs).toMatchObject([{ number: 1, scenario: null, engine: "presto" }]);
    const asked = Object.entries(triggered).filter(([, { jobs }]) => jobs > 0);
    expect(asked.map(([id]) => id)).toEqual(
      expect.arrayContaining(["I1", "I5", "I6", "I7", "I8", "C", "T", "W"]),
    );
    expect(["E", "F", "I2", "I3", "I4", "L1"].filter((id) => triggered[id]?.jobs !== 0)).toEqual([]);
  });

  test("that has not ended when the system is taken down breaks nothing", () => {
    const calls = [issue(100), grant(200, 1), show(300, "booting")];
    expect(brokenIn(calls, { stored: "booting", leased: true })).toEqual([]);
  });

  test.each([
    ["I1", [...calm, show(2_000, "killed")], {}],
    ["I5", calm, { stored: "error" }],
    ["I6", [issue(100), grant(200, 1), show(300, "success")], {}],
    ["I7", calm, { stored: null }],
    ["I8", [issue(100), grant(200, 1), grant(300, 1), finish(700, 1, "success")], {}],
    ["T", [issue(100), grant(200, 1), show(300, "running"), show(400, "queued")], { stored: "running" }],
  ])("breaks %s where its life contradicts it", (id, calls, final) => {
    expect(brokenIn(calls, final)).toContain(`${id} 1`);
  });
});

describe("what a visitor has done wrong, and was refused for, breaks nothing", () => {
  test.each<[string, Partial<ExchangeEvent>]>([
    ["a path of no contract", { operation: null, job: null, status: 404, method: "GET", path: "/nowhere" }],
    ["a call of workers", { operation: "worker.claim", job: null, status: 403, reply: refused }],
    ["no credential", { probe: "none", status: 401, outcome: "fail", reply: refused }],
    ["the key of another customer", { customer: "cdh4", status: 404, outcome: "fail", reply: refused }],
  ])("%s", (_, more) => {
    expect(brokenIn([...calm, told(2_000, more)])).toEqual([]);
  });

  test("a worker with a wrong token, unless the run itself has started it", () => {
    const unknown = { status: 401, outcome: "fail", reply: refused } as const;
    expect(brokenIn([...calm, idle(2_000, { ...unknown, by: "worker-v5-by-hand" })])).toEqual([]);
    expect(brokenIn([...calm, idle(2_000, { ...unknown, by: "worker-v5-1" })])).toEqual(["C 0"]);
  });
});

test("an answer to a visitor without a credential breaks the contract", () => {
  expect(brokenIn([...calm, told(2_000, { probe: "none" })])).toEqual(["C 1"]);
});

test("a text that looks like a job's of a schedule is not taken for one", () => {
  const request = { type: "presto", database: "sample", query: "SELECT 1", domain_key: "workload-1" };
  const conflict = {
    request,
    job: null,
    status: 409,
    outcome: "fail",
    reply: { ...refused, details: {} },
  } as const;
  const { jobs, loose } = historiesIn(visited([...calm, { ...issue(2_000), ...conflict } as Told]));
  expect(jobs[0]?.steps.issue).toHaveLength(1);
  expect(loose).toMatchObject([{ operation: "job.issue", status: 409 }]);
});
