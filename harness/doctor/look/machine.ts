import { createSocket } from "node:dgram";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { createConnection, createServer } from "node:net";
import { availableParallelism, freemem, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { getHeapStatistics } from "node:v8";
import { reasonOf } from "../../errors.ts";
import { ownRoot } from "../../installation.ts";
import { now } from "../../now.ts";
import { textOf } from "../../rigs/containers/docker/cpu-time.ts";
import type { MachineFacts } from "../machine.ts";

export async function lookAtMachine(): Promise<MachineFacts> {
  const [loopback, namesPort] = await Promise.all([loopbackTrouble(), namesPortTrouble()]);
  return {
    node: process.versions.node,
    platform: process.platform,
    cores: availableParallelism(),
    load: loadavg()[0] ?? 0,
    memory: memoryLeft(process.constrainedMemory(), process.availableMemory()),
    heap: getHeapStatistics().heap_size_limit,
    now: now(),
    openFiles: softLimit("Max open files"),
    processes: softLimit("Max processes"),
    loopback,
    namesPort,
    dependencies: dependencies(),
  };
}

/** Where a container limits this process, what that leaves; else what the kernel can give without swapping. */
function memoryLeft(limit: number, available: number): number {
  const told = /^MemAvailable:\s+(\d+) kB$/m.exec(textOf("/proc/meminfo") ?? "")?.[1];
  const free = told === undefined ? freemem() : Number(told) * 1024;
  return limit > 0 && limit < totalmem() ? Math.min(available, free) : free;
}

/** Null where there is no such file. `unlimited` is a number that no bar is above. */
export function softLimit(name: string, limits = textOf("/proc/self/limits")): number | null {
  const told = new RegExp(`^${name}\\s+(\\S+)`, "m").exec(limits ?? "")?.[1];
  if (told === undefined) return null;
  return told === "unlimited" ? Number.MAX_SAFE_INTEGER : Number(told);
}

async function loopbackTrouble(): Promise<string | null> {
  const server = createServer((socket) => socket.end());
  server.listen(0, "127.0.0.1");
  try {
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") return "it has no port";
    const trouble = await connectTrouble("127.0.0.1", address.port);
    return trouble;
  } catch (error) {
    return reasonOf(error);
  } finally {
    server.close();
  }
}

const answerMs = 1500;

/** Why no connection to a port can be made; null where it can. */
export async function connectTrouble(host: string, port: number): Promise<string | null> {
  const socket = createConnection({ host, port });
  try {
    await once(socket, "connect", { signal: AbortSignal.timeout(answerMs) });
    return null;
  } catch (error) {
    return error instanceof Error && error.name === "AbortError"
      ? `nothing answered within ${answerMs / 1000} s`
      : reasonOf(error);
  } finally {
    socket.destroy();
  }
}

/** Why a port of an address cannot be listened on; null where it can. */
export async function listenTrouble(port: number, host = "127.0.0.1"): Promise<string | null> {
  const server = createServer();
  server.listen(port, host);
  try {
    await once(server, "listening");
    return null;
  } catch (error) {
    return reasonOf(error);
  } finally {
    server.close();
  }
}

/** A port that somebody else listens on shows nothing about the right to. */
async function namesPortTrouble(): Promise<string | null> {
  const socket = createSocket("udp4");
  socket.bind(53, "127.0.0.1");
  try {
    await once(socket, "listening");
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EADDRINUSE" ? null : reasonOf(error);
  } finally {
    socket.close();
  }
}

interface Manifest {
  version: string;
  dependencies?: Record<string, string>;
}

const manifestIn = (file: string): Manifest => JSON.parse(readFileSync(file, "utf8")) as Manifest;

/** Those of the manifest that this Interlock came with. */
export function dependencies(root = ownRoot): MachineFacts["dependencies"] {
  const own = join(root, "package.json");
  if (!existsSync(own)) return [];
  return Object.entries(manifestIn(own).dependencies ?? {}).map(([name, wanted]) => ({
    name,
    wanted,
    there: versionOf(name, own),
  }));
}

function versionOf(name: string, from: string): string | null {
  try {
    const file = findPackageJSON(name, pathToFileURL(from));
    return file === undefined ? null : manifestIn(file).version;
  } catch {
    return null;
  }
}
