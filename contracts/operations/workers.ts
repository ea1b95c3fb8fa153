import { z } from "zod";
import { destinationSettings } from "../destination.ts";
import { engines, generations, queryTypes, terminalStatuses } from "../job.ts";
import { json, operation } from "../operation.ts";
import { field, fieldsOf, type Meaning, numberField, type Step, type StepFacts, textField } from "../step.ts";
import { attempt, columns, jobId, objectName, optional, terminalStatus } from "../values.ts";
import { importCounts, partName } from "./bulk-import.ts";

/**
 * Worker side. The real protocol between API and workers is not public: this one is Interlock's own.
 * Every report carries the attempt it speaks for; a report of an attempt that is no longer the newest is refused.
 */

/**
 * What a claimed job says to either generation. A job that the service words says in its query what is to be done, as
 * worded-jobs.ts has it; its type is that of the engine. A worker that does not know the wording ends the job in error, as
 * any statement that it does not know.
 */
const claimedJob = {
  job_id: jobId,
  attempt,
  /** The lease ends this many milliseconds after the API sent the reply, unless a heartbeat extends it. */
  lease_ms: z.int().positive(),
  account: z.int().positive(),
  type: z.enum(queryTypes),
  engine: z.enum(engines),
  database: objectName,
  query: z.string(),
  kill_requested: z.boolean(),
};

/** v5 reads the destination as the URL string that the customer wrote; null means no output was asked for. */
export const v5Claim = z
  .strictObject({
    job: z.strictObject({ ...claimedJob, result_url: z.string().min(1).nullable() }).nullable(),
  })
  .meta({ id: "ClaimV5" });

/** v6 reads structured settings; null means no output was asked for. */
export const v6Claim = z
  .strictObject({
    job: z.strictObject({ ...claimedJob, result_settings: destinationSettings.nullable() }).nullable(),
  })
  .meta({ id: "ClaimV6" });

/** From protocol 2 on both generations are told the destination in both ways, and the job's priority. */
const movedClaim = z
  .strictObject({
    job: z
      .strictObject({
        ...claimedJob,
        priority: z.int(),
        output: z.strictObject({ url: z.string().min(1), settings: destinationSettings }).nullable(),
      })
      .nullable(),
  })
  .meta({ id: "ClaimProtocol2" });

export const claimJob = operation({
  id: "worker.claim",
  summary: "Take the next job of one of the worker's engines, or one whose lease has run out",
  method: "POST",
  path: "/worker/v1/claim",
  audience: "worker",
  again: "another",
  meaning: {
    step: "grant",
    facts: ({ reply }) => {
      const job = field(reply, "job");
      return {
        job: textField(job, "job_id"),
        query: textField(job, "query"),
        attempt: numberField(job, "attempt"),
        leaseMs: numberField(job, "lease_ms"),
        output: fieldsOf(job, ["result_url", "result_settings", "output"]),
      };
    },
  },
  input: z.object({
    generation: z.enum(generations),
    engines: z.array(z.enum(engines)).min(1).max(engines.length),
    worker: z.string().min(1).max(100),
    /** Build digest of the worker: part of its attested identity. */
    version: z.string().min(1).max(100),
    /** See protocol.ts. */
    protocol: optional(z.int().positive()).optional(),
  }),
  reply: json(z.union([v5Claim, v6Claim, movedClaim])),
  forms: {
    v5: { 1: v5Claim, 2: z.union([movedClaim, v5Claim]) },
    v6: { 1: v6Claim, 2: z.union([movedClaim, v6Claim]) },
  },
  reasons: ["unsupported_protocol"],
});

const report = z.object({ job_id: jobId, attempt });

/** A worker speaks for an attempt at a job; `more` is what else its call says. */
const speaks = (step: Step, more: Meaning["facts"] = () => ({})): Meaning => ({
  step,
  facts: (call): StepFacts => ({
    job: textField(call.request, "job_id"),
    attempt: numberField(call.request, "attempt"),
    ...more(call),
  }),
});

