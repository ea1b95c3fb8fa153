import { request, type ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
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

describe("a message that nobody could keep", () => {
  const mebibyte = Buffer.alloc(2 ** 20, "x");

  /** Writes a mebibyte after the other, until the other side has had enough. */
  function endless(socket: Socket, head: string, part: Buffer): void {
    socket.write(head);
    const more = () => {
      while (!socket.destroyed && socket.write(part));
    };
    socket.on("drain", more);
    more();
  }
  const chunk = Buffer.concat([Buffer.from("100000\r\n"), mebibyte, Buffer.from("\r\n")]);

  test.each([
    ["in chunks", "Transfer-Encoding: chunked\r\n", chunk],
    ["until its end", "X-None: 1\r\n", mebibyte],
    ["of a length that it tells", "Content-Length: 68719476736\r\n", mebibyte],
  ])("is no reply, and the passage says so: one %s", async (_, header, part) => {
    const upstream = await tcpServer((socket) =>
      socket.once("data", () => endless(socket, `HTTP/1.1 200 OK\r\n${header}\r\n`, part)),
    );
    const { port, passages } = await proxyTo(upstream);
    await expect(call(port)).rejects.toMatchObject({ code: "ECONNRESET" });
    const beyond = "a reply of more than 67108864 bytes";
    expect(passages).toEqual(
      hasProblem({
        status: null,
        reached: true,
        problem: beyond,
        served: { status: 200, head: expect.stringContaining("200 OK"), body: Buffer.alloc(0), beyond },
      }),
    );
  });

  test("is no request: the service never sees it, and the passage says so", async () => {
    const { port, passages } = await proxyTo(await answering());
    const socket = connect(port, host).on("error", () => {});
    const closed = new Promise((resolve) => socket.once("close", resolve));
    endless(socket, "POST /finish HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", chunk);
    await closed;
    const problem = "a request of more than 67108864 bytes";
    expect(passages).toEqual(
      hasProblem({ method: "POST", url: "/finish", status: null, served: null, reached: false, problem }),
    );
  });

  test("is no head either, and nobody hears of it", async () => {
    const { port, passages } = await proxyTo(await answering());
    const socket = connect(port, host).on("error", () => {});
    const closed = new Promise((resolve) => socket.once("close", resolve));
    endless(socket, "POST /", mebibyte);
    await closed;
    expect(passages).toEqual([]);
  });
});

test("a large message in small chunks passes as fast as in large ones", async () => {
  const small = Buffer.concat([Buffer.from("400\r\n"), Buffer.alloc(1024, "x"), Buffer.from("\r\n")]);
  const count = 30_000;
  const upstream = await tcpServer((socket) =>
    socket.once("data", () => {
      socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      for (let i = 0; i < count; i += 1) socket.write(small);
      socket.write("0\r\n\r\n");
    }),
  );
  const { port, passages } = await proxyTo(upstream);
  expect((await call(port)).body).toHaveLength(count * 1024);
  expect(passages[0]?.served?.body).toHaveLength(count * 1024);
});
