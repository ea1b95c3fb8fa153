import { z } from "zod";
import type { Millis } from "../../contracts/values.ts";
import { operationsOf } from "./operations.ts";
import { ordinal } from "./site.ts";

/** Who overtakes a statement of a transaction: another transaction, which is over then, or has come so far. */
export const overtakerSchema = z.strictObject({
  operation: z.enum(operationsOf["api->database"]),
  /** Which of the transactions of that name, from 1. */
  occurrence: z.int().positive(),
  /** Its statement that is over then, from 1; COMMIT is its last one. Absent: all of it. */
  statement: z.int().positive().optional(),
});
export type Overtaker = z.infer<typeof overtakerSchema>;

/**
 * How long a statement is overtaken at most, in system time: shorter than a client waits for a statement (5 s), longer
 * than a server waits for a lock (2 s). An order that locks do not allow so has an end.
 */
export const overtakenMs: Millis = 4_000;

/** `the 1st job.kill`, `statement 2 of the 1st job.kill`. */
export const printOvertaker = ({ operation, occurrence, statement }: Overtaker): string =>
  `${statement === undefined ? "" : `statement ${statement} of `}the ${ordinal(occurrence)} ${operation}`;
