import { describe, expect, test } from "vitest";
import { call, limits, listed, notBegun, refusal } from "../../testing/model-calls.ts";
import { formatTimestamp } from "../../values.ts";
import type { Fields, ModelCall } from "../call.ts";
import { judgeCalls } from "../model.ts";

/** A scheduled query that is due each minute, and a run that is asked for. */

const name = "often";
const minute = 60_000;
const settings = { type: "presto", database: "sample", query: "SELECT 1", cron: "* * * * *" };
const common = {
  ...settings,
  name,
  timezone: "UTC",
  delay: 0,
  user_name: "c",
  created_at: formatTimestamp(1_000),
};
const whole = { ...common, id: 1, priority: 0, retry_limit: 0, result: "" };
const told = (at: number) => formatTimestamp(at);

const create = (at: number, more: Partial<ModelCall> = {}) =>
  call(at, "scheduled_query.create", { name, ...settings }, { ...whole, start: told(minute) }, more);
const run = (at: number, id: number, more: Partial<ModelCall> = {}) =>
  call(
    at,
    "scheduled_query.run",
    { name, time: 7 },
    { jobs: [{ job_id: id, type: "presto", scheduled_at: told(7_000) }] },
    more,
  );
const { linked_result_export_job_id: _, result_export_target_job_id: __, ...shown } = listed as Fields;
const row = (id: number, issuedAt: number, at: number): Fields => ({
  ...shown,
  ...notBegun,
  job_id: String(id),
  url: `https://console.test/jobs/${id}`,
  created_at: told(issuedAt),
  updated_at: told(issuedAt),
  scheduled_at: told(at),
});
const history = (at: number, rows: readonly Fields[], more: Partial<ModelCall> = {}) =>
  call(
    at,
    "scheduled_query.history",
    { name, from: 0, to: 19 },
    { history: rows, count: rows.length, from: 0, to: 19 },
    more,
  );
const list = (at: number, entries: readonly Fields[], more: Partial<ModelCall> = {}) =>
  call(at, "scheduled_query.list", {}, { schedules: entries }, more);
const entry = { ...whole, executing_user_id: 1, description: null, next_time: told(minute) };
const gone = (at: number, more: Partial<ModelCall> = {}) =>
  call(at, "scheduled_query.delete", { name }, common, more);

const asked = row(1, 2_000, 7_000);
const due = (id: number, n: number, issuedAt = n * minute) => row(id, issuedAt, n * minute);
const begun = [create(1_000), run(2_000, 1)];
const problems = (calls: readonly ModelCall[]): string[] =>
  judgeCalls(calls, 0, { ...limits, clockErrorMs: 500 }).departures.map(({ problem }) => problem);

test("what goes its way is right, and all of it is judged", () => {
  const story = [
    ...begun,
    create(3_000, refusal(409, "already_exists")),
    list(4_000, [entry]),
    history(5_000, [asked]),
    history(130_000, [due(3, 2), due(2, 1), asked]),
    gone(131_000),
    gone(132_000, refusal(404, "not_found")),
    list(133_000, []),
  ];
  expect(judgeCalls(story, 0, { ...limits, clockErrorMs: 500 })).toEqual({ departures: [], unjudged: 0 });
});

test("due times that waited for the end of an outage are right, one by one", () => {
  const late = [due(4, 3, 200_000), due(3, 2, 200_000), due(2, 1, 200_000)];
  expect(problems([...begun, history(201_000, [...late, asked])])).toEqual([]);
});

test("a run whose answer was lost may be in the history, and need not", () => {
  const lost = { status: null, reply: undefined, excused: true };
  for (const rows of [[asked], []]) {
    expect(problems([create(1_000), run(2_000, 1, lost), history(5_000, rows)])).toEqual([]);
  }
});

