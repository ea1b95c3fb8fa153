import { type AddressInfo, connect, createServer } from "node:net";
import { mysqlErrors } from "../../contracts/mysql-errors.ts";
import { MysqlConnection } from "./mysql-connection.ts";
import type { MysqlProxyOptions } from "./mysql-proxy-options.ts";
import { refusalPacket, threadIn } from "./mysql-wire.ts";
import { Stall } from "./stall.ts";
import type { Proxy } from "./way.ts";

export type { MysqlCall, MysqlProxyOptions } from "./mysql-proxy-options.ts";

/**
 * A proxy between a MySQL client and its server, one connection to one. It knows calls by the label that a client puts
 * before its statements, and passes on to the letter what carries none. Encrypted connections are read where it is given the
 * server's certificate, and pass unread otherwise.
 */
export async function startMysqlProxy(options: MysqlProxyOptions): Promise<Proxy> {
  const stall = new Stall();
  const server = createServer({ noDelay: true }, (client) => {
    const where = options.upstream();
    if (where === null) return void client.resetAndDestroy();
    const errno = options.refusal?.() ?? null;
    if (errno !== null)
      return void client.on("error", () => {}).end(refusalPacket(0, errno, mysqlErrors[errno]));
    const upstream = connect({ ...where, noDelay: true });
    upstream.once("data", (greeting: Buffer) => options.onThread?.(threadIn(greeting)));
    new MysqlConnection({ client, upstream }, options, stall);
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
