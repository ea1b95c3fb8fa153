import { type AddressInfo, createServer } from "node:net";
import { HttpConnection, type HttpProxyOptions } from "./http-connection.ts";
import { Stall } from "./stall.ts";
import type { Proxy } from "./way.ts";

export type { HttpPlan, HttpProxyOptions, HttpReply, HttpRequest, Passage } from "./http-connection.ts";
export type HttpProxy = Proxy;

/**
 * An HTTP/1.1 proxy that sees whole exchanges and passes them on to the letter, each connection over one of its own.
 * On node:net: node:http on both sides would cost each exchange three times as much. Its port stays the same however
 * often the upstream restarts.
 */
export async function startHttpProxy(options: HttpProxyOptions): Promise<HttpProxy> {
  const stall = new Stall();
  const server = createServer({ noDelay: true }, (client) => {
    stall.watch(client);
    new HttpConnection(client, options, stall);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: options.host, port: options.port ?? 0 }, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        stall.destroy();
      }),
  };
}
