import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ErrorReason, errorReasons, statusOf } from "./errors.ts";
import { checkCall, checkExchange, type Exchange, matchOperation, normalisePath } from "./exchange.ts";
import { generations } from "./job.ts";
import { commonReasons, fillPath, type Operation, pathParameters } from "./operation.ts";
import { type OperationId, operations } from "./operations.ts";
import { claimedV5, claimedV6, samples } from "./testing/samples.ts";

const all = Object.entries(operations) as [OperationId, Operation][];
const jsonReplies = all.filter(([, { reply }]) => reply.kind === "json");

/** The exchange of an operation's sample, all right unless `more` says otherwise. */
function sampleOf(id: OperationId, more: Partial<Exchange> = {}): Exchange {
  const { method, path }: Operation = operations[id];
  const { input, reply } = samples[id];
  const rest = Object.entries(input).filter(([name]) => !pathParameters(path).includes(name));
  const query = new URLSearchParams(rest.map(([name, value]) => [name, String(value)] as [string, string]));
  const url = fillPath(path, input);
  return method === "POST"
    ? { method, url, request: Object.fromEntries(rest), status: 200, reply, ...more }
    : { method, url: `${url}?${query.toString()}`, request: undefined, status: 200, reply, ...more };
}

const refusal = (reason: string) => ({
  error: "no",
  text: "no",
  severity: "error",
  details: { reason },
});

describe("a path leads to its operation", () => {
  test.each(all)("%s", (id, { method, path }) => {
    const { input } = samples[id];
    const matched = matchOperation(method, fillPath(path, input));
    expect(matched?.id).toBe(id);
    expect(matched?.parameters).toEqual(
      Object.fromEntries(pathParameters(path).map((name) => [name, input[name]])),
    );
  });

  test.each([
    ["GET", "//v3/job/list", "job.list"],
    ["GET", "/v3/job/list/?from=0", "job.list"],
    ["GET", "//v3///job//list//", "job.list"],
    ["GET", "/v3/job/show/17?x=/v3/job/list", "job.show"],
    ["GET", "/", undefined],
    ["GET", "", undefined],
    ["GET", "/v3/job/list/1", undefined],
    ["GET", "/x/v3/job/list", undefined],
    ["GET", "/v3/job/show", undefined],
    ["GET", "/v3/job/show/", undefined],
    ["GET", "/v3/JOB/list", undefined],
    ["POST", "/v3/job/list", undefined],
    ["get", "/v3/job/list", undefined],
  ])("%s %j to %s", (method, url, id) => {
    expect(matchOperation(method, url)?.id).toBe(id);
  });

  test.each([
    ["sh%2Eop", "sh.op"],
    ["a%2Fshop", "a/shop"],
    ["%73hop", "shop"],
    ["%253F", "%3F"],
    ["%zz", "%zz"],
  ])("a segment %j is decoded once to %j", (written, read) => {
    expect(matchOperation("GET", `/v3/database/show/${written}`)?.parameters).toEqual({ database: read });
  });

  test("slashes that are doubled or last do not count, the first one does", () => {
    expect(["/", "//", "/a/", "//a///b/", "a"].map(normalisePath)).toEqual(["/", "/", "/a", "/a/b", "a"]);
  });
});

describe("an exchange as the contract says", () => {
  test.each(all)("of %s has no mismatch", (id) => {
    expect(checkExchange(sampleOf(id))).toEqual([]);
  });

  test.each(all)("of %s may be refused for each declared reason", (id, { reasons }) => {
    for (const reason of [...reasons, ...commonReasons]) {
      expect(checkExchange(sampleOf(id, { status: statusOf[reason], reply: refusal(reason) }))).toEqual([]);
    }
  });

  test("may be refused without details", () => {
    const { details: _, ...bare } = refusal("internal");
    expect(checkExchange(sampleOf("job.show", { status: 502, reply: bare }))).toEqual([]);
  });

  test("may answer a download with a part, or say that there is no such part", () => {
    const { details: _, ...bare } = refusal("internal");
    expect(checkExchange(sampleOf("job.result", { status: 206, reply: "…" }))).toEqual([]);
    expect(checkExchange(sampleOf("job.result", { status: 416, reply: bare }))).toEqual([]);
    expect(checkExchange(sampleOf("job.result", { status: 416, reply: "…" }))).toHaveLength(1);
  });

  test.each([200, 206])("may not be answered with %i in a format that there is not", (status) => {
    const found = checkExchange({
      ...sampleOf("job.result", { status }),
      url: "/v3/job/result/17?format=xml",
    });
    expect(found).toMatchObject([{ operation: "job.result", side: "request" }]);
  });
});

