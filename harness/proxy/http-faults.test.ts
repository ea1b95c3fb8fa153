import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { call, host, httpServer, keepAlive, proxyTo } from "../testing/http.ts";
import type { HttpReply } from "./http-proxy.ts";
import type { Way } from "./way.ts";

/** Each fault on the wire: what the service saw, what the caller got, and what is on record. */

const reply = JSON.stringify({ job_id: "1", status: "success" });

interface Planned {
  before?: Way | (() => Way | Promise<Way>);
  after?: Way | ((reply: HttpReply) => Way | Promise<Way>);
}

/** A service that keeps what it has served, behind a proxy that breaks its first call. */
async function broken({ before = {}, after = {} }: Planned) {
  const served: string[] = [];
  const upstream = await httpServer((incoming, outgoing) => {
    incoming.resume().once("end", () => {
      served.push(`${incoming.method} ${incoming.url}`);
      outgoing.setHeader("content-type", "application/json").end(reply);
    });
  });
  let calls = 0;
  const proxied = await proxyTo(upstream, () => {
    calls += 1;
    if (calls > 1) return null;
    return {
      before: () => (typeof before === "function" ? before() : before),
      after: (got) => (typeof after === "function" ? after(got) : after),
    };
  });
  const finish = (more = {}) =>
    call(proxied.port, { method: "POST", path: "/finish", body: Buffer.from("{}"), ...more });
  return { ...proxied, upstream, served, finish };
}

const reset = { end: { kind: "reset" } } as const;
const truncated = { end: { kind: "truncated" } } as const;
const busy = { end: { kind: "answer", status: 503, body: { error: "busy" } } } as const;

describe("a lost request", () => {
  test("never reaches the service, and its caller's connection is reset", async () => {
    const { finish, served, passages } = await broken({ before: reset });
    await expect(finish()).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(served).toEqual([]);
    expect(passages).toEqual([expect.objectContaining({ status: null, served: null, reached: false })]);
  });

  test("harms no later one", async () => {
    const { finish, served } = await broken({ before: reset });
    await expect(finish()).rejects.toMatchObject({ code: "ECONNRESET" });
    expect((await finish()).status).toBe(200);
    expect(served).toEqual(["POST /finish"]);
  });
});

test("a lost reply is lost after the service has given it whole", async () => {
  const seen: string[] = [];
  const { finish, served, passages } = await broken({
    after: ({ status, body }) => {
      seen.push(`${status} ${body.toString()}`);
      return reset;
    },
  });
  await expect(finish()).rejects.toMatchObject({ code: "ECONNRESET" });
  expect(served).toEqual(["POST /finish"]);
  expect(seen).toEqual([`200 ${reply}`]);
  expect(passages).toEqual([
    expect.objectContaining({
      status: null,
      reached: true,
      served: {
        status: 200,
        head: expect.stringMatching(/^HTTP\/1.1 200 OK\r\n/),
        body: Buffer.from(reply),
      },
    }),
  ]);
});

describe("a status", () => {
  test("in the place of the effect keeps the request from the service", async () => {
    const { finish, served, passages } = await broken({ before: busy });
    const got = await finish();
    expect([got.status, got.body.toString()]).toEqual([503, '{"error":"busy"}']);
    expect(served).toEqual([]);
    expect(passages).toEqual([expect.objectContaining({ status: 503, served: null, reached: false })]);
  });

  test("in the place of the reply hides an effect that is there", async () => {
    const { finish, served, passages } = await broken({ after: busy });
    expect((await finish()).status).toBe(503);
    expect(served).toEqual(["POST /finish"]);
    expect(passages[0]).toMatchObject({ status: 503, served: { status: 200 }, reached: true });
  });

  test("leaves the connection as it was", async () => {
    const { finish, served } = await broken({ before: busy });
    const agent = keepAlive();
    expect((await finish({ agent })).status).toBe(503);
    expect((await finish({ agent })).status).toBe(200);
    expect(served).toEqual(["POST /finish"]);
  });
});