describe("it is wrong", () => {
  test.each<[string, ModelCall[], string]>([
    ["that a due time is left out", [history(200_000, [due(3, 3), due(2, 1), asked])], "not each there once"],
    ["that the first is left out", [history(200_000, [due(3, 3), due(2, 2), asked])], "not each there once"],
    [
      "that a due time has two jobs",
      [history(130_000, [due(4, 2), due(3, 1), due(2, 1), asked])],
      "not each there once",
    ],
    ["that they are out of order", [history(130_000, [due(3, 1), due(2, 2), asked])], "not each there once"],
    ["that a job is at another time", [history(130_000, [row(2, 60_000, 61_000), asked])], "at no due time"],
    ["that a job comes too soon", [history(50_000, [due(2, 1, 49_000), asked])], "before its time"],
    ["that a run is left out", [history(5_000, [])], "job 1 is left out"],
    ["that a run has another time", [history(5_000, [row(1, 2_000, 8_000)])], "scheduled_at of job 1"],
    ["that a job is told twice", [history(5_000, [asked, asked])], "not newest first"],
    ["that another's job is told", [history(5_000, [row(9, 4_000, 7_000), asked])], "nobody issued this job"],
    [
      "that a job is shown otherwise",
      [history(5_000, [{ ...asked, query: "SELECT 2" }])],
      'query: expected "SELECT 1"',
    ],
    ["that one is made twice", [create(3_000)], "there is one of that name"],
    ["that one that is there is not found", [gone(3_000, refusal(404, "not_found"))], "although it is there"],
    ["that one that is gone is answered", [gone(3_000), history(4_000, [])], "there is none of that name"],
    ["that one that is gone is run", [gone(3_000), run(4_000, 2)], "there is none of that name"],
    ["that it is not in the list", [list(3_000, [])], "is not in the list"],
    ["that it is listed otherwise", [list(3_000, [{ ...entry, cron: "@daily" }])], "cron: expected"],
    ["that it gets another id", [list(3_000, [{ ...entry, id: 2 }])], "id: expected 1"],
    ["that its next time is none", [list(3_000, [{ ...entry, next_time: told(61_000) }])], "next_time"],
    [
      "that one due time is passed over",
      [list(3_000, [{ ...entry, next_time: told(2 * minute) }])],
      "or one before",
    ],
    ["that it is due no more", [list(3_000, [{ ...entry, next_time: null }])], "next_time: expected"],
    ["that a run is another job's", [run(3_000, 1)], "is the id of another job"],
  ])("%s", (_name, calls, problem) => {
    const found = problems([...begun, ...calls]);
    expect(found.join("\n")).toContain(problem);
  });
});

test("an id of more than 53 bits is the same in a run and in a history", () => {
  const id = "9007199254741242";
  const wide = { ...row(1, 2_000, 7_000), job_id: id, url: `https://console.test/jobs/${id}` };
  const reply = { jobs: [{ job_id: `(integer ${id})`, type: "presto", scheduled_at: told(7_000) }] };
  expect(problems([create(1_000), run(2_000, 1, { reply }), history(5_000, [wide])])).toEqual([]);
  expect(problems([create(1_000), run(2_000, 1, { reply }), history(5_000, [])]).join()).toContain(
    "left out",
  );
});

test("the first due time of one that is made is to come, by whatever clock the service may have", () => {
  const made = (start: number) =>
    problems([
      create(2 * minute + 1_000, {
        reply: { ...whole, created_at: told(2 * minute + 1_000), start: told(start) },
      }),
    ]);
  expect(made(3 * minute)).toEqual([]);
  expect(made(2 * minute).join()).toContain("a due time to come");
});

test("a cron or a destination that means none is refused, and a good one is not", () => {
  const wrong = (request: Fields, more: Partial<ModelCall>) =>
    problems([call(1_000, "scheduled_query.create", { name, ...settings, ...request }, whole, more)]);
  const refused = refusal(422, "invalid_input");
  expect(wrong({ cron: "60 * * * *" }, refused)).toEqual([]);
  expect(wrong({ result: "ftp://x" }, refused)).toEqual([]);
  expect(wrong({}, refused).join()).toContain("although it is well-formed");
  expect(wrong({ cron: "60 * * * *" }, {}).join()).toContain("not well-formed");
  expect(wrong({ result: "ftp://x" }, {}).join()).toContain("means none");
});

const hour = 60 * minute;
const updated = (at: number, change: Fields, shown: Fields, more: Partial<ModelCall> = {}) =>
  call(at, "scheduled_query.update", { name, ...change }, { ...whole, ...shown }, more);
const runOf = (at: number, times: readonly number[], more: Partial<ModelCall> = {}) =>
  call(
    at,
    "scheduled_query.run",
    { name, time: (times[0] as number) / 1000, num: times.length },
    { jobs: times.map((time, i) => ({ job_id: 11 + i, type: "presto", scheduled_at: told(time) })) },
    more,
  );
const hourly = (at: number) => [
  create(at, {
    request: { name, ...settings, cron: "@hourly" },
    reply: { ...whole, cron: "@hourly", start: told(hour) },
  }),
];

describe("a run of several", () => {
  test("has the due times that follow each other, and is refused only where there are none", () => {
    expect(problems([...hourly(1_000), runOf(2_000, [12 * hour, 13 * hour, 14 * hour])])).toEqual([]);
    expect(problems([...hourly(1_000), runOf(2_000, [12 * hour, 14 * hour])]).join()).toContain(
      "not the first of its",
    );
    const refused = problems([
      ...hourly(1_000),
      runOf(2_000, [12 * hour, 13 * hour], refusal(409, "wrong_state")),
    ]);
    expect(refused.join()).toContain("although it has 1 due times more");
    const never = create(1_000, {
      request: { name, ...settings, cron: "" },
      reply: { ...whole, cron: null, start: null },
    });
    expect(problems([never, runOf(2_000, [hour, 2 * hour], refusal(409, "wrong_state"))])).toEqual([]);
  });
});

