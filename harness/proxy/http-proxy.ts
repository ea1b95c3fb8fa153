import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request that came by and its reply, bodies whole; `status` null means that no reply came from upstream. */
export interface Passage {
  method: string;
  url: string;
  contentType: string;
  requestBody: Buffer;
  status: number | null;
  replyBody: Buffer;
  /** Why there was no reply. */
  problem: string | null;
}

export interface HttpProxy {
  port: number;
  close(): Promise<void>;
}

export interface HttpProxyOptions {
  /** Address to listen on: loopback, or the run network's own gateway. */
  host: string;
  /** 0 for any free port. */
  port?: number;
  /** Where requests go. Asked anew for each request: a restarted container changes its port. */
  upstream: () => { host: string; port: number };
  /** Told of every exchange before the caller gets the reply. */
  onPassage: (passage: Passage) => void;
}

/** An HTTP/1.1 proxy that sees whole exchanges. Its port stays the same however often the upstream restarts. */
export async function startHttpProxy(options: HttpProxyOptions): Promise<HttpProxy> {
  const agent = new Agent({ keepAlive: true });
  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing, options, agent).catch((error: unknown) => outgoing.destroy(error as Error));
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: options.host, port: options.port ?? 0 }, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        agent.destroy();
      }),
  };
}

async function pass(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  options: HttpProxyOptions,
  agent: Agent,
) {
  const requestBody = await bodyOf(incoming);
  const about = {
    method: incoming.method ?? "GET",
    url: incoming.url ?? "/",
    contentType: incoming.headers["content-type"] ?? "",
    requestBody,
  };
  const { host, port } = options.upstream();
  const reply = await forward(incoming, requestBody, { host, port }, agent).catch((error: Error) => error);
  if (reply instanceof Error) {
    options.onPassage({ ...about, status: null, replyBody: Buffer.alloc(0), problem: reply.message });
    // The caller sees what it would see without a proxy: a connection that ends without an answer.
    outgoing.destroy();
    return;
  }
  options.onPassage({ ...about, status: reply.status, replyBody: reply.body, problem: null });
  outgoing.writeHead(reply.status, reply.headers);
  outgoing.end(reply.body);
}

async function forward(
  incoming: IncomingMessage,
  body: Buffer,
  to: { host: string; port: number },
  agent: Agent,
) {
  const reply = await new Promise<IncomingMessage>((resolve, reject) => {
    const forwarded = request(
      {
        ...to,
        agent,
        method: incoming.method,
        path: incoming.url,
        headers: requestHeaders(incoming.rawHeaders, body),
      },
      resolve,
    );
    forwarded.once("error", reject);
    forwarded.end(body);
  });
  return {
    status: reply.statusCode ?? 502,
    headers: replyHeaders(reply.rawHeaders),
    body: await bodyOf(reply),
  };
}

const hopByHop = new Set([
  "connection",
  "keep-alive",
  "transfer-encoding",
  "te",
  "trailer",
  "upgrade",
  "expect",
]);

/** The body is sent whole, so a chunked request gets its true length and loses nothing. */
function requestHeaders(raw: readonly string[], body: Buffer): string[] {
  const headers = endToEnd(raw).filter(([name]) => name.toLowerCase() !== "content-length");
  if (body.length > 0) headers.push(["Content-Length", String(body.length)]);
  return headers.flat();
}

const replyHeaders = (raw: readonly string[]): string[] => endToEnd(raw).flat();

function endToEnd(raw: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] as string;
    if (!hopByHop.has(name.toLowerCase())) pairs.push([name, raw[i + 1] as string]);
  }
  return pairs;
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
