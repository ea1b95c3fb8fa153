import { gunzipSync } from "node:zlib";
import { Decoder } from "@msgpack/msgpack";
import { isMsgpackWithin } from "../../bounds/msgpack.ts";
import { type ImportCounts, mostNestedInPart, mostUnpackedPartBytes } from "../../operations/bulk-import.ts";

/** What a perform has to find in the parts of a session, read apart from whoever performs it. */

/** @param parts their contents in base64, by name */
export function countsOf(parts: ReadonlyMap<string, unknown>): ImportCounts {
  const read = [...parts.values()].map((content) => recordsIn(String(content)));
  const readable = read.filter((part) => part !== null);
  const errors = readable.reduce((before, part) => before + part.wrong.length, 0);
  return {
    valid_records: readable.reduce((before, part) => before + part.valid, 0),
    error_records: errors,
    valid_parts: readable.length,
    error_parts: read.length - readable.length,
  };
}

/** The records in error, as values, in order of their parts' names. */
export const errorsOf = (parts: ReadonlyMap<string, unknown>): unknown[] =>
  [...parts.keys()].sort().flatMap((name) => recordsIn(String(parts.get(name)))?.wrong ?? []);

/** Null where the part cannot be read to its end: then nothing in it counts. */
function recordsIn(content: string): { valid: number; wrong: unknown[] } | null {
  const found = { valid: 0, wrong: [] as unknown[] };
  try {
    const unpacked = gunzipSync(Buffer.from(content, "base64"), { maxOutputLength: mostUnpackedPartBytes });
    if (!isMsgpackWithin(unpacked, mostNestedInPart)) return null;
    for (const record of new Decoder({ useBigInt64: true }).decodeMulti(unpacked))
      if (isValid(record)) found.valid += 1;
      else found.wrong.push(record);
    return found;
  } catch {
    return null;
  }
}

function isValid(record: unknown): boolean {
  if (typeof record !== "object" || record === null) return false;
  if (Object.getPrototypeOf(record) !== Object.prototype) return false;
  const { time } = record as { time?: unknown };
  const isTimed = typeof time === "bigint" || Number.isInteger(time);
  return isTimed && Object.values(record).every(isScalar);
}

function isScalar(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  return value === null || ["bigint", "string", "boolean"].includes(typeof value);
}
