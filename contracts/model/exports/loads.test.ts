import { describe, expect, test } from "vitest";
import { asks, call, limits, listed, look, own, refusal, second } from "../../testing/model-calls.ts";
import type { Fields, ModelCall } from "../call.ts";
import { judgeCalls } from "../model.ts";

/** A load of Data Connector from its order to its end: every call a second after the other. */

const secret = "s3cr/t+k@y";
const source = {
  type: "s3",
  bucket: "daily-rows",
  access_key_id: "AKIA0123",
  secret_access_key: secret,
  path_prefix: "a b/",
  endpoint: "http://store.test:9000",
  decoders: [{ type: "gzip" }],
  parser: { type: "jsonl" },
};
const query = "LOAD INTO trades MODE append";
const place = "store.test:9000/daily-rows?prefix=a+b%2F&format=jsonl.gz&tls=false";
const url = `s3://AKIA0123:s3cr%2Ft%2Bk%40y@${place}`;
const asked = (at: number, change: Fields = {}, more: Partial<ModelCall> = {}) =>
  call(
    at,
    "connector.issue",
    { database: "sample", table: "trades", config: { in: source }, domain_key: "k", ...change },
    { job_id: "1", database: "sample", table: "trades" },
    more,
  );
const conflict = {
  status: 409,
  reply: { details: { reason: "domain_key_taken", conflicts_with: "1" }, error: "no", text: "no" },
};
const shown = { type: "bulkload", query, priority: 0, retry_limit: 0, result: `s3://***@${place}` };
const ended = { status: "success", num_records: 3, start_at: second(7), end_at: second(7), duration: 0 };
const report = { status: "success", num_records: 3, result_size: null, result_schema: null, message: null };
const handed = (result_url: string) => ({
  job: {
    ...own,
    lease_ms: 30_000,
    account: 1,
    type: "hive",
    engine: "hive-cdh4",
    database: "sample",
    query,
    kill_requested: false,
    result_url,
  },
});
const made = { database: "sample", table: "trades", type: "log" };
const story: ModelCall[] = [
  call(500, "table.create", made, made),
  asked(1_000),
  asked(2_000, {}, conflict),
  look(3_000, shown),
  call(4_000, "worker.claim", asks, handed(url)),
  call(5_000, "worker.finish", { ...own, ...report }, null, refusal(409, "output_undelivered")),
  call(6_000, "worker.receipt", { ...own, rows: 3, checksum: "0".repeat(64) }, { rows: 3 }),
  call(7_000, "worker.finish", { ...own, ...report }, { job_id: "1", status: "success" }),
  look(8_000, { ...shown, ...ended, updated_at: second(7) }),
  call(
    9_000,
    "job.list",
    {},
    {
      jobs: [
        { ...listed, result_size: null, hive_result_schema: null, ...shown, ...ended, updated_at: second(7) },
      ],
      count: 1,
      from: null,
      to: null,
    },
  ),
  call(10_000, "job.result", { job_id: "1", format: "json" }, null, refusal(404, "not_found")),
  asked(11_000, { table: "nowhere", domain_key: "other" }, refusal(404, "not_found")),
  asked(12_000, { config: { in: { ...source, decoders: [] } } }, refusal(422, "invalid_input")),
  asked(13_000, { config: { in: { ...source, endpoint: "store.test" } } }, refusal(422, "invalid_input")),
  asked(14_000, { config: { in: source, filters: [] } }, refusal(422, "invalid_input")),
];

const ofLoads = { ...limits, rowsOf: () => null };
const problems = (calls: readonly ModelCall[]): string[] =>
  judgeCalls(calls, 0, ofLoads).departures.map(({ problem }) => problem);
const otherwise = (at: number, change: (call: ModelCall) => Partial<ModelCall>): ModelCall[] =>
  story.map((one) => (one.returned === at ? { ...one, ...change(one) } : one));
const replied = (at: number, change: Fields) =>
  otherwise(at, ({ reply }) => ({ reply: { ...(reply as Fields), ...change } }));
const taken = (job_id: string) => ({ status: 200, reply: { job_id, database: "sample", table: "trades" } });

test("a load that goes its way is right, and all of it is judged", () => {
  expect(judgeCalls(story, 0, ofLoads)).toEqual({ departures: [], unjudged: 0 });
});

test("one whose answer was lost is known again by what is shown of it", () => {
  const lost = otherwise(1_000, () => ({ status: null, reply: undefined, excused: true }));
  expect(judgeCalls(lost, 0, ofLoads)).toEqual({ departures: [], unjudged: 0 });
});

test("a worker may be told the same bucket by another URL", () => {
  const other = "s3://AKIA0123:s3cr%2ft%2bk%40y@store.test:9000/daily-rows?tls=false&prefix=a%20b/";
  expect(problems(otherwise(4_000, () => ({ reply: handed(other) })))).toEqual([]);
});

describe("what is wrong", () => {
  test.each<[string, ModelCall[], string]>([
    ["it is answered with another table", replied(1_000, { table: "others" }), "table"],
    ["its key makes a second job", otherwise(2_000, () => taken("2")), "domain_key"],
    ["it is shown as a query", replied(3_000, { type: "hive" }), "type"],
    ["its mode is shown otherwise", replied(3_000, { query: query.replace("append", "replace") }), "query"],
    ["its key is shown", replied(3_000, { result: url }), "result"],
    [
      "workers are handed another secret",
      otherwise(4_000, () => ({ reply: handed(url.replace("s3cr", "s2cr")) })),
      "result_url",
    ],
    [
      "workers are handed another prefix",
      otherwise(4_000, () => ({ reply: handed(url.replace("a+b", "a")) })),
      "result_url",
    ],
    ["workers are handed no bucket", otherwise(4_000, () => ({ reply: handed("") })), "result_url"],
    [
      "it succeeds without a receipt",
      otherwise(5_000, () => ({ status: 200, reply: { job_id: "1", status: "success" } })),
      "without a receipt",
    ],
    [
      "its success has a result",
      otherwise(7_000, ({ request }) => ({
        request: { ...request, result_size: 9, result_schema: [["a", "long"]] },
      })),
      "result_schema",
    ],
    ["a good order is refused", otherwise(1_000, () => refusal(422, "invalid_input")), "well-formed"],
    [
      "it is refused with its secret",
      otherwise(13_000, () => ({
        status: 422,
        reply: { error: `${secret} is wrong`, text: "no", details: { reason: "invalid_input" } },
      })),
      "the password of a destination",
    ],
    ...[12_000, 13_000, 14_000].map((at): [string, ModelCall[], string] => [
      `what means nothing is taken at ${at}`,
      otherwise(at, ({ request }) => ({ ...taken("3"), request: { ...request, domain_key: "other" } })),
      "an order was accepted that means nothing",
    ]),
  ])("%s", (_, calls, said) => {
    expect(problems(calls).join("\n")).toContain(said);
  });
});
