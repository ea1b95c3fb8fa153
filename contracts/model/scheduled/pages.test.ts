import { describe, expect, test } from "vitest";
import { call, limits, listed, notBegun } from "../../testing/model-calls.ts";
import { formatTimestamp } from "../../values.ts";
import type { Fields, ModelCall } from "../call.ts";
import { judgeCalls } from "../model.ts";

/** Pages of the history of a scheduled query that runs only when it is asked for. */

const name = "asked";
const settings = { type: "presto", database: "sample", query: "SELECT 1", cron: "" };
const told = (at: number) => formatTimestamp(at);
const made = {
  ...settings,
  cron: null,
  name,
  timezone: "UTC",
  delay: 0,
  user_name: "c",
  created_at: told(1_000),
  id: 1,
  priority: 0,
  retry_limit: 0,
  result: "",
  start: null,
};
const create = call(1_000, "scheduled_query.create", { name, ...settings }, made);
const run = (at: number, id: number, more: Partial<ModelCall> = {}) => {
  const jobs = [{ job_id: id, type: "presto", scheduled_at: told(7_000) }];
  return call(at, "scheduled_query.run", { name, time: 7 }, { jobs }, more);
};
const { linked_result_export_job_id: _, result_export_target_job_id: __, ...shown } = listed as Fields;
const row = (id: number): Fields => {
  const at = told(id * 1_000 + 1_000);
  const own = { job_id: String(id), url: `https://console.test/jobs/${id}`, created_at: at, updated_at: at };
  return { ...shown, ...notBegun, ...own, scheduled_at: told(7_000) };
};
const page = (from: number, to: number, ids: readonly number[]) => {
  const reply = { history: ids.map(row), count: ids.length, from, to };
  return call(9_000, "scheduled_query.history", { name, from, to }, reply);
};
const begun = [create, ...[1, 2, 3, 4].map((id) => run(id * 1_000 + 1_000, id))];
const problems = (calls: readonly ModelCall[]): string =>
  judgeCalls(calls, 0, { ...limits, clockErrorMs: 500 })
    .departures.map(({ problem }) => problem)
    .join("\n");

describe("a page", () => {
  test.each([[page(0, 9, [4, 3, 2, 1])], [page(1, 2, [3, 2])], [page(3, 9, [1])], [page(4, 9, [])]])(
    "has each job at its place",
    (asked) => {
      expect(problems([...begun, asked])).toBe("");
    },
  );

  test.each([
    ["that is cut", page(0, 9, [4, 3, 2]), "job 1 is left out"],
    ["that is short", page(1, 2, [3]), "jobs of the page"],
    ["that begins elsewhere", page(2, 9, [4, 3, 2, 1]), "jobs of the page"],
    ["that is empty", page(1, 2, []), "jobs of the page"],
  ])("is wrong %s", (_name, asked, problem) => {
    expect(problems([...begun, asked])).toContain(problem);
  });

  test("is not judged where a run may have had its effect that was never answered", () => {
    const lost = run(7_000, 5, { status: null, reply: undefined, excused: true });
    expect(problems([...begun, lost, page(1, 2, [4, 3])])).toBe("");
  });

  test("is not judged where nobody knows since when the query is there: its job may have come by itself", () => {
    const hourly = { ...create, request: { ...create.request, cron: "0 * * * *" } };
    const lost = { status: 503, reply: undefined, excused: true };
    const again = { ...hourly, sent: 3_601_000, returned: 3_601_010 };
    const found = { history: [{ ...row(1), scheduled_at: told(3_600_000) }], count: 1, from: 0, to: 9 };
    const look = call(3_602_000, "scheduled_query.history", { name, from: 0, to: 9 }, found);
    expect(problems([{ ...hourly, ...lost }, { ...again, ...lost }, look])).not.toContain("jobs of the page");
  });

  test("is not judged where jobs come by themselves", () => {
    const often = { ...create, request: { ...create.request, cron: "* * * * *" } };
    const known = [
      { ...often, reply: { ...made, cron: "* * * * *", start: told(60_000) } },
      ...begun.slice(1),
    ];
    expect(problems([...known, { ...page(1, 2, [4, 3]), sent: 70_000, returned: 70_010 }])).not.toContain(
      "of the page",
    );
  });
});
