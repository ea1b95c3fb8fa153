import type { OperationId } from "../../operations.ts";

/** What the model does not say exactly. All else in requests and replies is exact. */
export interface Freedom {
  operations: readonly OperationId[] | "any";
  side: "request" | "reply" | "reply header";
  /** Path of the field; `*` is any one step. */
  field: string;
  /** Only in answers that are refusals. */
  refused?: true;
  /** `consistent`: free, and from then on as it was first seen. */
  how: "free" | "consistent" | "within a span";
  reason: string;
}
