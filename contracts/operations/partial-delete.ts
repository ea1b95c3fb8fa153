import { z } from "zod";
import { json, operation } from "../operation.ts";
import { jobId, objectName, optional, wireInteger } from "../values.ts";
import { worded } from "../worded-jobs.ts";
import { issued } from "./jobs.ts";

/**
 * Customer side, Partial Delete: a job that takes the records of a range of time out of a table. `from` belongs to the
 * range and `to` does not.
 */

/** Seconds since the epoch, at the beginning of an hour: the service keeps records by the hour. */
const hour = wireInteger.pipe(z.int().nonnegative().multipleOf(3600));

const input = z.object({
  database: objectName,
  table: objectName,
  from: hour,
  to: hour,
  domain_key: optional(z.string().min(1).max(255)),
});

/**
 * What its job is to do, in the words of the service; undefined where the request has no range: one that does not end behind
 * its beginning is none, and refused as `invalid_input`.
 */
export function deletion(request: unknown): string | undefined {
  const { data } = input.safeParse(request);
  return data !== undefined && data.from < data.to ? worded("partialdelete", data) : undefined;
}

export const partialDelete = operation({
  id: "table.partial_delete",
  summary: "Issue the job that deletes the records of a table from one hour up to another",
  method: "POST",
  path: "/v3/table/partialdelete/:database/:table",
  audience: "customer",
  again: { is: "refused", by: ["domain_key"] },
  meaning: {
    step: "issue",
    facts: (call) => ({ query: deletion(call.request), output: {}, ...issued(call) }),
  },
  input,
  reply: json(
    z.strictObject({ job_id: jobId, database: objectName, table: objectName }).meta({ id: "PartialDelete" }),
  ),
  reasons: ["not_found", "domain_key_taken"],
});
