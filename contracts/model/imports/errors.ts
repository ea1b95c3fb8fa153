import { isDeepStrictEqual } from "node:util";
import { gunzipSync } from "node:zlib";
import { Decoder } from "@msgpack/msgpack";
import { isMsgpackWithin } from "../../bounds/msgpack.ts";
import { isFileReply } from "../../exchange.ts";
import { bytesOf, withheldBytes } from "../../file-body.ts";
import {
  enoughErrorBytes,
  errorRecords,
  mostNestedInPart,
  mostUnpackedPartBytes,
} from "../../operations/bulk-import.ts";
import { type ModelCall, show, wrong } from "../call.ts";
import {
  beyondProblem,
  differsFromPart,
  headersProblem,
  learned,
  partProblem,
  type Served,
  unread,
} from "../results/served.ts";
import { errorsOf } from "./counts.ts";

/** The file of the records of a session that are in error. */

/** What was read of it, and its version. */
export interface Seen extends Served {
  etag: string | undefined;
}

const nothing: Seen = { ...unread, etag: undefined };

/** Whether it was answered with the file, a part of it, or that it has no such part. */
export const isFileOf = ({ operation, status }: ModelCall): boolean =>
  operation === errorRecords.id &&
  status !== null &&
  (isFileReply("bulk_import.error_records", status) || status === 416);

/** What is known of it after a right answer. */
export const seenIn = (before: Seen | null, call: ModelCall): Seen => ({
  ...learned(before ?? nothing, call),
  etag: before?.etag ?? (call.status === 416 ? undefined : call.headers?.reply["etag"]),
});

/** What is wrong with an answer about a session of these parts; no parts where nobody knows them. */
export function errorsProblem(
  parts: ReadonlyMap<string, unknown> | null,
  seen: Seen | null,
  call: ModelCall,
): string | null {
  const before = seen ?? nothing;
  const [mediaType] = errorRecords.reply.mediaTypes;
  const problem = headersProblem(mediaType, before.etag, call);
  if (problem !== null) return problem;
  if (call.status === 416) return beyondProblem(before, call);
  if (call.status === 206) return partProblem(before, call);
  return wholeProblem(parts, before, call.reply);
}

function wholeProblem(
  parts: ReadonlyMap<string, unknown> | null,
  before: Seen,
  reply: unknown,
): string | null {
  const withheld = withheldBytes(reply);
  const bytes = withheld === null ? (bytesOf(reply) ?? Buffer.alloc(0)) : null;
  const size = withheld ?? bytes?.length;
  const isOther = bytes !== null && before.whole?.equals(bytes) === false;
  if (isOther || (before.size ?? size) !== size) return "the file is not as it was read before";
  if (bytes === null) return null;
  const unpacked = unpackedFrom(bytes);
  if (unpacked === null) return `the file is no one gzip of whole msgpack values: ${show(reply)}`;
  const records = [...new Decoder({ useBigInt64: true }).decodeMulti(unpacked)];
  return (
    differsFromPart(before, bytes) ??
    (parts === null ? null : difference(errorsOf(parts), records, unpacked.byteLength))
  );
}

/** Null also where gzip has several members, of which Ruby's clients read the first: the end tells the length of the last. */
function unpackedFrom(packed: Buffer): Buffer | null {
  try {
    const bytes = gunzipSync(packed, { maxOutputLength: mostUnpackedPartBytes * 2 });
    const isOne = packed.readUInt32LE(packed.length - 4) === bytes.length;
    return isOne && isMsgpackWithin(bytes, mostNestedInPart) ? bytes : null;
  } catch {
    return null;
  }
}

/** A file may end early once it has come to enough bytes. */
function difference(expected: readonly unknown[], got: readonly unknown[], size: number): string | null {
  const at = got.findIndex((record, i) => i >= expected.length || !isSame(expected[i], record));
  if (at >= 0) {
    const right = at < expected.length ? print(expected[at]) : "none";
    return `error record ${at + 1}: expected ${right}, got ${print(got[at])}`;
  }
  const isWhole = got.length === expected.length || size >= enoughErrorBytes;
  return isWhole ? null : wrong("error records", expected.length, got.length);
}

/** An integer may be packed in any width. */
const isSame = (a: unknown, b: unknown): boolean => isDeepStrictEqual(plain(a), plain(b));

function plain(value: unknown): unknown {
  if (typeof value === "bigint" && Number.isSafeInteger(Number(value))) return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one)]));
}

/** JSON has no bigint. */
const print = (value: unknown): string =>
  show(
    JSON.parse(
      JSON.stringify(value, (_, one: unknown) => (typeof one === "bigint" ? String(one) : one)) ?? '""',
    ),
  );
