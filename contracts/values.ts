import { z } from "zod";
import { widePositive } from "./bounds/wide-integers.ts";
import { jobStatuses, terminalStatuses } from "./job.ts";

/** Scalars shared by all operations. Their forms are those that real clients send and read. */

/** Milliseconds since the epoch, or a length of time in milliseconds. */
export type Millis = number;

/** Decimal digits as a string: a number here breaks the Go client. */
export const jobId = z
  .string()
  .regex(/^[1-9][0-9]{0,18}$/)
  .meta({ id: "JobId" });

/** The text that stands for a wide integer is none that anybody sends. */
function writtenAsInteger({ jsonSchema }: { jsonSchema: object }): void {
  if ("anyOf" in jsonSchema) delete jsonSchema.anyOf;
  Object.assign(jsonSchema, { type: "integer", minimum: 1 });
}

/** The id of a job as a JSON number, of whatever size. */
export const jobNumber = z
  .union([z.int().positive(), z.string().regex(widePositive)])
  .meta({ id: "JobNumber", override: writtenAsInteger });

/** Database and table names. */
export const objectName = z
  .string()
  .regex(/^[a-z0-9_]{3,255}$/)
  .meta({ id: "ObjectName" });

/** "YYYY-MM-DD hh:mm:ss UTC", whole seconds. */
export const timestamp = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/)
  .meta({ id: "Timestamp" });

export const formatTimestamp = (at: Millis): string =>
  `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`;

export const jobStatus = z.enum(jobStatuses).meta({ id: "JobStatus" });
export const terminalStatus = z.enum(terminalStatuses).meta({ id: "TerminalStatus" });

/** Fencing token: which attempt at the job speaks, from 1. A takeover gets the next number. */
export const attempt = z.int().positive().max(1_000_000).meta({ id: "Attempt" });

/** A column as [name, type]; result schemas travel as a JSON string of a list of these. */
export const column = z.tuple([z.string().min(1), z.string().min(1)]);
export type Column = z.infer<typeof column>;

/** As many as a table of MySQL may have. */
export const columns = z.array(column).max(4096);

/** Columns as the API stores them, as JSON; what cannot be read is no column. */
export function columnsIn(stored: unknown): Column[] {
  try {
    const columns: unknown = typeof stored === "string" ? JSON.parse(stored) : stored;
    return Array.isArray(columns)
      ? columns.map(
          (column: unknown): Column =>
            Array.isArray(column) ? [String(column[0]), String(column[1])] : [String(column), ""],
        )
      : [];
  } catch {
    return [];
  }
}

/** A number that forms and query strings carry as digits. */
export const wireInteger = z.union([
  z.int(),
  z
    .string()
    .regex(/^-?\d{1,15}$/)
    .transform(Number),
]);

/** A value of a result row, as JSON carries it. */
export type Value = string | number | boolean | null;
export type Row = readonly Value[];

const isValue = (value: unknown): boolean =>
  value === null ||
  typeof value === "string" ||
  typeof value === "boolean" ||
  (typeof value === "number" && Number.isFinite(value));

/** The place of the first thing that is no row or no cell of one; null where all is right. */
function placeOfWrong(table: readonly unknown[]): number[] | null {
  for (let i = 0; i < table.length; i += 1) {
    const row = table[i];
    if (!Array.isArray(row)) return [i];
    for (let j = 0; j < row.length; j += 1) if (!isValue(row[j])) return [i, j];
  }
  return null;
}

/** Rows of a table. Checked by a loop: a schema of every cell takes 20 times as long, and tables may be large. */
export const rows = z.unknown().superRefine((value, context) => {
  const path = Array.isArray(value) ? placeOfWrong(value) : [];
  if (path === null) return;
  const message = "expected rows: lists of texts, finite numbers, booleans and nulls";
  // What is checked after it may rely on them.
  context.addIssue({ code: "custom", path, message, input: value, continue: false });
}) as unknown as z.ZodType<readonly Row[], readonly Row[]>;

/** JSON clients send null for what they leave out. Where that means a certain value, it is the default. */
export const optional = <S extends z.ZodType>(schema: S, meant?: z.output<S>) => {
  const left = schema.nullish().transform((value) => value ?? undefined);
  return meant === undefined ? left : left.meta({ default: meant });
};

/** Java says with each order which version of its library it is; that means nothing here. */
export const clientVersion = optional(z.string().max(255)).optional();
