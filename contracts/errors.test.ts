import { expect, test } from "vitest";
import { ApiError, errorBody, errorReasons, isRetryable, statusOf } from "./errors.ts";

test("each reason goes with the status that the clients know", () => {
  expect(statusOf).toEqual({
    invalid_input: 422,
    wrong_password: 400,
    unauthenticated: 401,
    forbidden: 403,
    not_found: 404,
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
  });
});

test.each(errorReasons)(
  "an error for the reason %s has its status and a body as the contract says",
  (reason) => {
    const error = new ApiError(reason, "no such thing");
    expect(error.status).toBe(statusOf[reason]);
    expect(errorBody.parse(error.body())).toEqual({
      error: "no such thing",
      text: "no such thing",
      severity: "error",
      details: { reason },
    });
  },
);

test("a conflict names the job that holds the key", () => {
  const body = new ApiError("domain_key_taken", "taken", "17").body();
  expect(errorBody.parse(body).details).toEqual({ reason: "domain_key_taken", conflicts_with: "17" });
});

test.each([
  {},
  { error: "e", text: "t" },
  { error: "", text: "t", severity: "error" },
  { error: "e", text: "", severity: "error" },
  { error: "e", text: "t", severity: "warning" },
  { error: "e", text: "t", severity: "error", stack: "at x" },
  { error: "e", text: "t", severity: "error", details: { reason: "other" } },
  { error: "e", text: "t", severity: "error", details: { reason: "internal", sql: "SELECT" } },
])("%j is no error body", (body) => {
  expect(errorBody.safeParse(body).success).toBe(false);
});

test("an error body may come without details, as from a balancer in between", () => {
  expect(errorBody.safeParse({ error: "e", text: "t", severity: "error" }).success).toBe(true);
});

test("429 and 5xx may be tried again, every other status is a decision", () => {
  const statuses = [200, 400, 401, 403, 404, 409, 422, 428, 429, 430, 499, 500, 503, 599];
  expect(statuses.filter(isRetryable)).toEqual([429, 500, 503, 599]);
});
