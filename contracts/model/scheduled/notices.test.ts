import { describe, expect, test } from "vitest";
import { call, listed, notBegun } from "../../testing/model-calls.ts";
import { formatTimestamp } from "../../values.ts";
import type { Fields, ModelCall } from "../call.ts";
import type { ModelNotice } from "./notice-form.ts";
import { judgeNotices, type NoticeLimits } from "./notices.ts";

/** A scheduled query of which some runs end, and what its owner is told. Times are in seconds. */

const name = "daily";
const at = (seconds: number) => seconds * 1_000;
const told = (seconds: number) => formatTimestamp(at(seconds));

const settings = { type: "presto", database: "sample", query: "SELECT 1", cron: "" };
const create = call(at(1), "scheduled_query.create", { name, ...settings }, { name, ...settings });
const lost = { status: null, reply: undefined, excused: true };
const again = (seconds: number, more: Partial<ModelCall> = {}) =>
  call(at(seconds), "scheduled_query.create", { name, ...settings }, { name, ...settings }, more);
const gone = (seconds: number) =>
  call(at(seconds), "scheduled_query.delete", { name }, { name, ...settings });

/** A job that is run, handed out, and ended by a report of its worker; its customer sees that. */
function job(id: number, status: string, ends: number, { attempt = 1, begins = ends - 1 } = {}): ModelCall[] {
  const shown: Fields = { ...listed, ...notBegun, job_id: String(id), status };
  const run = { jobs: [{ job_id: id, type: "presto", scheduled_at: told(0) }] };
  const report = { job_id: String(id), attempt, status };
  return [
    call(at(begins), "scheduled_query.run", { name, time: 0 }, run),
    call(at(begins) + 1, "worker.claim", {}, { job: { job_id: String(id), attempt } }),
    call(at(ends), "worker.finish", report, { job_id: String(id) }),
    call(at(ends) + 100, "job.show", { job_id: String(id) }, shown),
  ];
}

type Change = "failing" | "resumed";
const notice = (
  id: number,
  change: Change,
  of: number,
  seconds: number,
  more: Partial<ModelNotice> & { body?: Fields } = {},
): ModelNotice => ({
  at: at(seconds) + 500,
  key: String(id),
  status: 204,
  ...more,
  body: {
    id: String(id),
    account: 1,
    scheduled_query: name,
    change,
    job_id: String(of),
    changed_at: told(seconds),
    ...more.body,
  },
});

const usual: NoticeLimits = {
  clockErrorMs: 250,
  withinMs: at(5),
  accounts: { cdh4: 1, hdp2: 2 },
  endsAt: at(1_000),
  troubled: null,
  isPaced: true,
  allTell: true,
};
const problems = (
  calls: readonly ModelCall[],
  came: readonly ModelNotice[],
  limits: Partial<NoticeLimits> = {},
): string[] =>
  judgeNotices([create, ...calls], came, { ...usual, ...limits }).departures.map(({ problem }) => problem);

const failed = [...job(1, "success", 10), ...job(2, "error", 20)];
const story = [...failed, ...job(3, "error", 30), ...job(4, "success", 40)];
const asPromised = [notice(7, "failing", 2, 20), notice(9, "resumed", 4, 40)];

describe("told as promised", () => {
  test.each<[string, readonly ModelCall[], readonly ModelNotice[], Partial<NoticeLimits>?]>([
    ["each change once", story, asPromised],
    ["a first job that fails", job(1, "error", 10), [notice(1, "failing", 1, 10)]],
    [
      "nothing of a kill",
      [...failed, ...job(3, "killed", 30), ...job(4, "error", 40)],
      asPromised.slice(0, 1),
    ],
    ["nothing of a success after a kill", [...job(1, "killed", 10), ...job(2, "success", 20)], []],
    [
      "again where it was not taken",
      failed,
      [notice(7, "failing", 2, 20, { status: 503 }), notice(7, "failing", 2, 20, { at: at(22) })],
    ],
    [
      "again where its sender may not know that it was taken",
      failed,
      [notice(7, "failing", 2, 20), notice(7, "failing", 2, 20, { at: at(30) })],
      { troubled: { from: at(20), to: at(25) } },
    ],
    [
      "of either of two that failed beside each other",
      [...job(1, "success", 5), ...job(2, "error", 20), ...job(3, "error", 20, { begins: 18 })],
      [notice(7, "failing", 3, 20)],
    ],
    ["nothing yet", failed, [], { endsAt: at(24) }],
    ["nothing yet after trouble", failed, [], { endsAt: at(60), troubled: { from: at(20), to: at(30) } }],
    [
      "nothing of what came to its end behind a deletion",
      [...job(1, "success", 10), gone(15), ...job(2, "error", 20)],
      [],
    ],
    [
      "a failure of one that was made anew",
      [...job(1, "error", 10), gone(15), again(16), ...job(2, "error", 20)],
      [notice(7, "failing", 1, 10), notice(8, "failing", 2, 20)],
    ],
    [
      "a failure of one that was made by a copy which came late",
      [again(2, lost), ...job(1, "error", 10), gone(15), ...job(2, "error", 20)],
      [notice(7, "failing", 1, 10), notice(8, "failing", 2, 20)],
    ],
  ])("%s", (_, calls, came, limits) => {
    expect(problems(calls, came, limits)).toEqual([]);
  });
});

test.each([
  "job.issue",
  "table.partial_delete",
  "table.export",
  "connector.issue",
  "job.result_export",
] as const)("a job of %s is none of its jobs", (operation) => {
  const other = call(at(12), operation, {}, { job_id: "5" });
  expect(problems([...failed, other], [notice(7, "failing", 5, 20)])).toContain("job 5 is none of its jobs");
});

