import { once } from "node:events";
import { type IncomingMessage, request, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { call, host, httpServer, keepAlive, proxyTo, rawCall, tcpServer } from "../testing/http.ts";

/** Every byte there is, so that no decoding on the way goes unnoticed. */
const everyByte = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
const large = Buffer.alloc(3_000_000, everyByte);

/** Answers with what it got, as JSON, and the body itself where asked for it. */
const echo = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
  const body = await buffer(incoming);
  const { method, url, rawHeaders } = incoming;
  outgoing.setHeader("Got", JSON.stringify({ method, url, rawHeaders, length: body.length }));
  outgoing.end(body);
};
const echoServer = (): Promise<number> => httpServer((incoming, outgoing) => void echo(incoming, outgoing));
const got = (headers: string[]) => JSON.parse(headers[headers.indexOf("Got") + 1] ?? "{}");

describe("a request", () => {
  test("arrives to the letter: method, path, headers in their order, every byte of the body", async () => {
    const { port, passages } = await proxyTo(await echoServer());
    const headers = ["X-One", "1", "x-two", "a", "X-One", "2", "Content-Type", "application/octet-stream"];
    const reply = await call(port, { method: "PATCH", path: "//a/%zz?b=%20c", headers, body: everyByte });
    expect(got(reply.headers)).toEqual({
      method: "PATCH",
      url: "//a/%zz?b=%20c",
      rawHeaders: expect.arrayContaining(["Host", "api.test", ...headers, "Content-Length", "256"]),
      length: 256,
    });
    expect(reply.body.equals(everyByte)).toBe(true);
    expect(passages).toMatchObject([
      {
        method: "PATCH",
        url: "//a/%zz?b=%20c",
        head: expect.stringMatching(/^PATCH .*\r\nContent-Type: application\/octet-stream\r\n/s),
        requestBody: everyByte,
      },
    ]);
  });

  test("in chunks arrives whole", async () => {
    const { port, passages } = await proxyTo(await echoServer());
    const parts = [everyByte, large, Buffer.from("end")];
    const reply = await call(port, { method: "PUT", body: parts });
    expect(reply.body.equals(Buffer.concat(parts))).toBe(true);
    expect(passages[0]?.requestBody.equals(Buffer.concat(parts))).toBe(true);
  });

  test("without a body keeps its length of nothing", async () => {
    const { port, passages } = await proxyTo(await echoServer());
    const reply = await call(port, { method: "POST", body: Buffer.alloc(0) });
    expect(got(reply.headers).rawHeaders).toEqual(expect.arrayContaining(["Content-Length", "0"]));
    expect(passages[0]).toMatchObject({
      method: "POST",
      head: expect.not.stringMatching(/^content-type:/im),
      requestBody: Buffer.alloc(0),
      status: 200,
    });
  });

  test("that waits for leave to send its body gets it", async () => {
    const { port } = await proxyTo(await echoServer());
    const headers = { Expect: "100-continue", "Content-Length": "4" };
    const waiting = request({ host, port, method: "PUT", headers, agent: false });
    waiting.flushHeaders();
    await once(waiting, "continue");
    waiting.end("body");
    const [reply] = await once(waiting, "response");
    expect(String(await buffer(reply))).toBe("body");
  });

  test("that is no HTTP ends its connection and is no passage", async () => {
    const { port, passages } = await proxyTo(await echoServer());
    expect((await rawCall(port, "hello\r\n\r\n")).text).toBe("");
    expect((await call(port)).status).toBe(200);
    expect(passages).toHaveLength(1);
  });
});

