import type { ChangeId } from "../severity.ts";

/** What differs between two schemas, and below which field: `[]` are the items of a list, `{}` fields of any name. */
export interface SchemaDifference {
  id: ChangeId;
  at: readonly string[];
  told: string;
  /** The schema of a field that came or went. */
  schema?: unknown;
}

export type CompareSchemas = (before: unknown, after: unknown) => readonly SchemaDifference[];

/** A difference of the schema itself. */
export const here = (id: ChangeId, told: string): SchemaDifference[] => [{ id, at: [], told }];

/** Differences of a part, as differences of the whole. */
export const within = (step: string, found: readonly SchemaDifference[]): SchemaDifference[] =>
  step === "" ? [...found] : found.map((one) => ({ ...one, at: [step, ...one.at] }));
