import { z } from "zod";
import { type Row, rows } from "../../contracts/values.ts";

const plainTypes = ["bigint", "double", "string", "date", "timestamp", "time"];

const column = z.tuple([
  z.string().min(1),
  z.string().refine((type) => plainTypes.includes(type) || /^decimal\(\d{1,2},\d{1,2}\)$/.test(type), {
    error: `expected one of ${plainTypes.join(", ")} or decimal(p,s)`,
    abort: true,
  }),
]);

/** The rows that a query reads, in the order in which it gives them. */
export const sourceSchema = z
  .strictObject({
    /** Name of the table in the customer's warehouse. */
    name: z.string().regex(/^[a-z0-9_]{3,64}$/),
    columns: z.array(column).min(1).readonly(),
    rows,
    /** What stands behind SELECT, where it is not the names of all columns and the table. It gives the same rows. */
    reads: z.string().min(1).optional(),
    /** SQL types by column, where one is stored in another than the usual type of its results. */
    stored: z.record(z.string(), z.string()).optional(),
    /** Columns of 1 and 0 that records carry as true and false, where a customer brings them. */
    booleans: z.array(z.string()).readonly().optional(),
    /** How long it takes until the rows are there, in system time, where that matters. */
    runsMs: z.int().positive().optional(),
  })
  .superRefine(({ columns, rows: given }, context) => {
    const wrong = given.findIndex((row) => row.length !== columns.length);
    if (wrong === -1) return;
    const message = `expected one value for each of the ${columns.length} columns`;
    context.addIssue({ code: "custom", path: ["rows", wrong], message, input: given[wrong] });
  });
export type SourceTable = z.output<typeof sourceSchema>;

/** What a statement that reads the source has behind SELECT. */
export const readingOf = ({ reads, columns, name }: SourceTable): string =>
  reads ?? `${columns.map(([column]) => column).join(", ")} FROM ${name}`;

/** Whether its query says in which order the rows come; else they may come in any. */
export const isOrdered = ({ reads }: Pick<SourceTable, "reads">): boolean => /\bORDER BY\b/.test(reads ?? "");

/** The rows as they lie in the table: not in the order in which a query gives them, and none where it reads others. */
export function storedRows(source: SourceTable): readonly Row[] {
  if (!readingOf(source).includes(source.name)) return [];
  return isOrdered(source) ? source.rows.toReversed() : source.rows;
}
