import { describe, expect, test } from "vitest";
import {
  asks,
  call,
  cdh4,
  issue,
  limits,
  listed,
  look,
  own,
  refusal,
  second,
} from "../testing/model-calls.ts";
import type { Fields, ModelCall } from "./call.ts";
import { judgeCalls } from "./model.ts";

/** A Partial Delete from its order to its end, sent twice under one key: every call a second after the other. */

const range = { database: "sample", table: "trades", from: "3600", to: 7200, domain_key: "k" };
const query = "DELETE FROM trades WHERE time >= 3600 AND time < 7200";
const asked = (at: number, change: Fields = {}, more: Partial<ModelCall> = {}) =>
  call(
    at,
    "table.partial_delete",
    { ...range, ...change },
    { job_id: "1", database: "sample", table: "trades" },
    more,
  );
const conflict = {
  status: 409,
  reply: { details: { reason: "domain_key_taken", conflicts_with: "1" }, error: "no", text: "no" },
};
const shown = { type: "partialdelete", query, priority: 0, retry_limit: 0 };
const ended = { status: "success", num_records: 3, start_at: second(5), end_at: second(5), duration: 0 };
const report = { status: "success", num_records: 3, result_size: null, result_schema: null, message: null };
const story: ModelCall[] = [
  call(
    500,
    "table.create",
    { database: "sample", table: "trades", type: "log" },
    {
      database: "sample",
      table: "trades",
      type: "log",
    },
  ),
  asked(1_000),
  asked(2_000, {}, conflict),
  look(3_000, shown),
  call(4_000, "worker.claim", asks, {
    job: {
      ...own,
      lease_ms: 30_000,
      account: 1,
      type: "hive",
      engine: "hive-cdh4",
      database: "sample",
      query,
      kill_requested: false,
      result_url: null,
    },
  }),
  call(5_000, "worker.finish", { ...own, ...report }, { job_id: "1", status: "success" }),
  look(6_000, { ...shown, ...ended, updated_at: second(5) }),
  call(7_000, "job.list", {}, { jobs: [listing()], count: 1, from: null, to: null }),
  call(8_000, "job.result", { job_id: "1", format: "json" }, null, refusal(404, "not_found")),
  asked(9_000, { table: "nowhere", domain_key: "other" }, refusal(404, "not_found")),
  asked(10_000, { to: 3_600 }, refusal(422, "invalid_input")),
];

function listing(): Fields {
  return {
    ...listed,
    result_size: null,
    hive_result_schema: null,
    ...shown,
    ...ended,
    updated_at: second(5),
  };
}

const ofDeletions = { ...limits, rowsOf: () => null };
const problems = (calls: readonly ModelCall[]): string[] =>
  judgeCalls(calls, 0, ofDeletions).departures.map(({ problem }) => problem);
const otherwise = (at: number, change: (call: ModelCall) => Partial<ModelCall>): ModelCall[] =>
  story.map((one) => (one.returned === at ? { ...one, ...change(one) } : one));
const replied = (at: number, change: Fields) =>
  otherwise(at, ({ reply }) => ({ reply: { ...(reply as Fields), ...change } }));
const taken = (job_id: string) => ({
  status: 200,
  reply: { job_id, database: "sample", table: "trades" },
});

test("a deletion that goes its way is right, and all of it is judged", () => {
  expect(judgeCalls(story, 0, ofDeletions)).toEqual({ departures: [], unjudged: 0 });
});

test("one whose answer was lost is known again by what is shown of it", () => {
  const lost = otherwise(1_000, () => ({ status: null, reply: undefined, excused: true }));
  expect(judgeCalls(lost, 0, ofDeletions)).toEqual({ departures: [], unjudged: 0 });
});

describe("what is wrong", () => {
  test.each<[string, ModelCall[], string]>([
    ["it is answered with another table", replied(1_000, { table: "others" }), "table"],
    ["it is answered with another database", replied(1_000, { database: "others" }), "database"],
    ["its key makes a second job", otherwise(2_000, () => taken("2")), "domain_key"],
    [
      "its id is another job's",
      otherwise(2_000, ({ request }) => ({ ...taken("1"), request: { ...request, domain_key: "l" } })),
      "job_id",
    ],
    ["it is shown as a query", replied(3_000, { type: "hive" }), "type"],
    ["its range is shown otherwise", replied(3_000, { query: query.replace("7200", "10800") }), "query"],
    [
      "it is listed as another job",
      replied(7_000, { jobs: [{ ...listing(), type: "bulk_import_commit" }] }),
      "type",
    ],
    [
      "workers are handed another range",
      otherwise(4_000, ({ reply }) => ({
        reply: { job: { ...(reply as { job: Fields }).job, query: query.replace("3600", "0") } },
      })),
      "query",
    ],
    ["it has a result", otherwise(8_000, () => ({ status: 200, reply: "[1]\n" })), "result"],
    ["a table that is there is not found", otherwise(1_000, () => refusal(404, "not_found")), "not_found"],
    ["a good range is refused", otherwise(1_000, () => refusal(422, "invalid_input")), "well-formed"],
    [
      "nobody has the key",
      otherwise(2_000, ({ request }) => ({ ...conflict, request: { ...request, domain_key: "l" } })),
      "nobody has that key",
    ],
    ["it fails for no reason", otherwise(2_000, () => refusal(500, "internal")), "500"],
  ])("%s", (_, calls, said) => {
    expect(problems(calls).join("\n")).toContain(said);
  });

  test("a query and a deletion have one key", () => {
    const query = issue(2_500, "2", { account: cdh4 });
    expect(problems([...story, query]).join("\n")).toContain("domain_key: job 1 has it already");
  });

  test("what is no range is taken", () => {
    expect(problems(otherwise(10_000, () => taken("3")))).toContain(
      "an order was accepted that means nothing",
    );
  });
});