export const heartbeat = operation({
  id: "worker.heartbeat",
  summary: "Extend the lease; the reply says whether the customer asked for the job's end",
  method: "POST",
  path: "/worker/v1/jobs/:job_id/heartbeat",
  audience: "worker",
  again: { is: "same", by: ["job_id", "attempt"] },
  meaning: speaks("extend", ({ reply }) => ({ leaseMs: numberField(reply, "lease_ms") })),
  input: report,
  reply: json(
    z.strictObject({ lease_ms: z.int().positive(), kill_requested: z.boolean() }).meta({ id: "Lease" }),
  ),
  reasons: ["not_found", "stale_attempt", "already_finished"],
});

export const registerTable = operation({
  id: "worker.register_table",
  summary: "Make a table that CREATE TABLE ... AS fills known to the API, before it appears in the warehouse",
  method: "POST",
  path: "/worker/v1/jobs/:job_id/table",
  audience: "worker",
  again: { is: "same", by: ["job_id", "attempt", "database", "table"] },
  meaning: speaks("register"),
  input: report.extend({ database: objectName, table: objectName, columns }),
  reply: json(z.strictObject({ database: objectName, table: objectName }).meta({ id: "RegisteredTable" })),
  reasons: ["not_found", "stale_attempt", "already_finished", "table_exists"],
});

export const importPart = operation({
  id: "worker.import_part",
  summary:
    "The next part of the session that the job performs or commits, in order of name; none behind the last",
  method: "POST",
  path: "/worker/v1/jobs/:job_id/part",
  audience: "worker",
  again: { is: "same", by: ["job_id", "attempt", "after"] },
  input: report.extend({ after: optional(partName).optional() }),
  reply: json(
    z
      .strictObject({ part: z.strictObject({ name: partName, content: z.base64() }).nullable() })
      .meta({ id: "ImportPart" }),
  ),
  reasons: ["not_found", "stale_attempt", "already_finished", "wrong_state"],
});

export const outputReceipt = operation({
  id: "worker.receipt",
  summary: "State what was delivered to the destination, before the job is finished",
  method: "POST",
  path: "/worker/v1/jobs/:job_id/receipt",
  audience: "worker",
  again: { is: "same", by: ["job_id", "attempt"] },
  meaning: speaks("receipt", ({ request }) => ({ rows: numberField(request, "rows") })),
  input: report.extend({ rows: z.int().nonnegative(), checksum: z.string().regex(/^[0-9a-f]{64}$/) }),
  reply: json(z.strictObject({ rows: z.int().nonnegative() }).meta({ id: "Receipt" })),
  reasons: ["not_found", "stale_attempt", "already_finished"],
});

export const finishJob = operation({
  id: "worker.finish",
  summary: "Report the end of a job; the same report of the same attempt may be sent again",
  method: "POST",
  path: "/worker/v1/jobs/:job_id/finish",
  audience: "worker",
  again: { is: "same", by: ["job_id", "attempt"] },
  meaning: speaks("report", ({ request }) => ({
    state: terminalStatuses.find((status) => status === field(request, "status")),
    message: textField(request, "message"),
  })),
  input: report.extend({
    status: terminalStatus,
    num_records: z.int().nonnegative().nullable(),
    result_size: z.int().nonnegative().nullable(),
    result_schema: columns.nullable(),
    /** Why it ended in error or killed, for the customer; null on success. */
    message: z.string().max(2000).nullable(),
    /**
     * Of the success of a query whose rows its destination refused for good: why, in the place of a receipt. The rows are
     * kept as its result, and an export that is linked to it has ended in error with these words.
     */
    output_error: optional(z.string().min(1).max(2000)).optional(),
    /** Of the success of a perform: what is in the parts. */
    import_counts: optional(importCounts).optional(),
  }),
  reply: json(z.strictObject({ job_id: jobId, status: terminalStatus }).meta({ id: "FinishedJob" })),
  reasons: [
    "not_found",
    "stale_attempt",
    "already_finished",
    "output_undelivered",
    "table_unregistered",
    "counts_missing",
  ],
});
