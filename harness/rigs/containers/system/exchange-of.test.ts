import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Passage } from "../../../proxy/http-proxy.ts";
import { passageOf } from "../../../testing/passage.ts";
import { exchangeOf } from "./exchange-of.ts";

const form = "application/x-www-form-urlencoded";
const claimed = {
  job_id: "17",
  attempt: 1,
  lease_ms: 3000,
  account: 1,
  type: "presto",
  engine: "presto",
  database: "sample",
  query: "SELECT 1",
  kill_requested: false,
  result_url: null,
};
const v5 = { link: "worker-v5 -> api", generation: "v5" } as const;
const v6 = { link: "worker-v6 -> api", generation: "v6" } as const;
const customer = { link: "customer -> api", generation: null };
const claim = { generation: "v5", engines: ["presto"], worker: "w", version: "digest" };

const inPath = { type: "presto", database: "sample" };

describe("an exchange that is as the contract says", () => {
  test("is recorded with its operation, its job and both bodies", () => {
    const passage = passageOf({ url: "//worker/v1/claim", request: claim, reply: { job: claimed } });
    expect(
      exchangeOf({ link: "worker-v5 -> api", by: "worker-v5", generation: "v5" }, passage),
    ).toMatchObject({
      kind: "exchange",
      link: "worker-v5 -> api",
      by: "worker-v5",
      generation: "v5",
      operation: "worker.claim",
      job: "17",
      method: "POST",
      path: "//worker/v1/claim",
      outcome: "ok",
      status: 200,
      request: claim,
      reply: { job: claimed },
      mismatches: [],
    });
  });

  test.each<[string, string, unknown, string | null]>([
    ["GET", "/v3/job/status/17", {}, "17"],
    ["POST", "/v3/job/issue/presto/sample", { job: "17", job_id: "17", database: "sample" }, "17"],
    ["POST", "/worker/v1/claim", { job: null }, null],
    ["POST", "/worker/v1/claim", { job: { job_id: 17 } }, null],
    ["GET", "/v3/job/list", { jobs: [{ job_id: "17" }] }, null],
    ["GET", "/version", "text", null],
  ])("%s %s with the reply %j is about job %s", (method, url, reply, job) => {
    expect(exchangeOf(customer, passageOf({ method, url, reply })).job).toBe(job);
  });

  test.each([
    [form, "query=SELECT+1&result=web%3A%2F%2Fx", { ...inPath, query: "SELECT 1", result: "web://x" }],
    [`${form}; charset=utf-8`, "query=SELECT%201", { ...inPath, query: "SELECT 1" }],
    ["application/json", '{"query":"SELECT 1"}', { ...inPath, query: "SELECT 1" }],
    ["", '{"query":"SELECT 1"}', { ...inPath, query: "SELECT 1" }],
    ["application/json", "no json", "no json"],
    ["application/json", "", inPath],
    ["application/json", '{"type":"hive"}', inPath],
  ])("a body of type %j, %j, is read as %j", (contentType, body, request) => {
    const passage = passageOf({
      url: "/v3/job/issue/presto/sample",
      contentType,
      requestBody: Buffer.from(body),
    });
    expect(exchangeOf(customer, passage).request).toEqual(request);
  });
});

test("the query string of a request is recorded with its body and its path", () => {
  const passage = passageOf({ method: "GET", url: "/v3/job/result/17?format=json&job_id=1", reply: "x" });
  expect(exchangeOf(customer, passage).request).toEqual({ format: "json", job_id: "17" });
});

test("the form of the generation at the end of the link is what counts", () => {
  const passage = passageOf({ url: "/worker/v1/claim", request: claim, reply: { job: claimed } });
  expect(exchangeOf(v6, passage).mismatches[0]).toMatch(/^reply: .*result_settings/);
  expect(exchangeOf(customer, passage).mismatches).toEqual([]);
});

test("what is in no contract has no operation, and says so", () => {
  const event = exchangeOf(customer, passageOf({ method: "PUT", url: "/x?y=1", reply: {} }));
  expect(event).toMatchObject({ operation: null, job: null, path: "/x?y=1" });
  expect(event.mismatches).toEqual(["request: PUT /x is in no contract"]);
});

