import { expect, test } from "vitest";
import { call, claim, finish, issue, order, problems } from "../testing/model-calls.ts";
import type { ModelCall } from "./call.ts";

const began = [issue(1_000), claim(2_000)];
const nothing = { num_records: null, result_size: null, result_schema: null };

test.each([
  ["success", {}],
  ["an error", { ...nothing, status: "error", message: "no" }],
])("%s is reported so", (_, report) => {
  expect(problems([...began, finish(3_000, report)])).toEqual([]);
});

const killed = { ...nothing, status: "killed", message: "on request" };
const kill = (at: number, job: string, more: object = {}) =>
  call(at, "job.kill", { job_id: job }, { job_id: job, former_status: "booting" }, more);

test.each<[string, ModelCall[]]>([
  ["was asked for", [kill(2_500, "1")]],
  ["was asked for without an answer", [kill(2_500, "1", { status: null, reply: null })]],
])("a kill that %s is reported so", (_, wish) => {
  expect(problems([...began, ...wish, finish(3_000, killed)])).toEqual([]);
});

test.each<[string, ModelCall[]]>([
  ["for nobody", []],
  ["before it was asked for", [kill(4_000, "1", { status: null, reply: null })]],
])("a kill that is reported %s departs", (_, wish) => {
  expect(problems([...began, finish(3_000, killed), ...wish])).toContainEqual(
    expect.stringContaining("it was reported as killed, and nobody had asked for that"),
  );
});

test.each([
  ["success without a number of rows", { ...nothing }, "num_records: expected"],
  ["success with a message", { ...nothing, num_records: 2, message: "done" }, "message: expected null"],
  ["half a result", { ...nothing, num_records: 2, result_size: 20 }, "result_size: expected"],
  ["an error that counts", { ...nothing, status: "error", num_records: 0, message: "no" }, "num_records"],
  ["an error without words", { ...nothing, status: "error", message: "" }, "message: expected"],
])("%s departs", (_, report, problem) => {
  expect(problems([...began, finish(3_000, report)])).toEqual([expect.stringContaining(problem)]);
});

test("of what was refused nothing is said", () => {
  const refused = { status: 409, reply: { details: { reason: "stale_attempt" } } };
  expect(problems([...began, finish(3_000, { ...nothing, attempt: 7 }, refused)])).toEqual([]);
});

const refused = { status: 409, reply: { details: { reason: "already_finished" } } };
const stale = { status: 409, reply: { details: { reason: "stale_attempt" } } };
const lost = { status: null, reply: null };
const receipt = (at: number, change: object = {}) => {
  const request = { job_id: "1", attempt: 1, rows: 1, checksum: "a".repeat(64), ...change };
  return call(at, "worker.receipt", request, { rows: request.rows });
};
const anError = { ...nothing, status: "error", message: "no" };

test.each([
  ["an end that is reported again", [finish(3_000), finish(4_000)]],
  ["a receipt that is sent again", [receipt(2_500), receipt(2_600), finish(3_000)]],
  ["another end after one that was refused", [finish(3_000, { attempt: 7 }, stale), finish(4_000, anError)]],
  ["another end after one that may be lost", [finish(3_000, {}, lost), finish(4_000, anError)]],
])("%s is right", (_, calls) => {
  expect(problems([...began, ...calls])).toEqual([]);
});

test.each([
  ["end", [finish(3_000), finish(4_000, anError, refused)], 'status "success", and now "error"'],
  ["number of rows in an end", [finish(3_000), finish(4_000, { num_records: 9 }, refused)], "and now 9"],
  ["receipt", [receipt(2_500), receipt(2_600, { rows: 2 }), finish(3_000)], "rows 1, and now 2"],
])("another %s after one that was taken departs", (_, calls, problem) => {
  expect(problems([...began, ...calls])).toContainEqual(expect.stringContaining(problem));
});

const table = "mysql://writer:p%40ss:word@db.test/mart/r";
test.each([
  ["a password as it was written", "p%40ss:word", table],
  ["a password as it is meant", "p@ss:word", table],
  ["a password as a header has it", "d3JpdGVyOnBAc3M6d29yZA==", table],
  ["an API key as it was written", "1%2Fabcdef", "td://1%2Fabcdef@/mart/rows"],
  ["an API key as it is meant", "1/abcdef", "td://1%2Fabcdef@/mart/rows"],
])("a message that holds %s departs", (_, password, result) => {
  const ordered = { ...order, result };
  const told = finish(3_000, { ...anError, message: `cannot log in with ${password}` });
  expect(problems([issue(1_000, "1", { request: ordered }), told])).toContain(
    "its message holds the password of a destination",
  );
});

const part = (at: number, more: object = {}) =>
  call(at, "worker.import_part", { job_id: "1", attempt: 1 }, { part: null }, more);

test.each<[string, ModelCall[], string]>([
  ["a stale attempt is given a part", [claim(40_000, { attempt: 2 }), part(41_000)], "newest"],
  ["a part is given after the end", [finish(3_000), part(5_000)], "ended"],
  ["a part is given to another worker", [part(4_000, { by: "worker-v5-2" })], "holds"],
  [
    "a part is refused to the attempt that holds the job",
    [part(4_000, { status: 409, reply: stale.reply })],
    "stale_attempt",
  ],
  [
    "a receipt that was taken is refused when it comes again",
    [receipt(2_500), finish(3_000, { num_records: 1 }), { ...receipt(5_000), ...refused }],
    "already_finished",
  ],
])("%s: departs", (_, calls, problem) => {
  expect(problems([...began, ...calls])).toContainEqual(expect.stringContaining(problem));
});
