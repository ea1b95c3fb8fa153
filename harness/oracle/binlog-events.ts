import { createHash } from "node:crypto";
import type { Act, RowChange } from "../world/acts.ts";

/**
 * As much of MySQL's binary log as it takes to know what was done to which table (MySQL source, libs/mysql/binlog/event):
 * statements, and rows as they were and are. What a row holds is not read: equal bytes are equal rows.
 */

/** A log that cannot be read to its end: what is said of it then would be too little. */
export class UnreadableLog extends Error {
  override name = "UnreadableLog";
}

const headerLength = 19;

const checksumLength = 4;
/** Of a description of the format: when the server was started, in the first log after that, and 0 in the others. */
const createdAt = headerLength + 2 + 50;
/** As a description of the format names it, in front of its own. */
const crc32 = 1;

const types = {
  query: 2,
  format: 15,
  tableMap: 19,
  /** Of both versions of row events. */
  rows: [23, 24, 25, 30, 31, 32],
  update: [24, 31],
  delete: [25, 32],
  /** The second version has a field more. */
  longHeader: 30,
  /** Parts of JSON values, and transactions that are packed: on only where a server is told so. */
  unreadable: [39, 40],
  /** And above: packed ones of MariaDB. */
  packed: 164,
} as const;

interface TableMap {
  table: string;
  columns: readonly Column[];
}

/** How many bytes a value takes. */
type Column = (bytes: Buffer, at: number) => number;

/** Reads the events of a log one after the other, from one that describes their format on. */
export class BinlogReader {
  readonly #tables = new Map<number, TableMap>();
  #thread = 0;
  #life = 0;
  #isBegun = false;
  /** How many bytes of each event are a checksum. */
  #tail = 0;

