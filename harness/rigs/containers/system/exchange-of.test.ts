import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Passage } from "../../../proxy/http-proxy.ts";
import { passageOf, requestHead, servedReply } from "../../../testing/passage.ts";
import { exchangeOf, headersIn, parseBody, type Speaker } from "./exchange-of.ts";

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
const v5: Speaker = { link: "worker->api", by: "worker-v5-1", generation: "v5" };
const customer: Speaker = { link: "customer->api", by: "customer", generation: null };
/** When each was sent, in the run's own time. */
const sent = 42;
const exchangeBy = (speaker: Speaker, passage: Passage) => exchangeOf(speaker, passage, sent);
const claim = { generation: "v5", engines: ["presto"], worker: "w", version: "digest" };

const inPath = { type: "presto", database: "sample" };

describe("an exchange", () => {
  test("is recorded with its operation, its job and both bodies", () => {
    const passage = passageOf({ url: "//worker/v1/claim", request: claim, reply: { job: claimed } });
    expect(exchangeBy(v5, passage)).toEqual({
      kind: "exchange",
      ...v5,
      operation: "worker.claim",
      job: "17",
      method: "POST",
      path: "//worker/v1/claim",
      headers: {
        request: { "content-type": "application/json" },
        reply: { "content-type": "application/json" },
      },
      sent,
      outcome: "ok",
      status: 200,
      request: claim,
      reply: { job: claimed },
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
    expect(exchangeBy(customer, passageOf({ method, url, reply })).job).toBe(job);
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
    expect(exchangeBy(customer, passage).request).toEqual(request);
  });
});

test("the query string of a request is recorded with its body and its path", () => {
  const passage = passageOf({ method: "GET", url: "/v3/job/result/17?format=json&job_id=1", reply: "x" });
  expect(exchangeBy(customer, passage).request).toEqual({ format: "json", job_id: "17" });
});

describe("a file", () => {
  const url = "/v3/job/result/17?format=json";
  const fileOf = (body: Buffer, headers = {}, status = 200) =>
    exchangeBy(
      customer,
      passageOf({ method: "GET", url, status, served: servedReply(body, headers, status) }),
    ).reply;

  test.each(["[1]\n", '{"a":1}', "\ufeff7", ""])("of text is on record to the byte: %j", (text) => {
    expect(fileOf(Buffer.from(text))).toBe(text);
    expect(fileOf(gzipSync(text), { "Content-Encoding": "gzip" })).toBe(text);
  });

  test("of other bytes is on record in base64, also a part of one", () => {
    expect(fileOf(Buffer.from([0x93, 1]))).toEqual({ $base64: "kwE=" });
    expect(fileOf(Buffer.from("é").subarray(1), {}, 206)).toEqual({ $base64: "qQ==" });
  });

  test("that is refused is JSON", () => {
    expect(fileOf(Buffer.from('{"error":"no"}'), {}, 416)).toEqual({ error: "no" });
  });
});

test("what is in no contract has no operation and is on record all the same", () => {
  const event = exchangeBy(customer, passageOf({ method: "PUT", url: "/x?y=1", reply: { z: 2 } }));
  expect(event).toMatchObject({ operation: null, job: null, path: "/x?y=1", reply: { z: 2 } });
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
  ["a reply that was lost on its way", { status: null, served: servedReply(Buffer.from("")) }, "unknown"],
  ["a refusal that the service never gave", { status: 429, served: null, reached: false }, "fail"],
  ["a fault that the service never gave", { status: 503, served: null, reached: false }, "fail"],
  ["a refusal in the place of a success", { status: 429, served: servedReply(Buffer.from("")) }, "unknown"],
])("the outcome of %s: %j is %s", (_, passage, outcome) => {
  expect(exchangeBy(customer, passageOf({ url: "/v3/job/kill/17", ...passage }))).toMatchObject({
    status: passage.status,
    outcome,
  });
});

test("without a reply the problem is on record in its place", () => {
  const event = exchangeBy(v5, passageOf({ url: "/worker/v1/claim", status: null, problem: "reset" }));
  expect(event).toMatchObject({ status: null, reply: { problem: "reset" }, headers: { reply: {} } });
});

describe("the status that the service answered", () => {
  const url = "/worker/v1/claim";
  const served = servedReply(Buffer.from('{"job":{"job_id":"7"}}'));

  test("is kept apart where its reply was lost, with the reply and its job", () => {
    const event = exchangeBy(v5, passageOf({ url, status: null, served }));
    expect(event).toMatchObject({ status: null, served: 200, job: "7", reply: { job: { job_id: "7" } } });
  });

  test("is kept apart where its caller got another one", () => {
    expect(exchangeBy(v5, passageOf({ url, status: 503, served }))).toMatchObject({
      status: 503,
      served: 200,
    });
  });

  test("is null where the service never answered what its caller got", () => {
    expect(exchangeBy(v5, passageOf({ url, status: 503, served: null }))).toMatchObject({ served: null });
  });

  test("is not said twice where it arrived", () => {
    expect(exchangeBy(v5, passageOf({ url, served }))).not.toHaveProperty("served");
  });
});

test("headers that change what a call means are kept, by their names in lower case; secrets are not", () => {
  const head = requestHead("GET", "/v3/job/result/17", {
    Authorization: "TD1 1/secret",
    RANGE: "bytes=5-",
    Accept: "text/csv",
    Cookie: "secret",
    "X-Other": "1",
  });
  const reply = { "Content-Range": "bytes 5-9/10", ETag: '"a"', "Retry-After": "3", Date: "today" };
  const served = servedReply(Buffer.from("{}"), reply, 206);
  const passage = passageOf({ method: "GET", url: "/v3/job/result/17", head, status: 206, served });
  expect(exchangeBy(customer, passage).headers).toEqual({
    request: { range: "bytes=5-", accept: "text/csv" },
    reply: {
      "content-type": "application/json",
      "content-range": "bytes 5-9/10",
      etag: '"a"',
      "retry-after": "3",
    },
  });
  expect(headersIn("")).toEqual({});
});

describe("a packed body", () => {
  const rows = { rows: [[1, "ü😀"]] };
  const json = Buffer.from(JSON.stringify(rows));

  test.each([
    ["gzip", gzipSync(json)],
    ["GZIP", gzipSync(json)],
    ["deflate", deflateSync(json)],
    ["br", brotliCompressSync(json)],
    ["identity", json],
  ])("is unpacked as its header %s says, in either direction", (encoding, body) => {
    const headers = { "Content-Encoding": encoding };
    const head = requestHead("POST", "/x", { "Content-Type": "application/json", ...headers });
    const event = exchangeBy(
      customer,
      passageOf({ head, requestBody: body, served: servedReply(body, headers) }),
    );
    expect(event).toMatchObject({ request: rows, reply: rows });
  });

  test.each([
    ["gzip", json],
    ["br", json],
    ["zstd", Buffer.from("no json")],
    ["gzip", gzipSync(json).subarray(0, 20)],
    ["br", brotliCompressSync(json).subarray(0, 9)],
    ["gzip, br", gzipSync(json)],
    ["compress", gzipSync(json)],
  ])("that is not packed as its header %s says is one that nobody can read", (encoding, body) => {
    const headers = { "content-encoding": encoding, "content-type": "application/json" };
    expect(parseBody(body, headers)).toBe(`(${body.length} bytes that cannot be unpacked as ${encoding})`);
  });

  test("in several encodings is unpacked from the outermost", () => {
    const body = brotliCompressSync(gzipSync(json));
    expect(parseBody(body, { "content-encoding": "gzip, br" })).toEqual(rows);
    expect(parseBody(zstdCompressSync(json), { "content-encoding": "zstd" })).toEqual(rows);
  });

  const quick = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } };
  test.each([
    ["gzip", (blanks: Buffer) => gzipSync(blanks, { level: 1 })],
    ["br", (blanks: Buffer) => brotliCompressSync(blanks, quick)],
  ])("by %s that grows beyond all bounds is not unpacked", (encoding, pack) => {
    const bomb = pack(Buffer.alloc(64 * 1024 * 1024 + 1, " "));
    expect(bomb.length).toBeLessThan(500_000);
    expect(parseBody(bomb, { "content-encoding": encoding })).toBe(
      `(${bomb.length} bytes that cannot be unpacked as ${encoding})`,
    );
  });
});

test("it throws at no bytes", () => {
  const bytes = fc.uint8Array().map((array) => Buffer.from(array));
  const urls = fc.constantFrom("/worker/v1/claim", "/v3/job/result/17", "/x", "", "%", "/v3/job/show/%zz");
  const json = fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value)));
  fc.assert(
    fc.property(urls, fc.oneof(bytes, json), fc.oneof(bytes, json), (url, requestBody, replyBody) => {
      for (const encoding of ["gzip", "br", "identity"]) {
        const served = servedReply(replyBody, { "Content-Encoding": encoding });
        const passage = passageOf({ url, contentType: form, requestBody, served });
        expect(exchangeBy(v5, passage).kind).toBe("exchange");
      }
    }),
  );
});