test("a truncated reply promises more than it brings, and ends in a reset", async () => {
  const { port, served, passages } = await broken({ after: truncated });
  const socket = connect(port, host);
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  socket.once("close", () => end());
  const errors: string[] = [];
  let text = "";
  socket.on("error", ({ code }: NodeJS.ErrnoException) => errors.push(code ?? ""));
  socket.on("data", (chunk) => {
    text += String(chunk);
  });
  socket.write("GET /finish HTTP/1.1\r\nHost: api\r\n\r\n");
  await ended;
  const [head, body] = text.split("\r\n\r\n") as [string, string];
  expect(errors).toEqual(["ECONNRESET"]);
  expect(Number(/content-length: (\d+)/i.exec(head)?.[1])).toBe(reply.length);
  expect(body.length).toBeLessThan(reply.length);
  expect(reply.startsWith(body)).toBe(true);
  expect(served).toEqual(["GET /finish"]);
  expect(passages[0]).toMatchObject({ status: null, served: { status: 200 } });
});

test("a truncated reply is no reply to a caller that reads it by its length", async () => {
  const { port } = await broken({ after: truncated });
  const got = await fetch(`http://${host}:${port}/finish`);
  expect(got.status).toBe(200);
  await expect(got.text()).rejects.toThrow("terminated");
});

test("a duplicate is served twice, and the caller gets one reply", async () => {
  const { finish, served, passages } = await broken({ before: { duplicate: true } });
  const got = await finish();
  expect([got.status, got.body.toString()]).toEqual([200, reply]);
  expect(served).toEqual(["POST /finish", "POST /finish"]);
  expect(passages).toHaveLength(1);
});

test("a late request waits for as long as it is held, and arrives then", async () => {
  const { promise: held, resolve: release } = Promise.withResolvers<Way>();
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  const { finish, served } = await broken({
    before: () => {
      arrive();
      return held;
    },
  });
  const got = finish();
  await arrived;
  expect(served).toEqual([]);
  release({});
  expect((await got).status).toBe(200);
});

test("a late request arrives although its caller has given up", async () => {
  const { promise: held, resolve: release } = Promise.withResolvers<Way>();
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  const { promise: served, resolve: serve } = Promise.withResolvers<string>();
  const upstream = await httpServer((incoming, outgoing) => {
    serve(incoming.url ?? "");
    outgoing.end();
  });
  const { port } = await proxyTo(upstream, () => ({
    before: () => {
      arrive();
      return held;
    },
    after: () => ({}),
  }));
  const socket = connect(port, host).on("error", () => {});
  socket.write("GET /claim HTTP/1.1\r\nHost: api\r\n\r\n");
  await arrived;
  socket.destroy();
  release({});
  expect(await served).toBe("/claim");
});

describe("a half-open connection", () => {
  const stallMs = 120;

  /** A caller's socket with all that happens to it. */
  function watched(port: number) {
    const socket = connect(port, host);
    const seen: string[] = [];
    for (const event of ["end", "error", "close"]) socket.on(event, () => seen.push(event));
    const answered = new Promise<number>((resolve) => {
      socket.on("data", () => {
        seen.push("data");
        resolve(performance.now());
      });
    });
    return { socket, seen, answered };
  }

  test.each(["before", "after"] as const)(
    "stalls the call %s its effect without an end, and then goes on",
    async (phase) => {
      const { port, served } = await broken({ [phase]: { stallMs } });
      const { socket, seen, answered } = watched(port);
      const began = performance.now();
      socket.write("GET /claim HTTP/1.1\r\nHost: api\r\n\r\n");
      expect((await answered) - began).toBeGreaterThanOrEqual(stallMs);
      expect(seen).toEqual(["data"]);
      expect(served).toEqual(["GET /claim"]);
      socket.destroy();
    },
  );

  test("stalls every other call, on connections old and new, and loses none", async () => {
    const { promise: stalled, resolve: stall } = Promise.withResolvers<number>();
    const { port, finish, served } = await broken({
      before: () => {
        stall(performance.now());
        return { stallMs };
      },
    });
    const first = finish();
    const began = await stalled;
    const { socket, seen, answered } = watched(port);
    await once(socket, "connect");
    socket.write("GET /new HTTP/1.1\r\nHost: api\r\n\r\n");
    expect((await answered) - began).toBeGreaterThanOrEqual(stallMs - 1);
    expect(seen).toEqual(["data"]);
    expect((await first).status).toBe(200);
    expect(served.toSorted()).toEqual(["GET /new", "POST /finish"]);
    socket.destroy();
  });
});

test("what a plan cannot carry out resets the call instead of passing it", async () => {
  const { finish, served } = await broken({
    before: () => {
      throw new Error("the engine did not answer");
    },
  });
  await expect(finish()).rejects.toMatchObject({ code: "ECONNRESET" });
  expect(served).toEqual([]);
});
