import { expect, test } from "vitest";
import { claim, finish, issue, problems } from "../testing/model-calls.ts";

const began = [issue(1_000), claim(2_000)];
const nothing = { num_records: null, result_size: null, result_schema: null };

test.each([
  ["success", {}],
  ["an error", { ...nothing, status: "error", message: "no" }],
  ["a kill", { ...nothing, status: "killed", message: "on request" }],
])("%s is reported so", (_, report) => {
  expect(problems([...began, finish(3_000, report)])).toEqual([]);
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
