import type { IncomingMessage, RequestListener } from "node:http";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { closedPort, httpServer } from "../testing/http.ts";
import { readList, readResult } from "./script.ts";
import { tdCaller } from "./td.ts";

interface Sent {
  method: string | undefined;
  url: string | undefined;
  authorization: string | undefined;
  body: string;
}

interface Patience {
  limitMs?: number;
  stop?: AbortSignal;
}

/** Longer than any test. */
const anHourMs = 3_600_000;

const callerAt = (port: number, { limitMs = anHourMs, stop = new AbortController().signal }: Patience = {}) =>
  tdCaller("1/key", `127.0.0.1:${port}`, { limitMs, stop, sleep: async () => {} });

/** The client before an API that gives every request this answer. */
async function clientOf(status: number, body: string, patience?: Patience) {
  const sent: Sent[] = [];
  const answer = async (request: IncomingMessage, reply: Parameters<RequestListener>[1]) => {
    const { method, url, headers } = request;
    sent.push({ method, url, authorization: headers.authorization, body: await text(request) });
    reply.writeHead(status, { "content-type": "application/json" }).end(body);
  };
  const port = await httpServer((request, reply) => void answer(request, reply));
  return { sent, caller: callerAt(port, patience) };
}

describe("npm td sends", () => {
  const order = { database: "sample", query: "SELECT 'ü'" };

  test.each([
    ["presto", "/v3/job/issue/presto/sample"],
    ["hive", "/v3/job/issue/hive/sample"],
  ])("an order for %s with its key and no domain key", async (type, url) => {
    const { sent, caller } = await clientOf(200, '{"job":"7","job_id":"7","database":"sample"}');
    const reply = await caller.call("job.issue", { ...order, type, result: "web://a/b" });
    expect(reply).toEqual({ status: 200, body: { job: "7", job_id: "7", database: "sample" } });
    expect(sent).toMatchObject([{ method: "POST", url, authorization: "TD1 1/key" }]);
    expect(JSON.parse(sent[0]?.body ?? "")).toEqual({ query: order.query, result: "web://a/b" });
  });

  test("how often it is tried again", async () => {
    const { sent, caller } = await clientOf(200, "{}");
    await caller.call("job.issue", { ...order, type: "hive", retry_limit: 2 });
    expect(JSON.parse(sent[0]?.body ?? "")).toEqual({ query: order.query, retry_limit: 2 });
  });

  test("no result where none is wanted", async () => {
    const { sent, caller } = await clientOf(200, "{}");
    await caller.call("job.issue", { ...order, type: "presto" });
    expect(JSON.parse(sent[0]?.body ?? "")).toEqual({ query: order.query });
  });

  test.each([
    ["job.show", { job_id: "7" }, "GET", "/v3/job/show/7"],
    ["job.kill", { job_id: "7" }, "POST", "/v3/job/kill/7"],
    ["job.list", { from: 20 }, "GET", "/v3/job/list/?from=20"],
    ["job.result", { job_id: "7", format: "json" }, "GET", "/v3/job/result/7?format=json"],
    ["table.swap", { database: "sample", first: "a", second: "b" }, "POST", "/v3/table/swap/sample/a/b"],
    ["table.delete", { database: "sample", table: "a" }, "POST", "/v3/table/delete/sample/a"],
  ] as const)("%s as it does", async (operation, input, method, url) => {
    const { sent, caller } = await clientOf(200, "{}");
    expect(await caller.call(operation, input)).toEqual({ status: 200, body: expect.anything() });
    expect(sent).toMatchObject([{ method, url, authorization: "TD1 1/key" }]);
  });
});

test("it has no method for what only workers ask", async () => {
  const { sent, caller } = await clientOf(200, "{}");
  await expect(caller.call("worker.claim", {})).rejects.toThrow("npm td has no method for worker.claim");
  expect(sent).toEqual([]);
});

describe("what comes back", () => {
  test.each([
    ["rows", "[1]\n[2]\n", [[1], [2]]],
    ["no row", "", []],
  ])("a result of %s is read", async (_, body, rows) => {
    const { caller } = await clientOf(200, body);
    expect(await readResult(caller, "7")).toEqual(rows);
  });

  test("a page of the list is read", async () => {
    const { caller } = await clientOf(200, '{"jobs":[{"job_id":"7"}]}');
    expect(await readList(caller, ["7"])).toEqual(new Set(["7"]));
  });

  test.each([409, 422, 500, 503])(
    "a refusal with status %i is final: the client tells no status",
    async (status) => {
      const body = { error: "no", text: "no", severity: "error" };
      const { caller } = await clientOf(status, JSON.stringify(body));
      expect(await caller.call("job.show", { job_id: "7" })).toEqual({ status: 400, body });
    },
  );

  test("a refusal without a body is a refusal", async () => {
    const { caller } = await clientOf(500, "");
    expect(await caller.call("job.show", { job_id: "7" })).toMatchObject({ status: 400 });
  });

  test("nothing, where nobody listens", async () => {
    expect(await callerAt(await closedPort()).call("job.show", { job_id: "7" })).toBeNull();
  });

  test("nothing, where the connection ends before the reply", async () => {
    const port = await httpServer((request) => void request.socket.destroy());
    expect(await callerAt(port).call("job.show", { job_id: "7" })).toBeNull();
  });
});

describe("a reply that never comes", () => {
  const silent = async (patience: Patience) => callerAt(await httpServer(() => {}), patience);

  test("is none once the limit is over", async () => {
    const caller = await silent({ limitMs: 30 });
    expect(await caller.call("job.show", { job_id: "7" })).toBeNull();
  });

  test("is not waited for once the run is stopped", async () => {
    const stop = new AbortController();
    const caller = await silent({ stop: stop.signal });
    const call = caller.call("job.show", { job_id: "7" });
    stop.abort();
    expect(await call).toBeNull();
  });

  test("is not even asked for where the run was stopped before", async () => {
    const { sent, caller } = await clientOf(200, "{}", { stop: AbortSignal.abort() });
    expect(await caller.call("job.show", { job_id: "7" })).toBeNull();
    expect(sent).toEqual([]);
  });
});
