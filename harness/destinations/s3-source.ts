import { gzipSync } from "node:zlib";
import type { Column, Row, Value } from "../../contracts/values.ts";
import type { HeldObject, Source } from "./destination.ts";

/** What a bucket holds for a load of Data Connector. */

/** The parts whose names begin with the prefix. */
const parts = 3;

/**
 * The rows in several objects below the prefix, and one beside it whose name begins alike. Null is left out of records, but in
 * the first object; integers are numbers, however wide. The last object is of two gzip members, as `cat a.gz b.gz` makes one.
 *
 * @param isBroken the second object is cut off
 */
export function objectsBelow(
  prefix: string,
  { columns, rows }: Source,
  isBroken: boolean,
): { own: HeldObject[]; beside: HeldObject[] } {
  const size = Math.ceil(rows.length / parts);
  const own = Array.from({ length: parts }, (_, i) => {
    const some = rows.slice(i * size, (i + 1) * size);
    const body = i === parts - 1 ? inMembers(columns, some) : packed(columns, some, i === 0);
    const name = `${prefix}part_${i + 1}.jsonl.gz`;
    return isBroken && i === 1 ? { name, body: body.subarray(0, -12), rows: [] } : { name, body, rows: some };
  });
  const alike = `${prefix.replace(/\/$/, "")}0/part_1.jsonl.gz`;
  const others: Row[] = [columns.map(([, type]) => (type === "bigint" ? 7 : null))];
  return { own, beside: [{ name: alike, body: packed(columns, others, true), rows: others }] };
}

const packed = (
  columns: readonly Column[],
  rows: readonly Row[],
  hasNulls: boolean,
): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(gzipSync(rows.map((row) => `${lineOf(columns, row, hasNulls)}\n`).join("")));

/** The second one has the last row, whatever there is. */
function inMembers(columns: readonly Column[], rows: readonly Row[]): Uint8Array<ArrayBuffer> {
  const half = Math.floor(rows.length / 2);
  const members = [rows.slice(0, half), rows.slice(half)].map((some) => packed(columns, some, false));
  return Uint8Array.from(members.flatMap((member) => [...member]));
}

function lineOf(columns: readonly Column[], row: Row, hasNulls: boolean): string {
  const fields = columns.flatMap(([name, type], i) => {
    const value = row[i] ?? null;
    return value === null && !hasNulls ? [] : [`${JSON.stringify(name)}:${written(value, type)}`];
  });
  return `{${fields.join(",")}}`;
}

const written = (value: Value, type: string): string =>
  type === "bigint" && typeof value === "string" ? value : JSON.stringify(value);
