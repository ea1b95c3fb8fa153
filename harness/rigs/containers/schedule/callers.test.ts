import type { IncomingMessage, RequestListener } from "node:http";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { checkConfig } from "../../../config/check-config.ts";
import { configWith } from "../../../testing/config.ts";
import { closedPort, httpServer } from "../../../testing/http.ts";
import { scenarioOf } from "../../../testing/scenario.ts";
import type { Job } from "../../workload.ts";
import type { ContainersRig } from "../system/open-rig.ts";
import { callerFor } from "./callers.ts";

const job: Job = {
  number: 1,
  engine: "presto",
  customer: "script",
  scenario: scenarioOf(),
  template: scenarioOf(),
  target: "effect_1",
  isFirst: true,
};

interface Surroundings {
  customer?: Job["customer"];
  /** Real milliseconds for one of the system's. */
  timeScale?: number;
  requestMs?: number;
  jobMs?: number;
  ended?: Promise<void>;
  stop?: AbortSignal;
}

const never = new Promise<never>(() => {});

/** Longer than any test. */
const anHourMs = 3_600_000;

/** The customer of a rig whose API is at this port. */
function callerAt(port: number, surroundings: Surroundings = {}) {
  const { customer = "script", timeScale = 1, requestMs = anHourMs, jobMs = anHourMs } = surroundings;
  const { ended = never, stop = new AbortController().signal } = surroundings;
  const checked = checkConfig(configWith("limits.jobMs", jobMs));
  if (!checked.ok) throw new Error(checked.problems.join("\n"));
  const rig = {
    config: checked.config,
    customer: `http://127.0.0.1:${port}`,
    clockwork: { timeScale, limits: { requestMs } },
  } as unknown as ContainersRig;
  return callerFor(rig, { ...job, customer }, ended, stop);
}

async function callerOf(status: number, body: string | Buffer, surroundings?: Surroundings) {
  const sent: Record<string, unknown>[] = [];
  const answer = async (request: IncomingMessage, reply: Parameters<RequestListener>[1]) => {
    const { method, url, headers } = request;
    const { authorization, range } = headers;
    sent.push({ method, url, authorization, range, body: await text(request) });
    reply.writeHead(status, { ETag: '"a"', "X-Other": "1" }).end(body);
  };
  const port = await httpServer((request, reply) => void answer(request, reply));
  return { sent, caller: callerAt(port, surroundings) };
}

describe("Interlock's own client", () => {
  test("sends an operation as the contract has it, in its customer's name", async () => {
    const { sent, caller } = await callerOf(200, '{"job_id":"7"}');
    const input = { type: "presto", database: "a b", query: "SELECT 'ü'", domain_key: "k" };
    expect(await caller.call("job.issue", input)).toMatchObject({ status: 200, body: { job_id: "7" } });
    await caller.call("job.result", { job_id: "7", format: "json" }, { range: "bytes=0-3" });
    expect(sent).toEqual([
      {
        method: "POST",
        url: "/v3/job/issue/presto/a%20b",
        authorization: "TD1 1/abcdefgh",
        body: JSON.stringify({ query: "SELECT 'ü'", domain_key: "k" }),
      },
      {
        method: "GET",
        url: "/v3/job/result/7?format=json",
        authorization: "TD1 1/abcdefgh",
        range: "bytes=0-3",
        body: "",
      },
    ]);
  });

  test.each([
    ["a file as its text", "job.result", 200, "[1]\n", { status: 200, body: "[1]\n" }],
    ["a part of a file", "job.result", 206, "\ufeff[1", { status: 206, body: "\ufeff[1" }],
    ["a refusal of a file", "job.result", 404, '{"error":"no"}', { status: 404, body: { error: "no" } }],
    ["a refusal without words", "job.show", 503, "<html>", { status: 503, body: null }],
    ["no success that cannot be read", "job.show", 200, "<html>", null],
  ] as const)("understands %s", async (_, operation, status, body, reply) => {
    const { caller } = await callerOf(status, body);
    const answer = await caller.call(operation, { job_id: "7" });
    expect(answer).toEqual(reply && { ...reply, headers: { etag: '"a"' } });
  });

  test("understands a file that is no text as its bytes", async () => {
    const { caller } = await callerOf(200, Buffer.from([0x93, 1]));
    expect(await caller.call("job.result", { job_id: "7" })).toMatchObject({ body: { $base64: "kwE=" } });
  });

  test("has no answer where nobody listens", async () => {
    expect(await callerAt(await closedPort()).call("job.show", { job_id: "7" })).toBeNull();
  });
});

describe("a reply that never comes", () => {
  const silent = (surroundings: Surroundings) =>
    httpServer(() => {}).then((port) => callerAt(port, surroundings));

  test("is waited for as long as a request may take, scaled", async () => {
    const caller = await silent({ timeScale: 0.001, requestMs: 30_000 });
    expect(await caller.call("job.show", { job_id: "7" })).toBeNull();
  });

  test("is waited for by npm td as long as a job may take", async () => {
    const caller = await silent({ customer: "td", jobMs: 1_000 });
    expect(await caller.call("job.show", { job_id: "7" })).toBeNull();
  });

  test.each(["script", "td"] as const)("comes to nothing once the run is stopped: %s", async (customer) => {
    const stop = new AbortController();
    const caller = await silent({ customer, stop: stop.signal });
    const call = caller.call("job.show", { job_id: "7" });
    stop.abort();
    expect(await call).toBeNull();
  });
});

test("a job of npm td is issued by npm td", async () => {
  const { sent, caller } = await callerOf(200, '{"job_id":"7"}', { customer: "td" });
  await caller.call("job.list", { from: 3 });
  expect(sent).toMatchObject([{ url: "/v3/job/list/?from=3", authorization: "TD1 1/abcdefgh" }]);
});

describe("a customer's wait", () => {
  test("is scaled", async () => {
    const { caller } = await callerOf(200, "{}", { timeScale: 0.001 });
    await caller.sleep(30_000);
  });

  test("is over soon once the job has ended", async () => {
    const { caller } = await callerOf(200, "{}", { ended: Promise.resolve() });
    await caller.sleep(anHourMs);
  });

  test("is over once the run is stopped", async () => {
    const stop = new AbortController();
    const { caller } = await callerOf(200, "{}", { stop: stop.signal });
    const wait = caller.sleep(anHourMs);
    stop.abort();
    await wait;
    await caller.sleep(anHourMs);
  });
});
