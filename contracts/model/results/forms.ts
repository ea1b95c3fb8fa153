import type { ResultFormat } from "../../operations/jobs.ts";
import type { Value } from "../../values.ts";

/** Result rows in the formats that are text: what each of them is, to the byte. */

/** A cell as a format carries it; integers that a double cannot hold are bigints. */
export type Cell = Value | bigint;
export type Cells = readonly (readonly Cell[])[];

export type TextFormat = Extract<ResultFormat, "json" | "csv" | "tsv">;

export const isText = (format: ResultFormat): format is TextFormat => Object.hasOwn(lines, format);

const lines: Readonly<Record<TextFormat, (row: readonly Cell[]) => string>> = {
  json: (row) => `[${row.map(jsonCell).join(",")}]\n`,
  csv: (row) => `${row.map(csvCell).join(",")}\n`,
  tsv: (row) => `${row.map(tsvCell).join("\t")}\n`,
};

const jsonCell = (cell: Cell): string => (typeof cell === "bigint" ? String(cell) : JSON.stringify(cell));

function csvCell(cell: Cell): string {
  if (cell === null) return "";
  const text = String(cell);
  const isQuoted = text === "" || /["\r\n,]/.test(text);
  return isQuoted ? `"${text.split('"').join('""')}"` : text;
}

function tsvCell(cell: Cell): string {
  if (cell === null) return String.raw`\N`;
  return String(cell)
    .replaceAll("\\", String.raw`\\`)
    .replaceAll("\t", String.raw`\t`)
    .replaceAll("\n", String.raw`\n`)
    .replaceAll("\r", String.raw`\r`);
}

const written = new WeakMap<Cells, Map<string, Buffer>>();

/** The whole file. The rows of one scenario are asked for again and again. */
export function bytesAs(rows: Cells, format: TextFormat, names: readonly string[] | null): Buffer {
  const known = written.get(rows) ?? new Map<string, Buffer>();
  written.set(rows, known);
  const key = JSON.stringify([format, names]);
  const bytes = known.get(key) ?? Buffer.from(textOf(rows, format, names));
  known.set(key, bytes);
  return bytes;
}

/** The same as a text. */
export const textOf = (rows: Cells, format: TextFormat, names: readonly string[] | null): string =>
  [...(names === null ? [] : [names]), ...rows].map(lines[format]).join("");

/** How many rows a file of this format has; null where it has an end in the middle of one. */
export const rowsOfText: Readonly<Record<TextFormat, (text: string) => number | null>> = {
  json: (text) => linesIn(text),
  tsv: (text) => linesIn(text),
  // Line feeds within quotes belong to a cell.
  csv: (text) => linesIn(text.replace(/"[^"]*"/g, "")),
};

const linesIn = (text: string): number | null =>
  text === "" || text.endsWith("\n") ? text.split("\n").length - 1 : null;
