import type { Socket } from "node:net";
import { createConnection } from "mysql2/promise";
import type { Act } from "../world/acts.ts";
import { BinlogReader, UnreadableLog } from "./binlog-events.ts";
import type { MysqlAccess, Server } from "./mysql.ts";
import { isMariadb } from "./servers.ts";

/** A place in a server's binary log. */
export interface LogPlace {
  file: string;
  position: number;
}

/** A server with a log, and the oracle's way into it. */
export interface LoggedServer {
  access: MysqlAccess;
  server: Server;
  account: { user: string; password: string };
  /** The databases that are the system's, where others may use the server as well; all where it is absent. */
  databases?: readonly string[];
}

/** Longer logs are not read to their end. */
const mostBytes = 256 * 1024 * 1024;
const readMs = 15_000;

/** The end of the log as it is now, or why there is none that tells of every row. */
export async function logEnd(access: MysqlAccess): Promise<LogPlace | string> {
  const [kept] = await access.query(
    "SELECT @@log_bin AS is_on, @@binlog_format AS format, @@binlog_row_image AS image, VERSION() AS version",
  );
  if (Number(kept?.["is_on"]) !== 1) return "log_bin is off in the server";
  // Its transactions begin with a GTID in the place of a statement with the number of its connection.
  if (isMariadb(String(kept?.["version"]))) return "the log of MariaDB does not say who changed a row";
  if (kept?.["format"] !== "ROW") return "binlog_format is not ROW in the server";
  if (kept?.["image"] !== "FULL") return "binlog_row_image is not FULL in the server";
  return (await logPlace(access)) ?? "the server tells of no log";
}

/** The end of the log as it is now; null where there is none. */
export async function logPlace(access: MysqlAccess): Promise<LogPlace | null> {
  const [end] = await status(access);
  return end === undefined ? null : { file: String(end["File"]), position: Number(end["Position"]) };
}

/** Servers before 8.2 know the second word alone. */
const status = (access: MysqlAccess) =>
  access.query("SHOW BINARY LOG STATUS").catch((error: unknown) => {
    if ((error as { code?: string }).code !== "ER_PARSE_ERROR") throw error;
    return access.query("SHOW MASTER STATUS");
  });

/**
 * What the log of a server tells of the time between two places.
 * @throws UnreadableLog where that is not all
 */
export async function readLog(
  { server, account }: LoggedServer,
  from: LogPlace,
  to: LogPlace,
): Promise<Act[]> {
  if (from.file === to.file && from.position === to.position) return [];
  const connection = await createConnection({ ...server, ...account, connectTimeout: 5_000 });
  try {
    // Else a server that writes checksums gives nothing away; older ones know the second name.
    await connection.query(
      "SET @source_binlog_checksum = @@GLOBAL.binlog_checksum, @master_binlog_checksum = @@GLOBAL.binlog_checksum",
    );
    // mysql2 drops what it does not know of an event: from here on its connection is read by ourselves.
    const { stream } = (connection as unknown as { connection: { stream: Socket } }).connection;
    stream.removeAllListeners("data");
    return await actsIn(stream, from, to);
  } finally {
    connection.destroy();
  }
}

/** Asks for the log from a place on and reads it up to another. */
function actsIn(stream: Socket, from: LogPlace, to: LogPlace): Promise<Act[]> {
  const { promise, resolve, reject } = Promise.withResolvers<Act[]>();
  const acts: Act[] = [];
  const reader = new BinlogReader();
  const packets = new Packets();
  let isLast = from.file === to.file;
  let bytes = 0;
  const take = (payload: Buffer): boolean => {
    const event = eventIn(payload);
    if (event === null) throw new UnreadableLog("it ends before the place that the server gave as its end");
    // A checksum may follow the name.
    if (event[4] === rotate) {
      isLast = event.toString("latin1", 19 + 8).startsWith(to.file);
      return false;
    }
    const act = reader.read(event);
    if (act !== null) acts.push(act);
    return isLast && event.readUInt32LE(13) >= to.position;
  };
  const late = setTimeout(() => reject(new UnreadableLog(`it was not read in ${readMs / 1000} s`)), readMs);
  stream.on("data", (chunk: Buffer) => {
    try {
      bytes += chunk.length;
      if (bytes > mostBytes) throw new UnreadableLog(`it is longer than ${mostBytes / 1024 / 1024} MiB`);
      if (packets.push(chunk).some(take)) resolve(acts);
    } catch (error) {
      reject(error);
    }
  });
  stream.once("close", () => reject(new UnreadableLog("the server closed the connection")));
  stream.write(dumpCommand(from));
  return promise.finally(() => clearTimeout(late));
}

const rotate = 4;
const comBinlogDump = 0x12;
/** Ends where the log ends, in place of waiting for more. */
const nonBlock = 0x01;

function dumpCommand({ file, position }: LogPlace): Buffer {
  const payload = Buffer.alloc(11 + Buffer.byteLength(file));
  payload.writeUInt8(comBinlogDump, 0);
  payload.writeUInt32LE(position, 1);
  payload.writeUInt16LE(nonBlock, 5);
  // Server id 0: no replica, which the server would keep a place for.
  payload.write(file, 11);
  const header = Buffer.alloc(4);
  header.writeUIntLE(payload.length, 0, 3);
  return Buffer.concat([header, payload]);
}

/** The event in a packet of the server; null at the end. @throws UnreadableLog with the server's words */
function eventIn(payload: Buffer): Buffer | null {
  if (payload[0] === 0xfe && payload.length < 9) return null;
  if (payload[0] === 0xff) throw new UnreadableLog(payload.toString("utf8", 9));
  return payload.subarray(1);
}

const longest = 0xffffff;

/** Cuts what the server sends into the payloads of its packets; one of the greatest length goes on in the next. */
class Packets {
  #rest: Buffer[] = [];
  #length = 0;

  push(chunk: Buffer): Buffer[] {
    this.#rest.push(chunk);
    this.#length += chunk.length;
    const found: Buffer[] = [];
    for (let next = this.#next(); next !== null; next = this.#next()) found.push(next);
    return found;
  }

  #next(): Buffer | null {
    const parts: Buffer[] = [];
    let at = 0;
    for (;;) {
      if (this.#length < at + 4) return null;
      if ((this.#rest[0] as Buffer).length < this.#length && this.#needsMore(at)) return null;
      const all = this.#joined();
      const size = all.readUIntLE(at, 3);
      if (all.length < at + 4 + size) return null;
      parts.push(all.subarray(at + 4, at + 4 + size));
      at += 4 + size;
      if (size < longest) break;
    }
    this.#rest = [this.#joined().subarray(at)];
    this.#length -= at;
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
  }

  /** Joined only where a packet is whole: else a long one would be copied with every chunk. */
  #needsMore(at: number): boolean {
    const first = this.#rest[0] as Buffer;
    return first.length >= at + 4 && this.#length < at + 4 + first.readUIntLE(at, 3);
  }

  #joined(): Buffer {
    if (this.#rest.length > 1) this.#rest = [Buffer.concat(this.#rest)];
    return this.#rest[0] as Buffer;
  }
}
