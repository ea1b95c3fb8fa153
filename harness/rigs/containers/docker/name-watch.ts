import { createSocket } from "node:dgram";
import { once } from "node:events";
import type { Docker } from "./engine.ts";
import type { RunNetwork } from "./network.ts";

/** A name that a component looked up and that no component of the run has. */
export interface Asked {
  by: string;
  name: string;
}

export interface NameWatch {
  /** Looked up so far, by the addresses of containers. */
  asked: readonly { from: string; name: string }[];
  /** The same with the names of the containers. */
  heard: () => Promise<Asked[]>;
  close: () => void;
}

/** The engine sends queries there, and nowhere else. */
const dnsPort = 53;

/**
 * A name server for the containers of an internal network, which knows no name: the engine itself answers for those of
 * the run. Null where there is none: not every user may listen on its port.
 */
export async function watchNames(docker: Docker, network: RunNetwork): Promise<NameWatch | null> {
  if (!network.isInternal) return null;
  const socket = createSocket("udp4");
  const asked: { from: string; name: string }[] = [];
  socket.on("message", (query, { address, port }) => {
    const question = questionIn(query);
    if (question === null) return;
    const { name, end } = question;
    // A component that is down for a while is not known to the engine meanwhile.
    if (name.includes(".") && !isReverse(name)) asked.push({ from: address, name });
    socket.send(unknownName(query, end), port, address);
  });
  try {
    socket.bind(dnsPort, network.listenOn);
    await once(socket, "listening");
  } catch {
    socket.close();
    return null;
  }
  socket.unref();
  return { asked, heard: async () => namesOf(docker, network.name, asked), close: () => socket.close() };
}

/** Who has which address now; one that has gone is told by its address. */
async function namesOf(docker: Docker, network: string, asked: NameWatch["asked"]): Promise<Asked[]> {
  if (asked.length === 0) return [];
  const containers = await docker.listContainers({ filters: { network: [network] } });
  const byAddress = new Map(
    containers.map(({ NetworkSettings, Labels }) => [
      NetworkSettings.Networks[network]?.IPAddress,
      Labels["interlock.component"] ?? "somebody",
    ]),
  );
  return asked.map(({ from, name }) => ({ by: byAddress.get(from) ?? from, name }));
}

/** Servers ask who a client is. */
const isReverse = (name: string): boolean => name.endsWith(".in-addr.arpa") || name.endsWith(".ip6.arpa");

const headerLength = 12;

/** The first name that a query is about (RFC 1035, 4.1), and where the question ends; null where there is none. */
export function questionIn(query: Buffer): { name: string; end: number } | null {
  if (query.length <= headerLength || query.readUInt16BE(4) === 0) return null;
  const labels: string[] = [];
  for (let at = headerLength; at < query.length; ) {
    const length = query[at] as number;
    // Behind the name stand its type and class.
    if (length === 0) return { name: labels.join(".").toLowerCase(), end: at + 5 };
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  return null;
}

/** The reply that there is no such name: the question alone. */
export function unknownName(query: Buffer, end: number): Buffer {
  const reply = Buffer.from(query.subarray(0, end));
  reply.writeUInt16BE(0x8183, 2);
  reply.writeUInt16BE(1, 4);
  reply.fill(0, 6, headerLength);
  return reply;
}
