import { expect, test } from "vitest";
import type { OperationId } from "../operations.ts";
import {
  call,
  claim,
  ended,
  finish,
  heartbeat,
  issue,
  kill,
  limits,
  listed,
  look,
  notBegun,
  refusal,
  second,
} from "../testing/model-calls.ts";
import { formatTimestamp } from "../values.ts";
import type { Fields, ModelCall } from "./call.ts";
import { judgeCalls } from "./model.ts";

/**
 * A request of which nobody saw an answer is sent again, and what it has done is undone. Then its first copy arrives after
 * all: it may take effect at any moment for as long as its link can carry it.
 */

const lost: Partial<ModelCall> = { status: null, reply: undefined, excused: true };
/** A service that failed since something was broken: it may have done what was asked, or do it yet. */
const failed: Partial<ModelCall> = { status: 503, reply: {}, excused: true };
const missing = refusal(404, "not_found");

const name = "often";
const minute = 60_000;
const settings = { type: "presto", database: "sample", query: "SELECT 1", cron: "" };
const timed = { ...settings, cron: "* * * * *" };
const common = { ...settings, name, cron: null, timezone: "UTC", delay: 0, user_name: "c" };
const shown: Fields = { ...common, created_at: second(1), id: 1, priority: 0, retry_limit: 0, result: "" };
const create = (at: number, request: Fields = settings, more: Partial<ModelCall> = {}) => {
  const start = request["cron"] === "" ? null : formatTimestamp(Math.floor(at / minute + 1) * minute);
  const reply = { ...shown, ...request, cron: request["cron"] || null, created_at: second(1), start };
  return call(at, "scheduled_query.create", { name, ...request }, reply, more);
};
const update = (at: number, change: Fields, told: Fields = {}, more: Partial<ModelCall> = {}) =>
  call(
    at,
    "scheduled_query.update",
    { name, ...change },
    { ...shown, start: null, ...change, ...told },
    more,
  );
const gone = (at: number, more: Partial<ModelCall> = {}) =>
  call(at, "scheduled_query.delete", { name }, { created_at: second(1) }, more);
const run = (at: number, id: number, more: Partial<ModelCall> = {}) => {
  const jobs = [{ job_id: id, type: "presto", scheduled_at: formatTimestamp(7_000) }];
  return call(at, "scheduled_query.run", { name, time: 7 }, { jobs }, more);
};
const list = (at: number, ...entries: Fields[]) =>
  call(at, "scheduled_query.list", {}, { schedules: entries });
const entry: Fields = { ...shown, executing_user_id: 1, description: null, next_time: null };
const { linked_result_export_job_id: _, result_export_target_job_id: __, ...job } = listed;
const history = (at: number, ...rows: Fields[]) =>
  call(
    at,
    "scheduled_query.history",
    { name, from: 0, to: 19 },
    { history: rows, count: rows.length, from: 0, to: 19 },
  );
const row = (id: number, issuedAt: number, at: number, query = "SELECT 1"): Fields => {
  const told = { created_at: formatTimestamp(issuedAt), updated_at: formatTimestamp(issuedAt) };
  const its = {
    job_id: String(id),
    url: `https://console.test/jobs/${id}`,
    scheduled_at: formatTimestamp(at),
    query,
  };
  return { ...job, ...notBegun, ...told, ...its };
};

const database = "sample";
const ask = (at: number, operation: OperationId, request: Fields, reply: unknown, more = {}) =>
  call(at, operation, { database, ...request }, reply, more);
const named = (table: string) => ({ database, table, type: "log" });
const make = (at: number, table: string, more = {}) =>
  ask(at, "table.create", { table, type: "log" }, named(table), more);
const remove = (at: number, table: string, more = {}) =>
  ask(at, "table.delete", { table }, named(table), more);
const rename = (at: number, table: string, new_name: string, more = {}) =>
  ask(at, "table.rename", { table, new_name }, named(new_name), more);
