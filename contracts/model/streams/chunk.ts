import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { Decoder } from "@msgpack/msgpack";
import { isMsgpackWithin } from "../../bounds/msgpack.ts";
import { columnName, mostColumns, mostDepth, mostUnpackedBytes } from "../../operations/streaming-import.ts";

/** A chunk as the contract has it, read apart from whoever imports it. */
export interface ReadChunk {
  md5: string;
  /** Null where it must be refused. */
  content: {
    records: number;
    /** What each column's values are; `none` where all are null. */
    columns: ReadonlyMap<string, Kind>;
    /** The newest time, in seconds; null where there is no record. */
    last: number | null;
  } | null;
}

/** Each holds the values of those before it. */
export const kinds = ["none", "bigint", "double", "string"] as const;
export type Kind = (typeof kinds)[number];

export const widest = (a: Kind, b: Kind): Kind => (kinds.indexOf(a) < kinds.indexOf(b) ? b : a);

const known = new Map<string, ReadChunk>();

/** @param content in base64, as it stands in a request */
export function chunkIn(content: string): ReadChunk {
  const before = known.get(content);
  if (before !== undefined) return before;
  const bytes = Buffer.from(content, "base64");
  const read = { md5: createHash("md5").update(bytes).digest("hex"), content: contentOf(bytes) };
  if (known.size >= 64) known.clear();
  known.set(content, read);
  return read;
}

function contentOf(bytes: Uint8Array): ReadChunk["content"] {
  const columns = new Map<string, Kind>();
  let records = 0;
  let last: number | null = null;
  try {
    const unpacked = gunzipSync(bytes, { maxOutputLength: mostUnpackedBytes });
    // A record is a map itself.
    if (!isMsgpackWithin(unpacked, 1 + mostDepth)) return null;
    for (const record of new Decoder({ useBigInt64: true }).decodeMulti(unpacked)) {
      const cells = cellsOf(record);
      const time = cells?.get("time");
      if (cells === null || time === undefined) return null;
      for (const [name, value] of cells) {
        const kind = kindOf(value);
        if (kind === null || !columnName.test(name)) return null;
        columns.set(name, widest(columns.get(name) ?? "none", kind));
      }
      if (kindOf(time) !== "bigint" || typeof time === "boolean") return null;
      records += 1;
      last = Math.max(last ?? Number(time), Number(time));
    }
  } catch {
    return null;
  }
  return columns.size > mostColumns ? null : { records, columns, last };
}

const cellsOf = (record: unknown): Map<string, unknown> | null =>
  typeof record === "object" && record !== null && Object.getPrototypeOf(record) === Object.prototype
    ? new Map(Object.entries(record))
    : null;

/** Null for what no column takes. */
function kindOf(value: unknown): Kind | null {
  switch (typeof value) {
    case "string":
      return "string";
    case "boolean":
      return "bigint";
    case "bigint":
      return value < 2n ** 63n ? "bigint" : null;
    case "number":
      if (!Number.isFinite(value)) return null;
      return Number.isInteger(value) ? "bigint" : "double";
    default:
      if (value === null) return "none";
      return isKept(value, mostDepth) ? "string" : null;
  }
}

/** Whether a list or a map, and all that is in it, can be kept as JSON. */
function isKept(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return kindOf(value) !== null;
  const cells = Array.isArray(value) ? value : cellsOf(value)?.values();
  return depth > 0 && cells !== undefined && [...cells].every((cell) => isKept(cell, depth - 1));
}