describe("a reply", () => {
  test.each(jsonReplies)("of %s with one key more is a mismatch", (id) => {
    const reply = { ...(samples[id].reply as object), extra: 1 };
    expect(checkExchange(sampleOf(id, { reply }))).toEqual([
      { operation: id, side: "reply", problem: expect.stringContaining("extra") },
    ]);
  });

  test.each(jsonReplies)("of %s with one key less is a mismatch that names it", (id) => {
    for (const key of Object.keys(samples[id].reply as object)) {
      const { [key]: _, ...reply } = samples[id].reply as Record<string, unknown>;
      const [found, ...more] = checkExchange(sampleOf(id, { reply }), "v5");
      expect(found).toMatchObject({ operation: id, side: "reply" });
      expect(found?.problem).toContain(`${key}: `);
      expect(more).toEqual([]);
    }
  });

  test.each([undefined, null, "", "<html>", [], 7])("that is %j is a mismatch", (reply) => {
    expect(checkExchange(sampleOf("job.show", { reply }))).toEqual([
      { operation: "job.show", side: "reply", problem: expect.stringContaining("body: ") },
    ]);
  });

  test.each([
    ["v5", claimedV5, 0],
    ["v5", claimedV6, 1],
    ["v6", claimedV5, 1],
    ["v6", claimedV6, 0],
    [undefined, claimedV5, 0],
    [undefined, claimedV6, 0],
  ] as const)("that a worker of %s gets is held against its own form", (generation, job, mismatches) => {
    const found = checkExchange(sampleOf("worker.claim", { reply: { job } }), generation);
    expect(found.map(({ side }) => side)).toEqual(Array.from({ length: mismatches }, () => "reply"));
  });

  test("that v5 gets without its URL is a mismatch that says so", () => {
    const { result_url: _, ...job } = claimedV5;
    const [found] = checkExchange(sampleOf("worker.claim", { reply: { job } }), "v5");
    expect(found?.problem).toContain("job.result_url: ");
  });

  test.each([201, 204, 206, 302])("with status %i is no success", (status) => {
    const found = checkExchange(sampleOf("job.kill", { status }));
    expect(found).toHaveLength(1);
    expect(found[0]?.problem).toMatch(`status ${status} without an error body`);
  });
});

describe("a refusal", () => {
  test.each(errorReasons)("for the reason %s with another status is a mismatch", (reason) => {
    const status = statusOf[reason] === 400 ? 401 : 400;
    expect(checkExchange(sampleOf("job.show", { status, reply: refusal(reason) }))).toEqual([
      {
        operation: "job.show",
        side: "reply",
        problem: `reason ${reason} goes with status ${statusOf[reason]}, not ${status}`,
      },
    ]);
  });

  test.each(all)("of %s for a reason that it does not declare is a mismatch", (id, { reasons }) => {
    const undeclared = errorReasons.filter((reason) => ![...reasons, ...commonReasons].includes(reason));
    const found = undeclared.map((reason) =>
      checkExchange(sampleOf(id, { status: statusOf[reason], reply: refusal(reason) })),
    );
    expect(found.flat().map(({ problem }) => problem)).toEqual(
      undeclared.map((reason: ErrorReason) => `${id} does not declare the reason ${reason}`),
    );
  });
});

test.each(["", ".", ".."])("a path that %j dissolves is that of no operation", (domain_key) => {
  const reply = refusal("unknown_operation");
  const called = (input: object) => checkCall("job.status_by_domain_key", { input, status: 405, reply });
  expect(called({ domain_key })).toEqual([]);
  expect(called({ domain_key: "a" })).toHaveLength(1);
});