const swap = (at: number, more = {}) =>
  ask(at, "table.swap", { first: "one", second: "two" }, { database, table1: "one", table2: "two" }, more);
const columns = (column: string) => `[["${column}","long"]]`;
const alter = (at: number, table: string, column: string, more = {}) =>
  ask(at, "table.update_schema", { table, schema: columns(column) }, named(table), more);
const show = (at: number, table: string, its: Fields = {}, more = {}) =>
  ask(at, "table.show", { table }, { name: table, ...its }, more);
const found = (at: number, table: string, column: string) => show(at, table, { schema: columns(column) });
const make2 = [make(500, "one"), make(600, "two")];
const databaseOf = (at: number, what: "create" | "delete", more = {}) =>
  ask(at, `database.${what}`, {}, { database }, more);
const databases = (at: number, ...names: string[]) =>
  call(at, "database.list", {}, { databases: names.map((one) => ({ name: one })) });

const session = { name: "s", bulk_import: "s" };
const asked = (at: number, what: string, request: Fields = {}, reply: unknown = session, more = {}) =>
  call(at, `bulk_import.${what}` as OperationId, { name: "s", ...request }, reply, more);
const begun = asked(500, "create", { database, table: "one" });
const seen = (at: number, upload_frozen: boolean) => {
  const counts = { valid_records: null, error_records: null, valid_parts: null, error_parts: null };
  const its = { name: "s", database, table: "one", status: "uploading", upload_frozen, job_id: null };
  return asked(at, "show", {}, { ...its, ...counts });
};
const parts = (at: number, ...names: string[]) => asked(at, "list_parts", {}, { ...session, parts: names });
const running = {
  ...ended,
  status: "running",
  end_at: null,
  duration: null,
  num_records: null,
  result_size: null,
  hive_result_schema: null,
  updated_at: second(3),
};

const problems = (calls: readonly ModelCall[]): string[] =>
  judgeCalls(calls, 0, { ...limits, clockErrorMs: 500 }).departures.map(({ problem }) => problem);

