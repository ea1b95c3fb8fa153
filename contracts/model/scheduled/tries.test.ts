import { describe, expect, test } from "vitest";
import type { Notice } from "../../scheduled/notice.ts";
import { formProblem, type ModelNotice, type NoticeRequest, type Told } from "./notice-form.ts";
import { type TryLimits, tryProblems } from "./tries.ts";

/** How a notice is asked for, and when it may come again. Times are in seconds. */

const body: Notice = {
  id: "7",
  account: 1,
  scheduled_query: "daily",
  change: "failing",
  job_id: "2",
  changed_at: "2026-01-02 03:04:05 UTC",
};
const asked: NoticeRequest = { method: "POST", path: "/notices", mediaType: "application/json" };
const form = (request: Partial<NoticeRequest>) =>
  formProblem({ at: 0, key: "7", body, status: 204, request: { ...asked, ...request } }, "/notices");

test.each<Partial<NoticeRequest>>([
  {},
  { mediaType: "application/json; charset=utf-8" },
  { mediaType: "Application/JSON" },
  { path: null },
])("it may be asked for with %j", (request) => {
  expect(form(request)).toBeNull();
});

test.each<[Partial<NoticeRequest>, string]>([
  [{ method: "PUT" }, 'its method: expected "POST", got "PUT"'],
  [{ path: "/notices/7" }, 'its path: expected "/notices", got "/notices/7"'],
  [{ path: "/notices?id=7" }, 'its path: expected "/notices", got "/notices?id=7"'],
  [{ mediaType: "text/plain" }, 'its content-type: expected "application/json", got "text/plain"'],
  [
    { mediaType: "application/jsonl" },
    'its content-type: expected "application/json", got "application/jsonl"',
  ],
  [{ mediaType: null }, 'its content-type: expected "application/json", got null'],
])("it may not be asked for with %j", (request, problem) => {
  expect(form(request)).toBe(problem);
});

/** Copies of one notice that came at these seconds, none of them taken but those that are answered so. */
const tries = (...came: (number | [number, number])[]): Told[] =>
  came.map((one) => {
    const [seconds, status] = typeof one === "number" ? [one, 503] : one;
    const notice: ModelNotice = { at: seconds * 1_000, key: "7", body, status };
    return { notice, body };
  });
const usual: TryLimits = { clockErrorMs: 0, troubled: { from: 0, to: 0 }, isPaced: true };
const found = (told: readonly Told[], limits: Partial<TryLimits> = {}) =>
  tryProblems(told, { ...usual, ...limits }).map(({ problem }) => problem);

describe("tries", () => {
  test.each<[string, Told[], Partial<TryLimits>?]>([
    ["after waits that double", tries(0, 1, 3, 7, [15, 204])],
    ["later", tries(0, 9, 90)],
    ["after five minutes at the most", tries(0, 1, 3, 7, 15, 31, 63, 127, 255, 511, 811, 1111)],
    ["sooner by as much as clocks are wrong", tries(0, 0.8), { clockErrorMs: 250 }],
    ["at once where one of them was held", tries(0, 0), { isPaced: false }],
  ])("may come %s", (_, told, limits) => {
    expect(found(told, limits)).toEqual([]);
  });

  test.each<[string, Told[], string]>([
    ["at once", tries(0, 0), "notice 7 comes again 0 ms after try 1 that came, and not after 1000 ms"],
    [
      "each second",
      tries(0, 1, 2),
      "notice 7 comes again 1000 ms after try 2 that came, and not after 2000 ms",
    ],
    [
      "after four minutes for ever",
      tries(0, 1, 3, 7, 15, 31, 63, 127, 255, 511, 751),
      "notice 7 comes again 240000 ms after try 10 that came, and not after 300000 ms",
    ],
  ])("may not come %s", (_, told, problem) => {
    expect(found(told)).toEqual([problem]);
  });
});