test.each<[string, Partial<Passage>, string]>([
  ["200", { status: 200 }, "ok"],
  ["206", { status: 206 }, "ok"],
  ["another success", { status: 201 }, "unknown"],
  ["a redirection", { status: 302 }, "unknown"],
  ["400", { status: 400 }, "fail"],
  ["409", { status: 409 }, "fail"],
  ["429", { status: 429 }, "fail"],
  ["500", { status: 500 }, "unknown"],
  ["503", { status: 503 }, "unknown"],
  ["no reply to a request that arrived", { status: null }, "unknown"],
  ["no reply to a request that never arrived", { status: null, reached: false }, "fail"],
  [
    "a reply that was lost on its way",
    { status: null, served: { status: 200, body: Buffer.from("") } },
    "unknown",
  ],
  ["a refusal that the service never gave", { status: 429, served: null, reached: false }, "fail"],
  ["a fault that the service never gave", { status: 503, served: null, reached: false }, "fail"],
  [
    "a refusal in the place of a success",
    { status: 429, served: { status: 200, body: Buffer.from("") } },
    "unknown",
  ],
])("the outcome of %s: %j is %s", (_, passage, outcome) => {
  expect(exchangeOf(customer, passageOf({ url: "/v3/job/kill/17", ...passage }))).toMatchObject({
    status: passage.status,
    outcome,
  });
});

test("without a reply there is nothing to hold against the contract", () => {
  const event = exchangeOf(v5, passageOf({ url: "/worker/v1/claim", status: null, problem: "reset" }));
  expect(event.mismatches).toEqual([]);
  expect(event.reply).toEqual({ problem: "reset" });
});

test("a reply that was lost on its way is held against the contract, and its status kept apart", () => {
  const served = { status: 200, body: Buffer.from('{"job":7}') };
  const event = exchangeOf(v5, passageOf({ url: "/worker/v1/claim", request: claim, status: null, served }));
  expect(event).toMatchObject({ status: null, served: 200, reply: { job: 7 } });
  expect(event.mismatches).toEqual([expect.stringMatching(/^reply: job: /)]);
});

test("a large body is checked whole and recorded by its length", () => {
  const request = { query: `SELECT '${"x".repeat(20_000)}'` };
  const url = "/v3/job/issue/presto/sample";
  const small = { job: "17", job_id: "17", database: "sample" };
  const event = exchangeOf(customer, passageOf({ url, request, reply: small }));
  expect(event).toMatchObject({
    request: { bytes: JSON.stringify(request).length },
    mismatches: [],
    reply: small,
  });
  const wrong = exchangeOf(
    customer,
    passageOf({ url, request: { query: 1, more: "x".repeat(20_000) }, reply: small }),
  );
  expect(wrong.mismatches[0]).toMatch("request: accepted although query: ");
  const large = { ...small, extra: "x".repeat(20_000) };
  const answered = exchangeOf(customer, passageOf({ url, request: { query: "SELECT 1" }, reply: large }));
  expect(answered).toMatchObject({ job: "17", reply: { bytes: JSON.stringify(large).length } });
  expect(answered.mismatches).toHaveLength(1);
});

test("a body of 16 KiB is recorded as it is, one byte more is not", () => {
  const replyOf = (length: number) => {
    const served = { status: 200, body: Buffer.from("x".repeat(length)) };
    return exchangeOf(customer, passageOf({ method: "GET", url: "/v3/job/result/17", served })).reply;
  };
  expect(replyOf(16_384)).toBe("x".repeat(16_384));
  expect(replyOf(16_385)).toEqual({ bytes: 16_385 });
});

test("it throws at no bytes", () => {
  const bytes = fc.uint8Array().map((array) => Buffer.from(array));
  const urls = fc.constantFrom("/worker/v1/claim", "/v3/job/result/17", "/x", "", "%", "/v3/job/show/%zz");
  const json = fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value)));
  fc.assert(
    fc.property(urls, fc.oneof(bytes, json), fc.oneof(bytes, json), (url, requestBody, replyBody) => {
      const served = { status: 200, body: replyBody };
      const passage = passageOf({ url, contentType: form, requestBody, served });
      expect(exchangeOf(v5, passage).kind).toBe("exchange");
    }),
  );
});
