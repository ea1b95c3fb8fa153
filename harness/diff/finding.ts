import type { ChangeId, Severity } from "./severity.ts";

/** A difference between two contracts, judged. */
export interface Finding {
  id: ChangeId;
  severity: Severity;
  /** The same for the same change of the same two contracts. */
  fingerprint: string;
  /** Null for what is of no operation. */
  operation: string | null;
  /** Where in it: `reply schema job.result_url`. */
  place: string;
  /** The field of the schema there, from the whole down; empty where none is meant. */
  field: readonly string[];
  told: string;
  /** Who is concerned, a line each; empty where nobody is on record. */
  used: readonly string[];
}