describe("a reply", () => {
  test("comes back to the letter: status, its words, headers in their order, every byte of the body", async () => {
    const headers = ["Set-Cookie", "a=1", "x-two", "2", "Set-Cookie", "b=2", "Content-Length", "256"];
    const upstream = await httpServer((_, outgoing) => {
      outgoing.writeHead(409, "Not This Time", headers);
      outgoing.end(everyByte);
    });
    const { port, passages } = await proxyTo(upstream);
    const reply = await call(port);
    expect(reply).toMatchObject({ status: 409, message: "Not This Time" });
    expect(reply.headers.slice(0, headers.length)).toEqual(headers);
    expect(reply.body.equals(everyByte)).toBe(true);
    expect(passages).toMatchObject([
      { status: 409, served: { status: 409, body: everyByte }, reached: true, problem: null },
    ]);
  });

  test("in chunks comes back whole", async () => {
    const upstream = await httpServer((_, outgoing) => {
      outgoing.write(everyByte);
      outgoing.write(large);
      outgoing.end("end");
    });
    const { port, passages } = await proxyTo(upstream);
    const whole = Buffer.concat([everyByte, large, Buffer.from("end")]);
    expect((await call(port)).body.equals(whole)).toBe(true);
    expect(passages[0]?.served?.body.equals(whole)).toBe(true);
  });

  test("that ends with its connection comes back whole, and ends the caller's", async () => {
    const upstream = await tcpServer((socket) => {
      socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\n\r\nuntil the end"));
    });
    const { port, passages } = await proxyTo(upstream);
    const { text, ended } = await rawCall(port, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    expect({ text, ended }).toEqual({ text: "HTTP/1.1 200 OK\r\n\r\nuntil the end", ended: "end" });
    expect(passages[0]?.served?.body.toString()).toBe("until the end");
  });

  test("to HEAD says how long the body would be, and has none", async () => {
    const upstream = await httpServer((_, outgoing) =>
      outgoing.writeHead(200, { "Content-Length": "1234" }).end(),
    );
    const { port, passages } = await proxyTo(upstream);
    const agent = keepAlive();
    const reply = await call(port, { method: "HEAD", agent });
    expect(reply.headers).toEqual(expect.arrayContaining(["Content-Length", "1234"]));
    expect(reply.body).toHaveLength(0);
    await call(port, { method: "HEAD", agent });
    expect(passages.map(({ status, served }) => [status, served?.body.length])).toEqual([
      [200, 0],
      [200, 0],
    ]);
  });

  test.each([204, 304])("%i has no body, and the connection goes on", async (status) => {
    const upstream = await httpServer((_, outgoing) => outgoing.writeHead(status).end());
    const { port, passages } = await proxyTo(upstream);
    const agent = keepAlive();
    for (const path of ["/1", "/2"]) expect(await call(port, { path, agent })).toMatchObject({ status });
    expect(passages.map((passage) => passage.status)).toEqual([status, status]);
  });

  test("is told before the caller has it", async () => {
    const { port, passages } = await proxyTo(await echoServer());
    for (let n = 1; n <= 20; n += 1) {
      await call(port);
      expect(passages).toHaveLength(n);
    }
  });
});

describe("connections", () => {
  test("are kept, on both sides", async () => {
    const seen = new Set<number | undefined>();
    const upstream = await httpServer((incoming, outgoing) => {
      seen.add(incoming.socket.remotePort);
      outgoing.end();
    });
    const { port } = await proxyTo(upstream);
    const agent = keepAlive();
    for (let n = 0; n < 5; n += 1) await call(port, { agent });
    expect(seen.size).toBe(1);
  });

  test("side by side do not wait for each other, and each gets its own reply", async () => {
    const waiting: (() => void)[] = [];
    const all = 40;
    const upstream = await httpServer((incoming, outgoing) => {
      waiting.push(() => void echo(incoming, outgoing));
      // The last to come is answered first, once all are here.
      if (waiting.length === all) for (const answer of waiting.toReversed()) answer();
    });
    const { port, passages } = await proxyTo(upstream);
    const replies = await Promise.all(
      Array.from({ length: all }, (_, n) =>
        call(port, { method: "POST", path: `/${n}`, body: Buffer.from(`body ${n}`) }),
      ),
    );
    expect(replies.map(({ body }) => body.toString())).toEqual(replies.map((_, n) => `body ${n}`));
    expect(new Set(passages.map(({ url, requestBody }) => `${url} ${requestBody.toString()}`)).size).toBe(
      all,
    );
  });

  test("with requests one behind the other get their replies in that order", async () => {
    const { port, passages } = await proxyTo(await echoServer());
    const post = (body: string) =>
      `POST /${body} HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const { text } = await rawCall(port, post("one") + post("three"), (sofar) =>
      sofar.endsWith("\r\n\r\nthree"),
    );
    expect(text.indexOf("\r\n\r\none")).toBeGreaterThan(0);
    expect(passages.map(({ url }) => url)).toEqual(["/one", "/three"]);
  });

  test("are made anew to where the service is now", async () => {
    const named = (name: string) => httpServer((_, outgoing) => outgoing.end(name));
    const ports = [await named("before"), await named("after")];
    const { port } = await proxyTo(() => ports[0] ?? null);
    expect((await call(port)).body.toString()).toBe("before");
    ports.shift();
    expect((await call(port)).body.toString()).toBe("after");
  });
});

test("a caller's requests go where their plans lead, over one connection to each place", async () => {
  const connections: string[] = [];
  const named = async (name: string) => {
    const answered = await httpServer((incoming, outgoing) => {
      connections.push(`${name} ${incoming.socket.remotePort}`);
      outgoing.end(name);
    });
    return () => ({ host, port: answered });
  };
  const [first, second] = [await named("first"), await named("second")];
  const places: Record<string, () => { host: string; port: number }> = { "/first": first, "/second": second };
  const upstream = (url: string) => places[url] as typeof first;
  const { port } = await proxyTo(
    () => null,
    ({ url }) => ({ before: () => ({}), after: () => ({}), upstream: upstream(url) }),
  );
  const agent = keepAlive();
  const said: string[] = [];
  for (const path of ["/first", "/second", "/first", "/second"])
    said.push((await call(port, { path, agent })).body.toString());
  expect(said).toEqual(["first", "second", "first", "second"]);
  expect(new Set(connections).size).toBe(2);
});
