import { z } from "zod";
import type { OperationId } from "../../contracts/operations.ts";
import { type LoadMode, worded } from "../../contracts/worded-jobs.ts";
import { readingOf, type SourceTable } from "./source-table.ts";

/** What every Partial Delete deletes, of whatever table: from 2019-09-04, 06:00, up to 2020-10-08, 08:00: more than a year. */
export const deletedRange = { from: 1_567_576_800, to: 1_602_144_000 } as const;

/** What every Export writes of its table: not whole hours, so that a bound that is moved to one shows. */
export const exportedRange = { from: 1_567_576_801, to: 1_602_143_999 } as const;

/**
 * What a job can do, one entry a kind. The compiler asks for an entry wherever a kind is told apart: here, and where
 * a system in process knows of SQL what it must.
 */
export interface StatementKind {
  /**
   * The SQL that does it. `target` is a name that no other job has; a query that fills no table names it in a comment, or
   * not at all where it is empty. Of an export it is the query whose result is exported.
   */
  query: (source: SourceTable, target: string) => string;
  /**
   * What comes of it in the warehouse: nothing, rows into a table that is there, a table of its own, before the job is
   * ordered, rows that its customer streams into a table that is there, some of the source's rows out of a table that has
   * them all, or nothing in such a table, of which some rows are read.
   */
  effect: "none" | "fills" | "makes" | "streams" | "deletes" | "keeps";
  /** The rows that its customer reads: those of the job itself, those of the job whose result it exports, or none. */
  result: "own" | "exported" | "none";
  /** The call by which its customer orders it. */
  orderedBy: OperationId;
  /** Who makes its table known to the API: the worker at it, its customer beforehand, or nobody. */
  registeredBy: "worker" | "customer" | "nobody";
  /** The seconds of which it deletes or reads the records, where not of all times: `to` is none of them. */
  range?: { readonly from: number; readonly to: number };
  /** How what it reads at its output comes into a table that has rows; absent where it reads nothing there. */
  loads?: LoadMode;
  /** The operations that it takes besides those of every job: an API without one of them cannot be asked for it. */
  takes: readonly OperationId[];
}

