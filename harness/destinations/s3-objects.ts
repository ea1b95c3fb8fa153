import { gzipSync } from "node:zlib";
import type { S3Format } from "../../contracts/destinations/s3.ts";
import type { Column, Row, Value } from "../../contracts/values.ts";
import type { Source } from "./destination.ts";

/** Objects of a bucket, in the formats of exports. */

interface Format {
  write: (source: Source) => string;
  /** @throws where it is not in this format, or has other columns */
  read: (text: string, columns: readonly Column[]) => Row[];
}

const linesIn = (text: string): string[] => {
  if (text !== "" && !text.endsWith("\n")) throw new Error("the last line has no end");
  return text.split("\n").slice(0, -1);
};

const escapes: Readonly<Record<string, string>> = { t: "\t", n: "\n", r: "\r", "\\": "\\" };
const written = (value: Value | undefined): string =>
  value === null || value === undefined
    ? "\\N"
    : String(value).replace(
        /[\t\n\r\\]/g,
        (sign) => `\\${Object.keys(escapes).find((name) => escapes[name] === sign)}`,
      );

/** Which numbers a column has as such: other ones have more digits, and are texts. */
const numbers: Readonly<Record<string, (value: number) => boolean>> = {
  bigint: Number.isSafeInteger,
  double: Number.isFinite,
};

function cellIn(text: string, type: string): Value {
  if (text === "\\N") return null;
  const plain = text.replace(/\\(.)/g, (_, sign: string) => {
    const meant = escapes[sign];
    if (meant === undefined) throw new Error("an unknown escape");
    return meant;
  });
  const value = Number(plain);
  // A double may be written in several ways: 1, 1.0, 1e0.
  const isWritten = type === "double" ? plain.trim() === plain && plain !== "" : String(value) === plain;
  return numbers[type]?.(value) === true && isWritten ? value : plain;
}

const formats: Readonly<Record<S3Format, Format>> = {
  "jsonl.gz": {
    write: ({ columns, rows }) =>
      rows
        .map((row) => `${JSON.stringify(Object.fromEntries(columns.map(([name], i) => [name, row[i]])))}\n`)
        .join(""),
    read: (text, columns) =>
      linesIn(text).map((line) => {
        const fields = JSON.parse(line) as Record<string, Value>;
        // The fields of an object have no order.
        const cells = columns.flatMap(([name]) =>
          Object.hasOwn(fields, name) ? [[name, fields[name] as Value] as const] : [],
        );
        return cellsOf(cells.length === Object.keys(fields).length ? cells : [], columns);
      }),
  },
  "tsv.gz": {
    write: ({ columns, rows }) =>
      [columns.map(([name]) => name), ...rows].map((row) => `${row.map(written).join("\t")}\n`).join(""),
    read: (text, columns) => {
      const [head = "", ...lines] = linesIn(text);
      const names = head.split("\t");
      return lines.map((line) => {
        const cells = line.split("\t").map((cell, i) => cellIn(cell, columns[i]?.[1] ?? ""));
        return cellsOf(
          cells.map((cell, i) => [names[i] ?? "", cell]),
          columns,
        );
      });
    },
  },
};

function cellsOf(fields: readonly (readonly [string, Value])[], columns: readonly Column[]): Row {
  if (fields.length !== columns.length || fields.some(([name], i) => name !== columns[i]?.[0]))
    throw new Error("other columns");
  return fields.map(([, value]) => value);
}

export const objectOf = (source: Source, format: S3Format): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(gzipSync(formats[format].write(source)));

export const rowsInObject = (text: string, columns: readonly Column[], format: S3Format): Row[] =>
  formats[format].read(text, columns);
