import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { pipeline } from "node:stream";
import type { Address } from "../../../destinations/destination.ts";

export interface Relay {
  port: number;
  close(): Promise<void>;
}

/** Passes connections on to an address that the callers cannot reach themselves, byte by byte. */
export async function openRelay(listenOn: string, to: Address): Promise<Relay> {
  const open = new Set<Socket>();
  const server = createServer((caller) => {
    const onward = connect(to);
    for (const socket of [caller, onward]) {
      open.add(socket);
      socket.once("close", () => open.delete(socket));
    }
    // An error on either side ends the other: the caller sees a connection that breaks, as without a relay.
    pipeline(caller, onward, caller, () => {});
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: listenOn, port: 0 }, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}
