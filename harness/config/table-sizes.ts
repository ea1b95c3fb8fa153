import { z } from "zod";

/** How large the tables of an API are where it serves, and what may be gone through all the same. */
export const tableSizesSchema = z.strictObject({
  /** The rows of each table, by schema and name: of all tables in these schemas. */
  rows: z
    .record(z.string().min(1), z.record(z.string().min(1), z.int().min(0)))
    .refine((schemas) => Object.keys(schemas).length > 0, { error: "expected at least one schema" }),
  /** The rows of the largest table that a statement may go through. */
  scanRows: z.int().min(1).default(1_000),
  /** Statements that may: each with a table, a part of the statement as it is told, and why. */
  allowed: z
    .array(
      z.strictObject({
        /** `schema.table` */
        table: z.string().includes("."),
        statement: z.string().min(1),
        reason: z.string().min(1),
      }),
    )
    .default([]),
});

export type TableSizes = z.output<typeof tableSizesSchema>;
