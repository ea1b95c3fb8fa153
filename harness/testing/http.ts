import { once } from "node:events";
import { Agent, createServer, type RequestListener, request } from "node:http";
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from "node:net";
import { onTestFinished } from "vitest";
import { type HttpProxyOptions, type Passage, startHttpProxy } from "../proxy/http-proxy.ts";

/** Servers and clients on loopback for the length of one test. */

export const host = "127.0.0.1";

export interface Reply {
  status: number;
  message: string;
  headers: string[];
  body: Buffer;
}

/** An HTTP server; gives its port. */
export const httpServer = (answer: RequestListener): Promise<number> => listening(createServer(answer));

/** A TCP server that says its own bytes; gives its port. */
export function tcpServer(onSocket: (socket: Socket) => void): Promise<number> {
  return listening(
    createTcpServer((socket) => {
      socket.on("error", () => {});
      onSocket(socket);
    }),
  );
}

/** A port of loopback where nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createTcpServer();
  server.listen(0, host);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function listening(server: Server): Promise<number> {
  const open = new Set<Socket>();
  server.on("connection", (socket) => open.add(socket));
  server.listen(0, host);
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    for (const socket of open) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

/** A proxy to a port, or to wherever the service is now, with all that passes it. */
export async function proxyTo(
  upstream: number | (() => number | null),
  plan?: NonNullable<HttpProxyOptions["plan"]>,
) {
  const passages: Passage[] = [];
  const port = typeof upstream === "number" ? () => upstream : upstream;
  const proxy = await startHttpProxy({
    host,
    upstream: () => {
      const there = port();
      return there === null ? null : { host, port: there };
    },
    ...(plan === undefined ? {} : { plan }),
    onPassage: (passage) => passages.push(passage),
  });
  onTestFinished(() => proxy.close());
  return { proxy, port: proxy.port, passages };
}

export function keepAlive(): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  return agent;
}

export interface Wish {
  method?: string;
  path?: string;
  headers?: string[];
  /** Sent whole with its length, or piece by piece as chunks. */
  body?: Buffer | Buffer[];
  agent?: Agent;
}

/** One request; rejects as Node's client does when no whole reply comes. */
export async function call(
  port: number,
  { method = "GET", path = "/", headers = [], body, agent }: Wish = {},
) {
  const length = Buffer.isBuffer(body) ? ["Content-Length", String(body.length)] : [];
  const chunked = Array.isArray(body) ? ["Transfer-Encoding", "chunked"] : [];
  const sent = request({
    host,
    port,
    method,
    path,
    agent: agent ?? false,
    headers: ["Host", "api.test", ...headers, ...length, ...chunked],
  });
  for (const part of body === undefined ? [] : [body].flat()) sent.write(part);
  sent.end();
  const [reply] = await once(sent, "response");
  const chunks: Buffer[] = [];
  for await (const chunk of reply) chunks.push(chunk as Buffer);
  return {
    status: reply.statusCode,
    message: reply.statusMessage,
    headers: reply.rawHeaders,
    body: Buffer.concat(chunks),
  } as Reply;
}

/** Bytes sent as they are; gives all that comes back until the other side ends the connection or `enough` says so. */
export async function rawCall(port: number, bytes: string, enough: (text: string) => boolean = () => false) {
  const socket = connect(port, host);
  onTestFinished(() => {
    socket.destroy();
  });
  socket.write(bytes);
  let text = "";
  try {
    for await (const chunk of socket) {
      text += String(chunk);
      if (enough(text)) break;
    }
  } catch (error) {
    return { text, ended: (error as NodeJS.ErrnoException).code };
  }
  return { text, ended: "end" };
}
