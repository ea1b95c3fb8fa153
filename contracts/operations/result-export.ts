import { z } from "zod";
import { json, operation } from "../operation.ts";
import { fieldsOf } from "../step.ts";
import { jobId, optional } from "../values.ts";
import { worded } from "../worded-jobs.ts";
import { issued } from "./jobs.ts";

/**
 * Customer side, Result Output jobs: a job that delivers the stored result of a finished query to a destination. It runs on
 * the engine of that query, and stores no result of its own.
 */

/** What its job is to do, in the words of the service; undefined where the request names no job. */
export function exportOf(request: unknown): string | undefined {
  const { data } = z.object({ target_id: jobId }).safeParse(request);
  return data && worded("result_export", { job: data.target_id });
}

export const exportResult = operation({
  id: "job.result_export",
  summary: "Issue the job that delivers the stored result of a finished query to a destination",
  method: "POST",
  path: "/v3/job/result_export/:target_id",
  audience: "customer",
  again: { is: "refused", by: ["domain_key"] },
  meaning: {
    step: "issue",
    facts: (call) => ({
      query: exportOf(call.request),
      output: fieldsOf(call.request, ["result"]),
      ...issued(call),
    }),
  },
  input: z.object({
    /** A text that is no id of a job names none: it is not found. */
    target_id: z.string(),
    result: z.string().min(1).max(4096),
    domain_key: optional(z.string().min(1).max(255)),
  }),
  reply: json(z.strictObject({ job_id: jobId, target_job_id: jobId }).meta({ id: "ResultExport" })),
  // `wrong_state`: the job has no stored result, since it has not ended as success or gives none.
  reasons: ["not_found", "wrong_state", "domain_key_taken"],
});
