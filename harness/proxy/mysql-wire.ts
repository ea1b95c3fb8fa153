import type { Written } from "../../contracts/in-process.ts";

/**
 * As much of MySQL's protocol as a proxy must know (MySQL internals manual, client/server protocol): packets of three
 * bytes of length, one of sequence and a payload; a command begins with sequence 0; a reply is OK, ERR or a result set.
 */
export interface Packet {
  /** Header and payload as they came. */
  raw: Buffer;
  sequence: number;
  payload: Buffer;
}

const headerLength = 4;
const empty = Buffer.alloc(0);

/** Cuts one direction of a connection into packets. */
export class PacketReader {
  #rest: Buffer = empty;

  /** Gives out what has come and is no whole packet, for whoever reads no more packets. */
  takeRest(): Buffer {
    const rest = this.#rest;
    this.#rest = empty;
    return rest;
  }

  *push(chunk: Buffer): Generator<Packet> {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (this.#rest.length >= headerLength) {
      const end = headerLength + this.#rest.readUIntLE(0, 3);
      if (this.#rest.length < end) return;
      const raw = this.#rest.subarray(0, end);
      this.#rest = this.#rest.subarray(end);
      yield { raw, sequence: raw[3] as number, payload: raw.subarray(headerLength) };
    }
  }
}

/** The connection's id in the first packet of a server: behind a version and a text that ends with a zero. */
export function threadIn(greeting: Buffer): number {
  const at = greeting.indexOf(0, headerLength + 1) + 1;
  return at > 0 && greeting.length >= at + 4 ? greeting.readUInt32LE(at) : 0;
}

const comQuery = 0x03;

/** A statement with a label in a comment before it: whose it is and, after `job:`, about which job. */
export interface Labelled {
  operation: string;
  job: string | null;
  /** The statement behind the label. */
  sql: string;
}

/** As far as a label and the first words of a statement reach. */
const looked = 400;

/** The labelled statement in a packet of a client, or null for whatever else it is. */
export function labelOf({ sequence, payload }: Packet): Labelled | null {
  if (sequence !== 0 || payload[0] !== comQuery) return null;
  // Where the client knows query attributes, two bytes say first that there are none.
  const text = payload.toString("utf8", payload[1] === 0 ? 3 : 1, looked);
  const found = /^\/\* ([\w.-]+)(?: job:(\d+))? \*\/ ?/.exec(text);
  return found === null
    ? null
    : { operation: found[1] as string, job: found[2] ?? null, sql: text.slice(found[0].length) };
}

const firstWord = /^(?:\s+|\/\*[\s\S]*?\*\/)*([a-z]+)/i;
const writing = new Set("INSERT UPDATE DELETE REPLACE LOAD CREATE DROP ALTER RENAME TRUNCATE".split(" "));

/** Whether a statement changes something, by its first word. */
export const isWrite = (sql: string): boolean => writing.has((firstWord.exec(sql)?.[1] ?? "").toUpperCase());

const writes =
  /^(?:\s+|\/\*[\s\S]*?\*\/)*(INSERT|REPLACE|UPDATE|DELETE)\s+(?:IGNORE\s+)?(?:INTO\s+|FROM\s+)?`?(\w+)/i;

/**
 * What a statement does to a table, as far as its text tells: how long the row is that an UPDATE changes nobody knows here, so that
 * it needs room, as where rows are large. Null for one that changes no rows.
 */
export function writtenIn(sql: string): Written | null {
  const [, verb, table] = writes.exec(sql) ?? [];
  if (verb === undefined || table === undefined) return null;
  const needsRoom = verb.toUpperCase() !== "DELETE";
  return { table, needsRoom: () => needsRoom };
}

/** A statement as the client of `like`, a statement of its own, would send it. */
export function statementLike({ payload }: Packet, sql: string): Buffer {
  const head = payload[1] === 0 ? payload.subarray(0, 3) : payload.subarray(0, 1);
  return packetOf(0, Buffer.concat([head, Buffer.from(sql)]));
}

interface Refusal {
  sqlState: string;
  message: string;
}

/** A server's refusal: of a statement (sequence 1), or of a connection that it does not greet (sequence 0). */
export function refusalPacket(sequence: number, errno: number, { sqlState, message }: Refusal): Buffer {
  const head = Buffer.alloc(3);
  head[0] = err;
  head.writeUInt16LE(errno, 1);
  return packetOf(sequence, Buffer.concat([head, Buffer.from(`#${sqlState}${message}`)]));
}

function packetOf(sequence: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(headerLength);
  head.writeUIntLE(payload.length, 0, 3);
  head[3] = sequence;
  return Buffer.concat([head, payload]);
}

const deprecateEof = 1 << 24;
const ssl = 1 << 11;

/** What a client asked for in its answer to the greeting. `encrypted`: nothing that follows can be read. */
export function capabilitiesOf({ payload }: Packet): { deprecateEof: boolean; encrypted: boolean } {
  const flags = payload.length >= 4 ? payload.readUInt32LE(0) : 0;
  return { deprecateEof: (flags & deprecateEof) !== 0, encrypted: (flags & ssl) !== 0 };
}

const ok = 0x00;
const err = 0xff;
const eof = 0xfe;
/** An EOF packet is short; a row may begin with the same byte. */
const eofLimit = 9;
/** What is longer goes on in the next packet, which begins with any byte. */
const longestPayload = 0xff_ffff;

/** Follows the reply to one statement until it is whole. */
export class ReplyFollower {
  readonly #deprecateEof: boolean;
  #packets = 0;
  #columns = 0;
  #eofs = 0;
  #goesOn = false;

  constructor(isEofDeprecated: boolean) {
    this.#deprecateEof = isEofDeprecated;
  }

  /** What the reply is after this packet: not whole yet, or whole and a success or a refusal. */
  take({ payload }: Packet): "partial" | "ok" | "error" {
    const first = payload[0];
    const isContinued = this.#goesOn;
    this.#goesOn = payload.length === longestPayload;
    if (isContinued) return "partial";
    this.#packets += 1;
    if (first === err) return "error";
    if (this.#packets === 1) {
      if (first === ok) return "ok";
      this.#columns = first ?? 0;
      return "partial";
    }
    if (this.#deprecateEof) {
      const behindColumns = this.#packets > this.#columns + 1;
      return behindColumns && first === eof ? "ok" : "partial";
    }
    if (first === eof && payload.length < eofLimit) this.#eofs += 1;
    return this.#eofs === 2 ? "ok" : "partial";
  }
}
