import { request, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { describe, expect, test, vi } from "vitest";
import { call, closedPort, host, httpServer, proxyTo, tcpServer } from "../testing/http.ts";
import type { Passage } from "./http-proxy.ts";

/** What callers and passages learn when a call does not go well by itself, without any fault that was asked for. */

const everyByte = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
const answering = () => httpServer((_, outgoing) => outgoing.end("here"));
const hasProblem = (passage: Partial<Passage>) => [expect.objectContaining(passage)];

describe("a connection ends without a reply, and the passage says why", () => {
  test("when nobody listens", async () => {
    const { port, passages } = await proxyTo(await closedPort());
    await expect(call(port)).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(passages).toEqual(
      hasProblem({
        status: null,
        served: null,
        reached: false,
        problem: expect.stringContaining("ECONNREFUSED"),
      }),
    );
  });

  test("when nobody is there yet", async () => {
    const { port, passages } = await proxyTo(() => null);
    await expect(call(port)).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(passages).toEqual(hasProblem({ status: null, reached: false, problem: expect.any(String) }));
  });

  test("when the service hangs up on a request that it may have read", async () => {
    const { port, passages } = await proxyTo(
      await tcpServer((socket) => socket.once("data", () => socket.destroy())),
    );
    await expect(call(port, { method: "POST", body: everyByte })).rejects.toMatchObject({
      code: "ECONNRESET",
    });
    expect(passages).toEqual(
      hasProblem({
        status: null,
        served: null,
        reached: true,
        requestBody: everyByte,
        problem: expect.any(String),
      }),
    );
  });

  test.each([
    ["half a head", "HTTP/1.1 200 OK\r\nContent-Le"],
    ["half a body", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"],
    ["half of its chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"],
    ["no HTTP", "hello\r\n\r\n"],
  ])("when the service answers with %s", async (_, answer) => {
    const upstream = await tcpServer((socket) => socket.once("data", () => socket.end(answer)));
    const { port, passages } = await proxyTo(upstream);
    await expect(call(port)).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(passages).toEqual(
      hasProblem({ status: null, served: null, reached: true, problem: expect.any(String) }),
    );
  });

  test("and the next call finds the service again", async () => {
    let upstream = await closedPort();
    const { port } = await proxyTo(() => upstream);
    await expect(call(port)).rejects.toMatchObject({ code: "ECONNRESET" });
    upstream = await answering();
    expect((await call(port)).status).toBe(200);
  });
});

test("a caller that leaves does not stop its request, and what was answered is on record", async () => {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<ServerResponse>();
  const { port, passages } = await proxyTo(await httpServer((_, outgoing) => arrive(outgoing)));
  const leaving = request({ host, port, agent: false });
  leaving.on("error", () => {});
  leaving.end();
  const outgoing = await arrived;
  leaving.destroy();
  await new Promise((resolve) => leaving.once("close", resolve));
  outgoing.end("done");
  await vi.waitFor(() => expect(passages).toHaveLength(1));
  expect(passages[0]?.served?.body.toString()).toBe("done");
});

test("a request that breaks off is no passage, and harms nobody", async () => {
  const { port, passages } = await proxyTo(await answering());
  const breaking = connect(port, host);
  await new Promise((resolve) => {
    breaking.write("POST / HTTP/1.1\r\nContent-Length: 100\r\n\r\nhalf", resolve);
  });
  breaking.destroy();
  expect((await call(port)).status).toBe(200);
  expect(passages).toHaveLength(1);
});

test("connections end with the proxy, and its port is free again", async () => {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  const { proxy, port } = await proxyTo(await tcpServer((socket) => socket.once("data", () => arrive())));
  const hanging = call(port).catch((error: unknown) => error);
  await arrived;
  await proxy.close();
  expect(await hanging).toMatchObject({ code: "ECONNRESET" });
  await expect(call(port)).rejects.toMatchObject({ code: "ECONNREFUSED" });
});
