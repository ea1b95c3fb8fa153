import { gunzipSync } from "node:zlib";
import { Decoder } from "@msgpack/msgpack";
import { isMsgpackWithin } from "../../bounds/msgpack.ts";
import { type ImportCounts, mostNestedInPart, mostUnpackedPartBytes } from "../../operations/bulk-import.ts";

/** What a perform has to find in the parts of a session, read apart from whoever performs it. */

/** @param parts their contents in base64, by name */
export function countsOf(parts: ReadonlyMap<string, unknown>): ImportCounts {
  const read = [...parts.values()].map((content) => recordsIn(String(content)));
  const readable = read.filter((part) => part !== null);
  const sum = (of: "valid" | "wrong") => readable.reduce((before, part) => before + part[of], 0);
  return {
    valid_records: sum("valid"),
    error_records: sum("wrong"),
    valid_parts: readable.length,
    error_parts: read.length - readable.length,
  };
}

/** Null where the part cannot be read to its end: then nothing in it counts. */
function recordsIn(content: string): { valid: number; wrong: number } | null {
  const counts = { valid: 0, wrong: 0 };
  try {
    const unpacked = gunzipSync(Buffer.from(content, "base64"), { maxOutputLength: mostUnpackedPartBytes });
    if (!isMsgpackWithin(unpacked, mostNestedInPart)) return null;
    for (const record of new Decoder({ useBigInt64: true }).decodeMulti(unpacked))
      counts[isValid(record) ? "valid" : "wrong"] += 1;
    return counts;
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
