import { describe, expect, test } from "vitest";
import type { JobStatus } from "../../contracts/job.ts";
import type { FinalEvent } from "../history/event.ts";
import type { Scenario } from "../schedule/scenario.ts";
import { judgeHistory } from "./judge.ts";
import { grant, heartbeat, issue, lost, show } from "./testing/calls.ts";
import { eventsOf, refusal, type Story } from "./testing/history.ts";
import {
  append,
  badDestination,
  before,
  createTable,
  endless,
  insertInto,
  refusedAppend,
  replace,
  select,
  source,
  web,
} from "./testing/scenarios.ts";

/**
 * Until November 2026 the cells of a matrix had checks of their own. Every case in which one of those was red, and the
 * invariants that are red now: none of what they saw is lost.
 */

const rows = source.rows;
const some = rows.slice(0, 1);
const twice = [...rows, ...rows];
const notTaken = { job: null, stored: null };

/** A job of which its customer read this; its database holds the last of it, unless the case says otherwise. */
function read(statuses: readonly JobStatus[], final: Partial<FinalEvent> = {}, scenario = insertInto): Story {
  const stored = statuses.at(-1) ?? "running";
  return {
    scenario,
    calls: [issue(100), grant(200, 1), ...statuses.map((status, i) => show(1_000 + 10 * i, status))],
    final: { stored, ...final },
  };
}

const output = (scenario: Scenario, end: JobStatus, found: typeof rows, deliveries: number | null = null) =>
  read([end], { destination: { rows: found, deliveries } }, scenario);
const effect = (scenario: Scenario, end: JobStatus, table: typeof rows | null) =>
  read([end], { table, registered: end === "success" && scenario === createTable }, scenario);
const result = (found: typeof rows | null, scenario = select) =>
  read(["success"], { result: found }, scenario);

type Red = [name: string, story: Story, ids: string[]];

const cases: Record<string, Red[]> = {
  I1: [
    ["success, and later killed", read(["success", "killed"]), ["I1"]],
    ["success, and later running", read(["success", "running"], { stored: "success" }), ["I1", "L1"]],
    ["success, killed, error", read(["success", "killed", "error"]), ["I1"]],
    ["killed, success, killed", read(["killed", "success", "killed"]), ["I1"]],
    ["told success, the database holds running", read(["success"], { stored: "running" }), ["I1"]],
    ["told success, the database holds no such job", read(["success"], { stored: null }), ["I1"]],
  ],
  I3: [
    ["an INSERT without rows", effect(insertInto, "success", []), ["I3"]],
    ["an INSERT with some of its rows", effect(insertInto, "success", some), ["I3"]],
    ["an INSERT with its rows twice", effect(insertInto, "success", twice), ["I2"]],
    ["an INSERT without its table", effect(insertInto, "success", null), ["I3"]],
    ["an INSERT that was killed and has rows", effect(insertInto, "killed", some), ["I3"]],
    ["a CREATE with its rows twice", effect(createTable, "success", twice), ["I2"]],
    ["a CREATE without its table", effect(createTable, "success", null), ["I3"]],
    ["a CREATE in error with an empty table", effect(createTable, "error", []), ["I3"]],
    ["a CREATE that was killed with its table", effect(createTable, "killed", rows), ["I3"]],
    ["a query whose result cannot be read", result(null), ["I3"]],
    ["a query with some of its rows", result(some), ["I3"]],
    ["a query with its rows twice", result(twice), ["I3"]],
    ["an endless query that gave a part", result(some, endless), ["I3"]],
  ],
  I4: [
    ["nothing arrived", output(append, "success", before), ["I4"]],
    ["one row is missing", output(append, "success", [...before, ...some]), ["I4"]],
    ["it arrived twice", output(append, "success", [...before, ...twice]), ["I4"]],
    ["old rows are gone", output(append, "success", rows), ["I4"]],
    ["old rows are still there", output(replace, "success", [...before, ...rows]), ["I4"]],
    [
      "a value was altered",
      output(replace, "success", [
        [1, "A"],
        [2, "b"],
      ]),
      ["I4"],
    ],
    ["it arrived all the same", output(append, "error", [...before, ...rows]), ["I4"]],
    ["the table was emptied all the same", output(replace, "killed", []), ["I4"]],
    ["success in no delivery", output(web, "success", rows, 0), ["I4"]],
    ["success in two deliveries", output(web, "success", rows, 2), ["I4"]],
    ["error and a delivery", output(web, "error", [], 1), ["I4"]],
    ["killed and a delivery", output(web, "killed", [], 1), ["I4"]],
    [
      "an empty result that was not sent",
      output({ ...web, source: { ...source, rows: [] } }, "success", [], 0),
      ["I4"],
    ],
    [
      "refused, and the table is another",
      {
        scenario: refusedAppend,
        calls: [issue(100, refusal())],
        final: { destination: { rows, deliveries: null } },
      },
      ["I4"],
    ],
  ],
  L1: [
    ["still running", read(["queued", "running"]), ["L1"]],
    ["still queued", read(["queued"]), ["L1"]],
    ["running after success", read(["success", "running"]), ["L1"]],
    ["unread", read([]), ["L1"]],
  ],
  ending: [
    ["error, promised is success", read(["queued", "error"], { table: [] }), ["E"]],
    ["success, promised is killed", read(["success"], {}, endless), ["E"]],
    ["running, promised is killed", read(["running"], {}, endless), ["E"]],
    ["unread, promised is success", read([]), ["E"]],
    ["the list of jobs does not show it", read(["success"], { listed: false }), ["E"]],
    ["nobody answered", { calls: [issue(100, { ...lost, job: null })], final: notTaken }, ["E"]],
    [
      "accepted, and must be refused",
      { scenario: badDestination, calls: [issue(100)], final: { job: "1", stored: "queued" } },
      ["E"],
    ],
    [
      "nobody answered what must be refused",
      { scenario: badDestination, calls: [issue(100, { ...lost, job: null })] },
      ["E"],
    ],
    [
      "an error in the place of a refusal",
      { scenario: badDestination, calls: [issue(100, refusal(500, "internal error"))] },
      ["E"],
    ],
  ],
  contract: [
    ["a departure in an exchange about the job", { calls: [heartbeat(300, 1, { reply: {} })] }, ["C"]],
    [
      "a refusal in another shape",
      { scenario: badDestination, calls: [issue(100, { ...refusal(), reply: {} })] },
      ["C"],
    ],
  ],
};

describe.each(Object.entries(cases))("what the check %s saw", (_, reds) => {
  test.each(reds)("%s", (_name, story, ids) => {
    const broken = judgeHistory(eventsOf(story)).broken.map(({ invariant }) => invariant);
    expect(broken).toEqual(expect.arrayContaining(ids));
  });
});
