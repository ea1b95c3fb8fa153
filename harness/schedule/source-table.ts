import { z } from "zod";
import { rows } from "../../contracts/values.ts";

const column = z.tuple([z.string().min(1), z.enum(["bigint", "double", "string"])]);

/** The rows that a query reads. */
export const sourceSchema = z
  .strictObject({
    /** Name of the table in the customer's warehouse. */
    name: z.string().regex(/^[a-z0-9_]{3,64}$/),
    columns: z.array(column).min(1).readonly(),
    rows,
  })
  .superRefine(({ columns, rows: given }, context) => {
    const wrong = given.findIndex((row) => row.length !== columns.length);
    if (wrong === -1) return;
    const message = `expected one value for each of the ${columns.length} columns`;
    context.addIssue({ code: "custom", path: ["rows", wrong], message, input: given[wrong] });
  });
export type SourceTable = z.output<typeof sourceSchema>;
