import { describe, expect, test } from "vitest";
import { readWorded, type Worded, worded } from "./worded-jobs.ts";

const jobs: [string, Worded][] = [
  [
    "BULK IMPORT PERFORM sess_1 INTO orders",
    { type: "bulk_import_perform", values: { session: "sess_1", table: "orders" } },
  ],
  [
    "BULK IMPORT COMMIT sess_1 INTO orders",
    { type: "bulk_import_commit", values: { session: "sess_1", table: "orders" } },
  ],
  [
    "DELETE FROM orders WHERE time >= 3600 AND time < 7200",
    { type: "partialdelete", values: { table: "orders", from: 3600, to: 7200 } },
  ],
  [
    "EXPORT orders WHERE time >= 0 AND time < 999999999999999",
    { type: "export", values: { table: "orders", from: 0, to: 999_999_999_999_999 } },
  ],
  ["LOAD INTO orders MODE append", { type: "bulkload", values: { table: "orders", mode: "append" } }],
  ["LOAD INTO orders MODE replace", { type: "bulkload", values: { table: "orders", mode: "replace" } }],
  [
    "RESULT EXPORT OF JOB 9223372036854775807",
    { type: "result_export", values: { job: "9223372036854775807" } },
  ],
];

describe("a job that the service words", () => {
  test.each(jobs)("%s", (query, { type, values }) => {
    expect(worded(type, values as never)).toBe(query);
    expect(readWorded(query)).toEqual({ type, values });
  });

  test.each([
    "DELETE FROM orders",
    "DELETE FROM orders WHERE time >= 3600 AND time < 7200 OR 1",
    "DELETE FROM other.orders WHERE time >= 3600 AND time < 7200",
    "DELETE FROM orders WHERE time >= -3600 AND time < 7200",
    "DELETE FROM orders WHERE time >= 1234567890123456 AND time < 7200",
    "delete from orders where time >= 3600 and time < 7200",
    "EXPORT orders",
    "EXPORT other.orders WHERE time >= 0 AND time < 1",
    "LOAD INTO orders",
    "LOAD INTO orders MODE delete",
    "LOAD INTO other.orders MODE append",
    "RESULT EXPORT OF JOB 0",
    "RESULT EXPORT OF JOB 1 OR 2",
    "BULK IMPORT COMMIT sess_1",
    " BULK IMPORT COMMIT sess_1 INTO orders",
    "SELECT 1",
  ])("%s is none", (query) => {
    expect(readWorded(query)).toBeNull();
  });
});