describe("told otherwise", () => {
  test.each<[string, readonly ModelCall[], readonly ModelNotice[], string, Partial<NoticeLimits>?]>([
    [
      "a failure behind a deletion",
      [again(2, { ...lost, carriedUntil: at(14) }), ...job(1, "error", 10), gone(15), ...job(2, "error", 20)],
      [notice(7, "failing", 1, 10), notice(8, "failing", 2, 20)],
      "it tells failing of job 2, by which nothing has changed",
    ],
    ["not at all", failed, [], "nobody was told that it is failing since job 2"],
    [
      "not at all long after trouble",
      failed,
      [],
      "nobody was told that it is failing since job 2",
      { endsAt: at(90), troubled: { from: at(20), to: at(30) } },
    ],
    [
      "not at all, after trouble that had ended before",
      failed,
      [],
      "nobody was told that it is failing since job 2",
      { endsAt: at(26), troubled: { from: at(2), to: at(3) } },
    ],
    [
      "at each failure",
      story,
      [...asPromised, notice(8, "failing", 3, 30)],
      "it tells failing of job 3, by which nothing has changed",
    ],
    [
      "of the other one as well",
      [...job(1, "success", 5), ...job(2, "error", 20), ...job(3, "error", 20, { begins: 18 })],
      [notice(7, "failing", 3, 20), notice(8, "failing", 2, 20)],
      "it tells failing a second time, of job 2",
    ],
    [
      "once, and not again although it was not taken",
      failed,
      [notice(7, "failing", 2, 20, { status: 503 })],
      "notice 7 was not taken, and does not come again",
    ],
    [
      "while its job is shown as running still",
      [
        ...failed,
        ...job(3, "success", 30),
        ...job(4, "error", 40),
        call(
          at(39.9),
          "job.show",
          { job_id: "4" },
          { ...listed, ...notBegun, job_id: "4", status: "running" },
        ),
      ],
      [...asPromised.slice(0, 1), notice(9, "failing", 4, 39, { at: at(39.5) })],
      "it tells of the end of job 4 before that has ended",
    ],
    [
      "twice, under two ids",
      failed,
      [notice(7, "failing", 2, 20), notice(8, "failing", 2, 20)],
      "the end of job 2 is told twice, as notice 7 and 8",
    ],
    [
      "again although it was taken",
      failed,
      [notice(7, "failing", 2, 20), notice(7, "failing", 2, 21)],
      "notice 7 comes again with another content",
    ],
    [
      "again although it was taken, long after trouble",
      failed,
      [notice(7, "failing", 2, 20), notice(7, "failing", 2, 20, { at: at(40) })],
      "notice 7 comes again although it was taken",
      { troubled: { from: at(2), to: at(3) } },
    ],
    [
      "again although it was taken before another copy was not",
      failed,
      [
        notice(7, "failing", 2, 20),
        notice(7, "failing", 2, 20, { status: 503 }),
        notice(7, "failing", 2, 20),
      ],
      "notice 7 comes again although it was taken",
    ],
    [
      "before its job has ended",
      failed,
      [notice(7, "failing", 2, 20, { at: at(19.5), body: { changed_at: told(19) } })],
      "it tells of the end of job 2 before that has ended",
    ],
    [
      "at a try that is not the last",
      [
        ...job(1, "success", 5),
        call(at(18), "worker.finish", { job_id: "2", attempt: 1, status: "error" }, { job_id: "2" }),
        ...job(2, "error", 20, { attempt: 2, begins: 17 }),
      ],
      [notice(7, "failing", 2, 18, { at: at(19) })],
      "it tells of the end of job 2 before that has ended",
    ],
    [
      "as of another time",
      failed,
      [notice(7, "failing", 2, 20, { body: { changed_at: told(15) } })],
      `changed_at: ${told(15)} is before the end of job 2`,
    ],
    [
      "as another change",
      failed,
      [notice(7, "resumed", 2, 20)],
      "it tells resumed of job 2, which has ended as error",
    ],
    [
      "with ids that fall",
      story,
      [notice(9, "failing", 2, 20), notice(7, "resumed", 4, 40)],
      "its id 7 is not greater than that of the change before, 9",
    ],
    [
      "to another account",
      failed,
      [notice(7, "failing", 2, 20, { body: { account: 2 } })],
      "its account has no scheduled query of that name",
    ],
    [
      "under another key",
      failed,
      [notice(7, "failing", 2, 20, { key: "8" })],
      'its idempotency-key is "8", and its id "7"',
    ],
    [
      "with more than it may hold",
      failed,
      [notice(7, "failing", 2, 20, { body: { query: "SELECT 1" } })],
      'its form: it: Unrecognized key: "query"',
    ],
  ])("%s", (_, calls, came, problem, limits) => {
    expect(problems(calls, came, limits)).toContain(problem);
  });
});

test("what ends beside something else, in another way, is a change to nobody", () => {
  const beside = [...job(1, "success", 5), ...job(2, "error", 20), ...job(3, "success", 20, { begins: 18 })];
  expect(problems(beside, [])).toEqual([]);
  expect(problems(beside, [notice(7, "failing", 2, 20)])).toEqual([]);
});

test("a history that goes on says until when it waits", () => {
  const until = (came: readonly ModelNotice[]) =>
    judgeNotices([create, ...failed], came, { ...usual, endsAt: Number.POSITIVE_INFINITY }).awaitedUntil;
  expect(until([])).toBe(at(25));
  expect(until([notice(7, "failing", 2, 20)])).toBe(Number.NEGATIVE_INFINITY);
});
