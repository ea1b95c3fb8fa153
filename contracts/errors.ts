import { z } from "zod";

/** Error bodies as the real clients read them. */

/** What a program may decide on; the sentence in `text` is for people. */
export const errorReasons = [
  "invalid_input",
  "wrong_password",
  "unauthenticated",
  "forbidden",
  "not_found",
  "unknown_operation",
  "already_exists",
  "domain_key_taken",
  "table_exists",
  "stale_attempt",
  "already_finished",
  "output_undelivered",
  "table_unregistered",
  "wrong_state",
  "counts_missing",
  "unsupported_protocol",
  "unavailable",
  "internal",
] as const;
export type ErrorReason = (typeof errorReasons)[number];

export const errorBody = z
  .strictObject({
    error: z.string().min(1),
    text: z.string().min(1),
    severity: z.literal("error"),
    details: z
      .strictObject({
        reason: z.enum(errorReasons),
        conflicts_with: z.string().optional(),
      })
      .optional(),
  })
  .meta({ id: "Error" });
export type ErrorBody = z.infer<typeof errorBody>;

/** The HTTP status of each reason. `unavailable` alone invites the same request again. */
export const statusOf: Record<ErrorReason, number> = {
  invalid_input: 422,
  // Clients take that for a login that has failed.
  wrong_password: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  // Clients make what they are told is missing, and take a deletion of it for done: an operation is no such thing.
  unknown_operation: 405,
  already_exists: 409,
  domain_key_taken: 409,
  table_exists: 409,
  stale_attempt: 409,
  already_finished: 409,
  output_undelivered: 409,
  table_unregistered: 409,
  wrong_state: 409,
  counts_missing: 409,
  unsupported_protocol: 409,
  unavailable: 503,
  internal: 500,
};

/** A refusal that an operation means; anything else that is thrown is a fault of the service. */
export class ApiError extends Error {
  readonly reason: ErrorReason;
  readonly conflictsWith: string | undefined;

  constructor(reason: ErrorReason, text: string, conflictsWith?: string) {
    super(text);
    this.name = "ApiError";
    this.reason = reason;
    this.conflictsWith = conflictsWith;
  }

  get status(): number {
    return statusOf[this.reason];
  }

  body(): ErrorBody {
    return {
      error: this.message,
      text: this.message,
      severity: "error",
      details: {
        reason: this.reason,
        ...(this.conflictsWith === undefined ? {} : { conflicts_with: this.conflictsWith }),
      },
    };
  }
}

/**
 * Whether a caller may send the same request again and expect another answer.
 * 429 and 5xx pass; every other status is a decision and stays.
 */
export const isRetryable = (status: number): boolean => status === 429 || status >= 500;
