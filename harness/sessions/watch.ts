import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import type { Upstream } from "../proxy/way.ts";
import type { Seen } from "./judge.ts";
import { type LookAt, WatchedConnection } from "./watched-connection.ts";

export interface WatchOptions {
  host: string;
  /** 0 for any free port. */
  port?: number;
  /** The server; null while it is not there. */
  upstream: () => Upstream | null;
  lookAt: LookAt;
}

export interface Watch extends AsyncDisposable {
  port: number;
  /** Looks at what is still connected, and tells of all. */
  finish(): Promise<Seen>;
}

/** A way to a MySQL server on which no connection ends before it was looked at. */
export async function startWatch({ host, port = 0, upstream, lookAt }: WatchOptions): Promise<Watch> {
  const all: WatchedConnection[] = [];
  const sockets = new Set<Socket>();
  let began: number | null = null;
  const server = createServer({ noDelay: true }, (client) => {
    const where = upstream();
    if (where === null) return void client.resetAndDestroy();
    began ??= performance.now();
    const behind = connect({ ...where, noDelay: true });
    for (const socket of [client, behind]) {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
    }
    all.push(new WatchedConnection(client, behind, lookAt));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    finish: async () => {
      const seconds = began === null ? 0 : (performance.now() - began) / 1_000;
      await Promise.all(all.map((one) => one.lookNow()));
      const unseen = Map.groupBy(
        all.flatMap((one) => one.unseen ?? []),
        (why) => why,
      );
      return {
        connections: all.map(({ looks }) => looks).filter((looks) => looks.length > 0),
        unseen: Object.fromEntries([...unseen].map(([why, { length }]) => [why, length])),
        seconds,
      };
    },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