  /** @returns null for an event that changes nothing. @throws UnreadableLog */
  read(event: Buffer): Act | null {
    const type = event[4] as number;
    if (type === types.format) this.#format(event);
    const body = event.subarray(headerLength, event.length - this.#tail);
    if (type === types.query) return this.#statement(body);
    if (type === types.tableMap) this.#tables.set(body.readUIntLE(0, 6), tableMapOf(body));
    if (isOneOf(types.rows, type)) return this.#rows(type, body);
    if (isOneOf(types.unreadable, type) || type >= types.packed)
      throw new UnreadableLog(`it has events of type ${type}`);
    return null;
  }

  #format(event: Buffer): void {
    this.#tail = event.at(-1 - checksumLength) === crc32 ? checksumLength : 0;
    const isOfAStart = event.readUInt32LE(createdAt) !== 0;
    if (isOfAStart && this.#isBegun) this.#life += 1;
    this.#isBegun = true;
  }

  #statement(body: Buffer): Act {
    this.#thread = body.readUInt32LE(0);
    const databaseAt = 13 + body.readUInt16LE(11);
    const databaseEnd = databaseAt + (body[8] as number);
    const database = body.toString("utf8", databaseAt, databaseEnd);
    const sql = body.toString("utf8", databaseEnd + 1);
    return { kind: "statement", life: this.#life, thread: this.#thread, database, sql };
  }

  #rows(type: number, body: Buffer): Act {
    const map = this.#tables.get(body.readUIntLE(0, 6));
    if (map === undefined) throw new UnreadableLog("it has rows of a table that it does not name");
    const { columns, table } = map;
    let at = 8;
    if (type >= types.longHeader) at += body.readUInt16LE(at);
    at += lengthAt(body, at).size;
    const isUpdate = isOneOf(types.update, type);
    const isDelete = isOneOf(types.delete, type);
    const images = Array.from({ length: isUpdate ? 2 : 1 }, () => {
      const present = columns.filter((_, i) => isSet(body, at, i));
      at += bitmapLength(columns.length);
      return present;
    });
    const next = (present: readonly Column[]): string => {
      const end = endOfRow(present, body, at);
      const row = rowKey(body.subarray(at, end));
      at = end;
      return row;
    };
    const rows: RowChange[] = [];
    while (at < body.length) {
      const first = next(images[0] as Column[]);
      const second = isUpdate ? next(images[1] as Column[]) : null;
      rows.push({ before: isUpdate || isDelete ? first : null, after: isDelete ? null : (second ?? first) });
    }
    return { kind: "rows", life: this.#life, thread: this.#thread, table, rows };
  }
}

const isOneOf = (list: readonly number[], type: number): boolean => list.includes(type);
const bitmapLength = (bits: number): number => (bits + 7) >> 3;
const isSet = (bytes: Buffer, at: number, bit: number): boolean =>
  (((bytes[at + (bit >> 3)] ?? 0) >> (bit & 7)) & 1) === 1;

function endOfRow(present: readonly Column[], bytes: Buffer, start: number): number {
  let at = start + bitmapLength(present.length);
  present.forEach((size, i) => {
    if (!isSet(bytes, start, i)) at += size(bytes, at);
  });
  if (at > bytes.length) throw new UnreadableLog("it has a row that is longer than its event");
  return at;
}

const shortRow = 64;

/** Equal for equal rows. */
const rowKey = (row: Buffer): string =>
  row.length <= shortRow ? row.toString("latin1") : createHash("sha256").update(row).digest("base64");

/** A number of one to nine bytes, as the protocol writes lengths. */
function lengthAt(bytes: Buffer, at: number): { value: number; size: number } {
  const first = bytes[at] as number;
  if (first < 0xfb) return { value: first, size: 1 };
  const size = first === 0xfc ? 2 : first === 0xfd ? 3 : 6;
  return { value: bytes.readUIntLE(at + 1, size), size: first === 0xfe ? 9 : size + 1 };
}

function tableMapOf(body: Buffer): TableMap {
  let at = 8;
  const name = (): string => {
    const { value, size } = lengthAt(body, at);
    const text = body.toString("utf8", at + size, at + size + value);
    at += size + value + 1;
    return text;
  };
  const table = `${name()}.${name()}`;
  const count = lengthAt(body, at);
  const typesAt = at + count.size;
  at = typesAt + count.value;
  at += lengthAt(body, at).size;
  const columns = Array.from({ length: count.value }, (_, i) => {
    const type = body[typesAt + i] as number;
    const length = metadataLength(type);
    const column = columnOf(type, body.subarray(at, at + length));
    at += length;
    return column;
  });
  return { table, columns };
}

/** Types of MySQL's columns as the log numbers them (include/field_types.h); those with values of one length. */
const fixed: Readonly<Record<number, number>> = {
  1: 1,
  2: 2,
  3: 4,
  4: 4,
  5: 8,
  6: 0,
  7: 4,
  8: 8,
  9: 3,
  10: 3,
  11: 3,
  12: 8,
  13: 1,
  14: 3,
};

/** Times with fractions of seconds: what they take without. */
const withFraction: Readonly<Record<number, number>> = { 17: 4, 18: 5, 19: 3 };

const varchar = 15;
const bit = 16;
const decimal = 246;
const enumOrSet: readonly number[] = [247, 248];
const strings: readonly number[] = [253, 254];
/** VECTOR, JSON, the four BLOBs and TEXTs, GEOMETRY. */
const blobs: readonly number[] = [242, 245, 249, 250, 251, 252, 255];

function metadataLength(type: number): number {
  if (type === 4 || type === 5 || type in withFraction || blobs.includes(type)) return 1;
  return type === varchar || type === bit || type === decimal || [...enumOrSet, ...strings].includes(type)
    ? 2
    : 0;
}

function columnOf(type: number, metadata: Buffer): Column {
  const [first = 0, second = 0] = metadata;
  const always = fixed[type];
  if (always !== undefined) return () => always;
  const whole = withFraction[type];
  if (whole !== undefined) return () => whole + ((first + 1) >> 1);
  if (blobs.includes(type)) return prefixed(first);
  if (type === varchar) return prefixed(metadata.readUInt16LE(0) > 255 ? 2 : 1);
  if (type === bit) return () => second + (first > 0 ? 1 : 0);
  if (type === decimal) return () => decimalLength(first - second) + decimalLength(second);
  if (enumOrSet.includes(type)) return () => second;
  if (strings.includes(type)) return stringOf(first, second);
  throw new UnreadableLog(`it has columns of type ${type}`);
}

const prefixed =
  (size: number): Column =>
  (bytes, at) =>
    size + bytes.readUIntLE(at, size);

/** A CHAR, or an ENUM or SET in its guise; the two highest bits of a length hide in the type. */
function stringOf(type: number, low: number): Column {
  if (enumOrSet.includes(type)) return () => low;
  const high = (type & 0x30) === 0x30 ? 0 : ((type & 0x30) ^ 0x30) << 4;
  return prefixed((low | high) > 255 ? 2 : 1);
}

const decimalDigits = 9;
const restBytes = [0, 1, 1, 2, 2, 3, 3, 4, 4] as const;
const decimalLength = (digits: number): number =>
  Math.floor(digits / decimalDigits) * 4 + (restBytes[digits % decimalDigits] as number);