describe("a request", () => {
  test("with a parameter that no contract knows, and that was accepted all the same, is a mismatch", () => {
    const { request, ...rest } = sampleOf("job.issue");
    const found = checkExchange({
      ...rest,
      request: { ...(request as object), result_connection_id: "hunter2" },
    });
    expect(found).toMatchObject([{ operation: "job.issue", side: "request" }]);
    expect(found[0]?.problem).toBe('accepted although body: Unrecognized key: "result_connection_id"');
    const shown = sampleOf("job.list");
    expect(checkExchange({ ...shown, url: `${shown.url}&slower_than=60` })).toHaveLength(1);
    const heard = sampleOf("worker.heartbeat");
    expect(checkExchange({ ...heard, request: { ...(heard.request as object), load: 1 } })).toEqual([]);
  });

  test.each([
    [{ query: undefined }, "query"],
    [{ query: 7 }, "query"],
    [{ priority: "high" }, "priority"],
  ])("with %j that was accepted all the same is a mismatch", (wrong, name) => {
    const { request, ...rest } = sampleOf("job.issue");
    expect(checkExchange({ ...rest, request: { ...(request as object), ...wrong } })).toEqual([
      {
        operation: "job.issue",
        side: "request",
        problem: expect.stringMatching(new RegExp(`^accepted although ${name}: `)),
      },
    ]);
  });

  test.each([undefined, null, "text", 7])("with the body %j is one without parameters", (request) => {
    expect(checkExchange(sampleOf("job.issue", { request })).map(({ side }) => side)).toEqual(["request"]);
    expect(checkExchange(sampleOf("job.kill", { request }))).toEqual([]);
  });

  test("that was refused may be anything", () => {
    const wrong = { request: { query: 7 }, status: 422, reply: refusal("invalid_input") };
    expect(checkExchange(sampleOf("job.issue", wrong))).toEqual([]);
  });

  test("is read with its query string, then its body, then its path", () => {
    const exchange = sampleOf("job.issue");
    const inQuery = { ...exchange, url: `${exchange.url}?query=SELECT%201&type=pig`, request: undefined };
    expect(checkExchange(inQuery)).toEqual([]);
    const twice = {
      ...exchange,
      url: `${exchange.url}?query=`,
      request: { query: "SELECT 1", database: "X" },
    };
    expect(checkExchange(twice)).toEqual([]);
  });

  test("that no contract knows is a mismatch without its query string, which may hold a secret", () => {
    const exchange = { method: "PUT", url: "/v3/x?apikey=secret", request: {}, status: 200, reply: {} };
    expect(checkExchange(exchange)).toEqual([
      { operation: null, side: "request", problem: "PUT /v3/x is in no contract" },
    ]);
  });
});

test("no received value is repeated: it may be a secret", () => {
  const reply = {
    job: { ...claimedV6, result_settings: { ...claimedV6.result_settings, port: "hunter2", tls: "hunter2" } },
  };
  for (const generation of [...generations, undefined]) {
    const found = checkExchange(
      sampleOf("worker.claim", { reply, request: { worker: ["hunter2"] } }),
      generation,
    );
    expect(found.map(({ side }) => side)).toEqual(["request", "reply"]);
    expect(JSON.stringify(found)).not.toContain("hunter2");
  }
});

test("the checker throws at nothing", () => {
  const paths = fc.oneof(
    fc.constantFrom(...all.map(([id]) => sampleOf(id).url)),
    fc.string({ unit: "binary" }),
  );
  const anyExchange = fc.record({
    method: fc.oneof(fc.constantFrom("GET", "POST"), fc.string()),
    url: paths,
    request: fc.jsonValue(),
    status: fc.oneof(fc.constantFrom(200, 206, 409, 422, 503), fc.nat(999)),
    reply: fc.oneof(fc.jsonValue(), fc.constantFrom(...errorReasons.map(refusal))),
  });
  fc.assert(
    fc.property(anyExchange, fc.constantFrom("v5", "v6", undefined), (exchange, generation) => {
      expect(Array.isArray(checkExchange(exchange, generation))).toBe(true);
    }),
    { numRuns: 500 },
  );
});