/** What came before, the request that was lost, and what is seen once it has arrived after all. */
const stories: readonly [string, ModelCall[], ModelCall, ModelCall[]][] = [
  [
    "an update of a scheduled query",
    [create(1_000)],
    update(2_000, { query: "SELECT 2" }, {}, lost),
    [
      update(3_000, { query: "SELECT 2" }),
      update(4_000, { query: "SELECT 3" }),
      list(5_000, { ...entry, query: "SELECT 2" }),
    ],
  ],
  [
    "an update of a scheduled query, seen by what it runs",
    [create(1_000)],
    update(2_000, { query: "SELECT 2" }, {}, lost),
    [
      update(3_000, { query: "SELECT 2" }),
      update(4_000, { query: "SELECT 3" }),
      run(5_000, 7),
      history(6_000, row(7, 5_000, 7_000, "SELECT 2")),
    ],
  ],
  [
    "an update of a scheduled query, seen by what is due",
    [create(1_000)],
    update(2_000, { cron: timed.cron }, {}, lost),
    [
      update(3_000, { cron: timed.cron }, { start: formatTimestamp(minute) }),
      update(4_000, { cron: "", query: "SELECT 3" }, { cron: null }),
      history(minute + 1_000, row(7, minute, minute, "SELECT 3")),
    ],
  ],
  [
    "an update of one that was made anew",
    [create(1_000)],
    update(2_000, { query: "SELECT 2" }, {}, lost),
    [gone(3_000), create(4_000), list(5_000, { ...entry, query: "SELECT 2" })],
  ],
  [
    "the deletion of a scheduled query",
    [create(1_000)],
    gone(2_000, lost),
    [gone(3_000), create(4_000), list(5_000)],
  ],
  [
    "the creation of a scheduled query",
    [],
    create(1_000, settings, lost),
    [create(2_000, settings, refusal(409, "already_exists")), gone(3_000), list(5_000, entry)],
  ],
  [
    "the creation of one that is not there yet",
    [gone(500, missing)],
    create(1_000, settings, lost),
    [list(2_000), list(5_000, entry)],
  ],
  [
    "a run of one that was made anew",
    [create(1_000, timed)],
    run(2_000, 7, lost),
    [gone(3_000), create(4_000, timed), history(6_000, row(7, 2_000, 7_000))],
  ],
  [
    "the renaming of a table",
    make2,
    rename(1_000, "one", "six", lost),
    [rename(2_000, "one", "six"), rename(3_000, "six", "one"), show(4_000, "one", {}, missing)],
  ],
  [
    "a swap of tables",
    [...make2, alter(700, "one", "a"), alter(800, "two", "b")],
    swap(1_000, lost),
    [swap(2_000), alter(3_000, "one", "c"), found(4_000, "two", "c")],
  ],
  [
    "the columns of a table",
    make2,
    alter(1_000, "one", "a", lost),
    [alter(2_000, "one", "a"), alter(3_000, "one", "b"), found(4_000, "one", "a")],
  ],
  [
    "the deletion of a table",
    make2,
    remove(1_000, "one", lost),
    [remove(2_000, "one"), make(3_000, "one"), show(4_000, "one", {}, missing)],
  ],
  [
    "the creation of a table",
    [databaseOf(100, "create")],
    make(1_000, "one", lost),
    [make(2_000, "one", refusal(409, "already_exists")), remove(3_000, "one"), show(4_000, "one")],
  ],
  [
    "the deletion of a database",
    [databaseOf(100, "create")],
    databaseOf(1_000, "delete", lost),
    [databaseOf(2_000, "delete"), databaseOf(3_000, "create"), databases(4_000)],
  ],
  [
    "the creation of a database",
    [databaseOf(100, "create"), databaseOf(200, "delete")],
    databaseOf(1_000, "create", lost),
    [databases(2_000), databases(3_000, database)],
  ],
  [
    "a freeze of a session",
    [begun],
    asked(1_000, "freeze", {}, session, lost),
    [asked(2_000, "freeze"), asked(3_000, "unfreeze"), seen(4_000, true)],
  ],
  [
    "the deletion of a session",
    [begun],
    asked(1_000, "delete", {}, session, lost),
    [
      asked(2_000, "delete"),
      asked(3_000, "create", { database, table: "one" }),
      asked(4_000, "show", {}, undefined, missing),
    ],
  ],
  [
    "an upload of a part",
    [begun],
    asked(1_000, "upload_part", { part: "a", content: "eA==" }, session, lost),
    [
      asked(2_000, "upload_part", { part: "a", content: "eA==" }),
      asked(3_000, "delete_part", { part: "a" }),
      parts(4_000, "a"),
    ],
  ],
  [
    "a kill",
    [issue(1_000)],
    { ...kill(2_000, "queued"), ...lost },
    [look(3_000), look(5_000, { status: "killed", updated_at: second(4), end_at: second(4) })],
  ],
  [
    "a report",
    [issue(1_000), claim(2_000), heartbeat(3_000)],
    finish(4_000, {}, lost),
    [look(4_500, running), look(6_000, { ...ended, updated_at: second(5), end_at: second(5), duration: 2 })],
  ],
];

test.each(stories)("%s may take effect after what came behind it", (_, before, request, after) => {
  expect(problems([...before, request, ...after])).toEqual([]);
});

test.each(stories)(
  "%s may take effect later, too, where it was answered 5xx",
  (_, before, request, after) => {
    expect(problems([...before, { ...request, ...failed }, ...after])).toEqual([]);
  },
);

test.each(stories)("%s has no effect where it was never sent", (_, before, __, after) => {
  expect(problems([...before, ...after])).not.toEqual([]);
});
