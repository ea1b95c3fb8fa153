import { gunzipSync } from "node:zlib";
import { decodeMulti } from "@msgpack/msgpack";
import { isMsgpackWithin } from "../../bounds/msgpack.ts";
import { wideDigits } from "../../bounds/wide-integers.ts";
import type { ResultFormat } from "../../operations/jobs.ts";
import { show, wrong } from "../call.ts";
import type { Cell, Cells } from "./forms.ts";

/** Result rows as they are read from the formats that keep their types. */

/** The largest file that is unpacked: a small one may unpack to any size. */
const mostUnpackedBytes = 256 * 1024 * 1024;
/** Rows are lists of scalars; what is in them besides is shown as it is. */
const mostNested = 100;
const mostValues = 10_000_000;

type Reader = (bytes: Buffer) => unknown[];

const readers: Partial<Record<ResultFormat, Reader>> = {
  json: (bytes) => {
    const lines = bytes.toString("utf8").split("\n");
    if (lines.at(-1) === "") lines.pop();
    return lines.map(
      (line) => JSON.parse(line, exact as (key: string, value: unknown) => unknown) as unknown,
    );
  },
  msgpack: unpacked,
  "msgpack.gz": (bytes) => unpacked(gunzipSync(bytes, { maxOutputLength: mostUnpackedBytes })),
};

function unpacked(bytes: Buffer): unknown[] {
  if (!isMsgpackWithin(bytes, mostNested, mostValues))
    throw new Error(`it ends too soon, is nested too deep or has more than ${mostValues} values`);
  return [...decodeMulti(bytes, { useBigInt64: true })];
}

/** An integer of more digits than a double has. */
function exact(_key: string, value: unknown, { source }: { source?: string }): unknown {
  const digits = wideDigits(value, source);
  return digits === null ? value : BigInt(digits);
}

/** The rows in a file; a text says why there are none. Null for formats that do not keep types. */
export function cellsIn(format: ResultFormat, bytes: Buffer): Cells | string | null {
  const read = readers[format];
  if (read === undefined) return null;
  try {
    const rows = read(bytes);
    const strange = rows.findIndex((row) => !Array.isArray(row) || !row.every(isCell));
    return strange < 0
      ? (rows as Cells)
      : `row ${strange + 1} of the result is none: ${print(rows[strange])}`;
  } catch (error) {
    return `the result cannot be read as ${format}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

const isCell = (value: unknown): value is Cell =>
  value === null || ["string", "number", "boolean", "bigint"].includes(typeof value);

/** Where two results differ; null where they hold the same. */
export function difference(expected: Cells, got: Cells): string | null {
  if (got.length !== expected.length) return wrong("rows of the result", expected.length, got.length);
  for (const [i, row] of expected.entries()) {
    const other = got[i] ?? [];
    if (row.length !== other.length || row.some((cell, column) => !isSame(cell, other[column] as Cell)))
      return `row ${i + 1} of the result: expected ${print(row)}, got ${print(other)}`;
  }
  return null;
}

/** Equal numbers may be packed as integers of any width, or as doubles. */
const isSame = (a: Cell, b: Cell): boolean =>
  a === b || (typeof a !== typeof b && isNumber(a) && isNumber(b) && Number(a) === Number(b));

const isNumber = (cell: Cell): boolean => typeof cell === "number" || typeof cell === "bigint";

/** JSON has no bigint. */
const print = (value: unknown): string =>
  show(JSON.parse(JSON.stringify(value, (_, one: unknown) => (typeof one === "bigint" ? String(one) : one))));