export const statementKinds = {
  select: {
    query: (source, target) => `SELECT ${named(target)}${readingOf(source)}`,
    effect: "none",
    result: "own",
    orderedBy: "job.issue",
    registeredBy: "nobody",
    takes: [],
  },
  /** Runs until somebody kills it: every row waits for a second, so it notices a kill soon and would else take minutes. */
  endless: {
    query: ({ name }, target) =>
      `SELECT ${named(target)}SLEEP(1) AS waited FROM ${name} AS a, ${name} AS b, ${name} AS c, ${name} AS d`,
    effect: "none",
    result: "own",
    orderedBy: "job.issue",
    registeredBy: "nobody",
    takes: [],
  },
  /** The same, and it adds rows: what is stopped in the middle of it adds none. */
  "endless-insert": {
    query: ({ name, columns }, target) => {
      const cells = columns.map(([column]) => `a.${column}`).join(", ");
      return `INSERT INTO ${target} SELECT ${cells} FROM ${name} AS a, ${name} AS b, ${name} AS c, ${name} AS d WHERE SLEEP(1) = 0`;
    },
    effect: "fills",
    result: "none",
    orderedBy: "job.issue",
    registeredBy: "nobody",
    takes: [],
  },
  "insert-into": {
    query: (source, target) => `INSERT INTO ${target} SELECT ${readingOf(source)}`,
    effect: "fills",
    result: "none",
    orderedBy: "job.issue",
    registeredBy: "nobody",
    takes: [],
  },
  "create-table": {
    query: (source, target) => `CREATE TABLE ${target} AS SELECT ${readingOf(source)}`,
    effect: "makes",
    result: "none",
    orderedBy: "job.issue",
    registeredBy: "worker",
    takes: ["worker.register_table"],
  },
  /** Reads a table that is not there, under the job's own name: what is said of it is said of no other job. */
  failing: {
    query: (source, target) =>
      `SELECT ${named(target)}${columnsOf(source)} FROM ${target || `missing_${source.name}`}`,
    effect: "none",
    result: "own",
    orderedBy: "job.issue",
    registeredBy: "nobody",
    takes: [],
  },
  "failing-insert": {
    query: (source, target) =>
      `INSERT INTO ${target} SELECT ${columnsOf(source)} FROM missing_${source.name}`,
    effect: "fills",
    result: "none",
    orderedBy: "job.issue",
    registeredBy: "nobody",
    takes: [],
  },
  /** A session of Bulk Import: the job is its commit. The rows of the source are in its parts. */
  "bulk-import": {
    query: (_, target) => worded("bulk_import_commit", { session: target, table: target }),
    effect: "fills",
    result: "none",
    orderedBy: "bulk_import.commit",
    registeredBy: "customer",
    takes: [
      "table.create",
      "bulk_import.create",
      "bulk_import.upload_part",
      "bulk_import.freeze",
      "bulk_import.perform",
      "bulk_import.error_records",
      "bulk_import.commit",
      "bulk_import.show",
      "bulk_import.delete",
      "worker.import_part",
    ],
  },
  /** Its customer streams the rows of the source into a table of theirs, sees them there, and the job reads that table. */
  "streaming-import": {
    query: (source, target) => `SELECT ${columnsOf(source)} FROM ${target}`,
    effect: "streams",
    result: "own",
    orderedBy: "job.issue",
    registeredBy: "customer",
    takes: ["table.create", "table.import_with_id", "table.show"],
  },
  /** The table has the rows of the source, of which the column `time` is the time. */
  "partial-delete": {
    query: (_, table) => worded("partialdelete", { table, ...deletedRange }),
    effect: "deletes",
    result: "none",
    orderedBy: "table.partial_delete",
    registeredBy: "customer",
    range: deletedRange,
    takes: ["table.create", "table.partial_delete"],
  },
  /** The same of a table that keeps them: the job writes those of a range to a bucket. */
  export: {
    query: (_, table) => worded("export", { table, ...exportedRange }),
    effect: "keeps",
    result: "none",
    orderedBy: "table.export",
    registeredBy: "customer",
    range: exportedRange,
    takes: ["table.create", "table.export"],
  },
  /** Its customer has the records of a bucket added to a table that has some. */
  "data-connector": {
    query: (_, table) => worded("bulkload", { table, mode: "append" }),
    effect: "fills",
    loads: "append",
    result: "none",
    orderedBy: "connector.issue",
    registeredBy: "customer",
    takes: ["table.create", "connector.issue"],
  },
  /** The same in the place of what is there. */
  "data-connector-replace": {
    query: (_, table) => worded("bulkload", { table, mode: "replace" }),
    effect: "fills",
    loads: "replace",
    result: "none",
    orderedBy: "connector.issue",
    registeredBy: "customer",
    takes: ["table.create", "connector.issue"],
  },
  /** Its customer has a query run, and the job delivers the result that this one has stored. */
  "result-export": {
    query: (source, target) => `SELECT ${named(target)}${readingOf(source)}`,
    effect: "none",
    result: "exported",
    orderedBy: "job.result_export",
    registeredBy: "nobody",
    takes: ["job.result_export"],
  },
  /** A query that the service keeps under a name, and runs from there. */
  "scheduled-query": {
    query: (source, target) => `SELECT ${named(target)}${readingOf(source)}`,
    effect: "none",
    result: "own",
    orderedBy: "scheduled_query.run",
    registeredBy: "nobody",
    takes: [
      "scheduled_query.create",
      "scheduled_query.update",
      "scheduled_query.list",
      "scheduled_query.history",
      "scheduled_query.run",
      "scheduled_query.delete",
    ],
  },
} as const satisfies Readonly<Record<string, StatementKind>>;

export type StatementName = keyof typeof statementKinds;

export const statementSchema = z.strictObject({
  kind: z.enum(Object.keys(statementKinds) as [StatementName, ...StatementName[]]),
});

/** Whether it brings rows into a table that is there before. */
export const isFilling = ({ effect }: Pick<StatementKind, "effect">): boolean =>
  effect === "fills" || effect === "streams";

export const statementOf = ({ kind }: { kind: StatementName }): StatementKind => statementKinds[kind];

const named = (target: string): string => (target === "" ? "" : `/* ${target} */ `);

const columnsOf = ({ columns }: SourceTable): string => columns.map(([name]) => name).join(", ");
