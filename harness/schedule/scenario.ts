import type { MysqlMode } from "../../contracts/destination.ts";
import type { Column, Row } from "../../contracts/values.ts";

/** One thing that is tried with every engine of every API release: data and pure functions, no I/O. */
export interface Scenario {
  /** Last part of a cell's path; lower-case words joined by hyphens. */
  name: string;
  /** The rows that the query reads, loaded into the account's warehouse before the run. */
  source: SourceTable;
  statement: Statement;
  output: Output | null;
  /** How the job must end; `refused` means that the API must not accept it (422). */
  ending: "success" | "error" | "killed" | "refused";
  /** One sentence for the reader of a red cell: what should have happened. */
  promise: string;
}

export interface SourceTable {
  name: string;
  columns: readonly Column[];
  rows: readonly Row[];
}

export type Statement =
  | { kind: "select" }
  /** A query that runs until somebody kills it. */
  | { kind: "endless" }
  | { kind: "insert-into" }
  | { kind: "create-table" };

export type Output =
  | { kind: "web"; refuses?: boolean }
  | { kind: "mysql"; mode: MysqlMode; unique?: readonly string[]; before?: readonly Row[] }
  /** A destination that the API must refuse, written as it is. */
  | { kind: "invalid"; url: string };

/** The rows that must be at the destination when the job has ended as promised. */
export function expectedAtDestination({ output, ending, source }: Scenario): readonly Row[] {
  if (output === null || output.kind === "invalid") return [];
  const before = output.kind === "mysql" ? (output.before ?? []) : [];
  if (ending !== "success") return before;
  if (output.kind === "web") return source.rows;
  switch (output.mode) {
    case "append":
      return [...before, ...source.rows];
    case "replace":
    case "truncate":
      return source.rows;
    case "update":
      return upsert(before, source, output.unique ?? []);
  }
}

function upsert(before: readonly Row[], source: SourceTable, unique: readonly string[]): readonly Row[] {
  const places = unique.map((name) => source.columns.findIndex(([column]) => column === name));
  const keyOf = (row: Row) => JSON.stringify(places.map((place) => row[place]));
  const merged = new Map(before.map((row) => [keyOf(row), row]));
  for (const row of source.rows) merged.set(keyOf(row), row);
  return [...merged.values()];
}