test("a run of several is refused only where there is no later time, however far away", () => {
  const yearly = { ...settings, cron: "0 0 29 2 *" };
  const made = create(1_000, {
    request: { name, ...yearly },
    reply: { ...whole, cron: yearly.cron, start: told(Date.UTC(1972, 1, 29)) },
  });
  const two = [hour, Date.UTC(1972, 1, 29)];
  expect(problems([made, runOf(2_000, two)])).toEqual([]);
  expect(problems([made, runOf(2_000, two, refusal(409, "wrong_state"))]).join()).toContain(
    "although it has 1 due times more",
  );
  expect(problems([made, runOf(2_000, [hour, Date.UTC(1976, 1, 29)])]).join()).toContain("not the first");
});

test("the next due time is the first, however far away, and one that is never due has none", () => {
  const made = (cron: string, start: string | null) =>
    problems([
      create(1_000, { request: { name, ...settings, cron }, reply: { ...whole, cron, start } }),
    ]).join();
  expect(made("@monthly", told(Date.UTC(1970, 1, 1)))).toBe("");
  expect(made("@monthly", told(Date.UTC(1970, 2, 1)))).toContain("or one before");
  expect(made("0 0 29 2 *", null)).toContain('start: expected "1972-02-29');
  expect(made("0 0 30 2 *", null)).toBe("");
});

test("an update to other times is due after it, and not before", () => {
  const at = 3 * hour + 4 * minute;
  const asked = { cron: "30 * * * *" };
  const answer = (start: number) =>
    problems([create(1_000), updated(at, asked, { ...asked, start: told(start) })]);
  expect(answer(3 * hour + 30 * minute)).toEqual([]);
  expect(answer(30 * minute).join()).toContain("a due time to come");
});

test("a history may hold the job of a run that is under way", () => {
  const story = [
    create(1_000),
    run(2_300, 1, { returned: 2_900 }),
    history(2_000, [asked], { returned: 2_800 }),
  ];
  expect(problems(story)).toEqual([]);
});

test("what a run has after an update that was lost is not known", () => {
  const lost = updated(1_500, { query: "SELECT 2" }, {}, { status: null, reply: undefined, excused: true });
  expect(problems([create(1_000), lost, run(2_000, 1), history(5_000, [asked])])).toEqual([]);
  const other = { ...asked, query: "SELECT 2" };
  expect(problems([create(1_000), lost, run(2_000, 1), history(5_000, [other])])).toEqual([]);
});

test("an update of the query alone drops no due time that waits for its delay", () => {
  const delayed = { ...settings, delay: 60 };
  const made = create(1_000, {
    request: { name, ...delayed },
    reply: { ...whole, delay: 60, start: told(minute) },
  });
  const other = { query: "SELECT 2" };
  const changed = updated(minute + 15_000, other, { ...other, delay: 60, start: told(minute) });
  const job = { ...due(2, 1, 2 * minute), query: "SELECT 2" };
  expect(problems([made, changed, history(2 * minute + 5_000, [job])])).toEqual([]);
});

test("a row without an id is told, and nothing falls over it", () => {
  expect(() => problems([create(1_000), history(5_000, [{ ...asked, job_id: null }])])).not.toThrow();
});

test("one is not made in a database that is not there", () => {
  const absent = call(500, "database.show", { database: "sample" }, undefined, refusal(404, "not_found"));
  expect(problems([absent, create(1_000)]).join()).toContain("it was taken although its");
});

test("one is not moved to a database that is not there, and is moved to one that is", () => {
  const absent = call(500, "database.show", { database: "none" }, undefined, refusal(404, "not_found"));
  const moved = (database: string, more: Partial<ModelCall> = {}) =>
    updated(2_000, { database }, { database, start: told(minute) }, more);
  const missing = refusal(404, "not_found");
  expect(problems([absent, create(1_000), moved("none")]).join()).toContain("its database is not there");
  expect(problems([absent, create(1_000), moved("none", missing)])).toEqual([]);
  expect(problems([create(1_000), moved("other"), moved("sample", missing)]).join()).toContain(
    "although sample of its customer is there",
  );
  // One of the two is not there, and nobody can say which.
  expect(problems([create(1_000), gone(1_500), moved("sample", missing)])).toEqual([]);
  const database = { database: "sample" };
  const kept = call(500, "database.create", database, database);
  expect(problems([kept, moved("sample", missing)])).toEqual([]);
});

test("workers are handed no more jobs than there were due times and runs, whatever its history shows", () => {
  const claimed = (at: number, id: number) =>
    call(at, "worker.claim", {}, { job: { job_id: String(id), query: settings.query } }, { account: null });
  const surplus = (calls: readonly ModelCall[]) =>
    problems(calls).filter((problem) => problem.includes("already"));
  const due = [create(1_000), claimed(minute + 500, 1), claimed(2 * minute + 500, 2)];
  expect(surplus(due)).toEqual([]);
  expect(surplus([...due, claimed(2 * minute + 900, 2)])).toEqual([]);
  expect(surplus([...due, claimed(2 * minute + 900, 3)])).toHaveLength(1);
  expect(surplus([...due, run(2 * minute, 3), claimed(2 * minute + 900, 3)])).toEqual([]);
});
