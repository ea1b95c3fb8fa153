import type { Scenario } from "../../schedule/scenario.ts";
import type { SourceTable } from "../../schedule/source-table.ts";
import { deletedRange, exportedRange } from "../../schedule/statements.ts";

/** Small scenarios, one a kind of promise. */

export const source: SourceTable = {
  name: "source_rows",
  columns: [
    ["id", "bigint"],
    ["name", "string"],
  ],
  rows: [
    [1, "a"],
    [2, "b"],
  ],
};

export const insertInto: Scenario = {
  name: "insert-into",
  source,
  statement: { kind: "insert-into" },
  output: null,
  ending: "success",
  promise: "the rows are in the table",
};

export const createTable: Scenario = {
  ...insertInto,
  name: "create-table",
  statement: { kind: "create-table" },
};

/** Rows of before, in and behind the range that is deleted. */
export const partialDelete: Scenario = {
  ...insertInto,
  name: "partial-delete",
  source: {
    name: "visits",
    columns: [
      ["time", "bigint"],
      ["name", "string"],
    ],
    rows: [
      [deletedRange.from - 1, "a"],
      [deletedRange.from, "b"],
      [deletedRange.to - 1, "b"],
      [deletedRange.to, "c"],
    ],
  },
  statement: { kind: "partial-delete" },
};

/** The same of a range that is exported. */
export const tableExport: Scenario = {
  ...partialDelete,
  name: "export",
  source: {
    ...partialDelete.source,
    rows: [
      [exportedRange.from - 1, "a"],
      [exportedRange.from, "b"],
      [exportedRange.to - 1, "b"],
      [exportedRange.to, "c"],
    ],
  },
  statement: { kind: "export" },
  output: { kind: "s3" },
};

export const load: Scenario = {
  ...insertInto,
  name: "data-connector",
  statement: { kind: "data-connector" },
  output: { kind: "s3", holds: "records" },
};

export const select: Scenario = { ...insertInto, name: "no-output", statement: { kind: "select" } };

export const web: Scenario = { ...select, name: "web", output: { kind: "web" } };

export const intoTable: Scenario = { ...select, name: "td-append", output: { kind: "td" } };

export const before = [[7, "old"]] as const;

export const append: Scenario = {
  ...select,
  name: "mysql-append",
  output: { kind: "mysql", mode: "append", before },
};

export const replace: Scenario = {
  ...select,
  name: "mysql-replace",
  output: { kind: "mysql", mode: "replace", before },
};

export const destinationRefuses: Scenario = {
  ...web,
  name: "destination-refuses",
  output: { kind: "web", refuses: true },
  ending: "success",
};

export const queryFails: Scenario = { ...web, name: "query-fails", ending: "error" };

export const endless: Scenario = {
  ...web,
  name: "killed",
  statement: { kind: "endless" },
  ending: "killed",
};

export const badDestination: Scenario = {
  ...select,
  name: "bad-destination",
  output: { kind: "invalid", url: "mysql://?" },
  ending: "refused",
};

/** A destination that is good, of a job that must be refused all the same. */
export const refusedAppend: Scenario = { ...append, name: "refused-append", ending: "refused" };

export const all: readonly Scenario[] = [
  insertInto,
  createTable,
  partialDelete,
  select,
  web,
  append,
  replace,
  queryFails,
  endless,
  badDestination,
  refusedAppend,
];
