import { z } from "zod";
import { type JobStatus, jobStatuses, jobTypes, queryTypes } from "../job.ts";
import { json, operation } from "../operation.ts";
import { field, fieldsOf, type Meaning, type StepCall, type StepFacts, textField } from "../step.ts";
import {
  clientVersion,
  jobId,
  jobNumber,
  jobStatus,
  objectName,
  optional,
  timestamp,
  wireInteger,
} from "../values.ts";

/** Customer side, jobs: REST v3 as the real clients speak it. Reply key sets are closed. */

const statusFields = {
  job_id: jobId,
  status: jobStatus,
  created_at: timestamp,
  updated_at: timestamp,
  start_at: timestamp.nullable(),
  end_at: timestamp.nullable(),
  duration: z.int().nonnegative().nullable(),
  cpu_time: z.number().nonnegative().nullable(),
  /** Byte length of the result as msgpack.gz. */
  result_size: z.int().nonnegative().nullable(),
  num_records: z.int().nonnegative().nullable(),
};

const jobFields = {
  ...statusFields,
  type: z.enum(jobTypes),
  database: objectName,
  query: z.string(),
  /** The result target with its credentials hidden, "" if none. */
  result: z.string(),
  /** Of the page of the job for people: clients print it, and open it. */
  url: z.url({ protocol: /^https?$/ }),
  user_name: z.string(),
  priority: z.int(),
  retry_limit: z.int(),
  /** JSON inside a string: [[name, type], …]. */
  hive_result_schema: z.string().nullable(),
  organization: z.null(),
  /** The newest job that was issued to export its result. */
  linked_result_export_job_id: jobNumber.nullable(),
  /** The job whose result it exports. */
  result_export_target_job_id: jobNumber.nullable(),
};

/** A job of a scheduled query, as its history has it. */
const { linked_result_export_job_id: _, result_export_target_job_id: __, ...ofHistory } = jobFields;
export const historyRow = z
  .strictObject({ ...ofHistory, scheduled_at: timestamp })
  .meta({ id: "ScheduledQueryJob" });

const listedJob = z.strictObject(jobFields).meta({ id: "ListedJob" });
const shownJob = z
  .strictObject({
    ...jobFields,
    debug: z.strictObject({ cmdout: z.string().nullable(), stderr: z.string().nullable() }),
  })
  .meta({ id: "Job" });

/** A text that is no id of a job names none: it is not found, as a job that there is not. */
const byJob = z.object({ job_id: z.string() });

/** So does a text that is no domain key. A key is a job's for good, whatever became of the job, and however it was ordered. */
const byDomainKey = z.object({ domain_key: z.string() });

const statusReply = z.strictObject(statusFields).meta({ id: "JobStatusReply" });

const stateIn = (reply: unknown, name: string): JobStatus | undefined =>
  jobStatuses.find((status) => status === field(reply, name));

const seen = ({ status, reply }: StepCall): Pick<StepFacts, "state" | "missing"> => ({
  state: status === 200 ? stateIn(reply, "status") : undefined,
  missing: status === 404 && field(field(reply, "details"), "reason") === "not_found",
});

const look: Meaning = {
  step: "look",
  facts: (call) => ({ job: textField(call.request, "job_id"), ...seen(call) }),
};

/** What any order of a job means: its key, and the id under which it was accepted or is there already. */
export function issued({ request, status, reply }: StepCall): StepFacts {
  const key = textField(request, "domain_key");
  const details = field(reply, "details");
  if (status === 200) return { key, job: textField(reply, "job_id") };
  return field(details, "reason") === "domain_key_taken"
    ? { key, conflictsWith: textField(details, "conflicts_with") ?? "" }
    : { key };
}

const idsIn = (jobs: unknown): string[] =>
  Array.isArray(jobs) ? jobs.flatMap((job) => textField(job, "job_id") ?? []) : [];

/** What is meant where a customer leaves these out. */
export const issueDefaults = { priority: 0, retry_limit: 0 } as const;

/** As often as real clients may ask for: schedules are documented with 0 to 32. */
export const retryLimit = wireInteger.pipe(z.int().min(0).max(32));

export const issueJob = operation({
  id: "job.issue",
  summary: "Issue a query, optionally with a destination for its result",
  method: "POST",
  path: "/v3/job/issue/:type/:database",
  audience: "customer",
  again: { is: "refused", by: ["domain_key"] },
  meaning: {
    step: "issue",
    facts: (call) => ({
      query: textField(call.request, "query"),
      output: fieldsOf(call.request, ["result"]),
      ...issued(call),
    }),
  },
  input: z.object({
    type: z.enum(queryTypes),
    database: objectName,
    /** One that is longer than its engine takes ends its job in error (td-client-python#38). */
    query: z.string().min(1),
    result: optional(z.string().max(4096)),
    priority: optional(wireInteger.pipe(z.int().min(-2).max(2)), issueDefaults.priority),
    retry_limit: optional(retryLimit, issueDefaults.retry_limit),
    domain_key: optional(z.string().min(1).max(255)),
    version: clientVersion,
  }),
  reply: json(z.strictObject({ job: jobId, job_id: jobId, database: objectName }).meta({ id: "IssuedJob" })),
  reasons: ["not_found", "domain_key_taken"],
});

export const showJob = operation({
  id: "job.show",
  summary: "All that is known of one job",
  method: "GET",
  path: "/v3/job/show/:job_id",
  audience: "customer",
  again: "reads",
  meaning: look,
  input: byJob,
  reply: json(shownJob),
  reasons: ["not_found"],
});

export const jobStatusOperation = operation({
  id: "job.status",
  summary: "The status of one job",
  method: "GET",
  path: "/v3/job/status/:job_id",
  audience: "customer",
  again: "reads",
  meaning: look,
  input: byJob,
  reply: json(statusReply),
  reasons: ["not_found"],
});

export const statusByDomainKey = operation({
  id: "job.status_by_domain_key",
  summary: "The status of the job that was ordered under a domain key",
  method: "GET",
  path: "/v3/job/status_by_domain_key/:domain_key",
  audience: "customer",
  again: "reads",
  meaning: {
    step: "look",
    // Which job it is, the answer alone tells.
    facts: (call) => ({
      job: call.status === 200 ? textField(call.reply, "job_id") : undefined,
      ...seen(call),
    }),
  },
  input: byDomainKey,
  reply: json(statusReply),
  reasons: ["not_found"],
});

export const killJob = operation({
  id: "job.kill",
  summary: "Ask for the end of a job; killing a finished job is no error",
  method: "POST",
  path: "/v3/job/kill/:job_id",
  audience: "customer",
  again: { is: "same", by: ["job_id"] },
  meaning: {
    step: "cancel",
    facts: ({ request, reply }) => ({
      job: textField(request, "job_id"),
      former: stateIn(reply, "former_status"),
    }),
  },
  input: byJob,
  reply: json(z.strictObject({ job_id: jobId, former_status: jobStatus }).meta({ id: "KilledJob" })),
  reasons: ["not_found"],
});

export const listJobs = operation({
  id: "job.list",
  summary: "The caller's jobs, newest first; from and to are inclusive positions",
  method: "GET",
  path: "/v3/job/list",
  audience: "customer",
  again: "reads",
  meaning: { step: "list", facts: ({ reply }) => ({ jobs: idsIn(field(reply, "jobs")) }) },
  input: z.object({
    from: optional(wireInteger.pipe(z.int().nonnegative())),
    to: optional(wireInteger.pipe(z.int().nonnegative())),
    status: optional(jobStatus),
  }),
  reply: json(
    z
      .strictObject({
        jobs: z.array(listedJob),
        count: z.int().nonnegative(),
        from: z.int().nullable(),
        to: z.int().nullable(),
      })
      .meta({ id: "JobList" }),
  ),
  reasons: [],
});

/**
 * A result in its formats. All but msgpack.gz are made of its rows, in their order, one after the other:
 *
 * - `msgpack`: each row an array; null nil, texts str, integers of any width, doubles float 64 or an equal integer.
 *   `msgpack.gz`: the same through gzip, compressed in any way.
 * - `json`: each row an array without white space, and a line feed.
 * - `csv`: cells joined by commas, and a line feed. Null is an empty cell. A cell that is empty text or holds a comma, a
 *   quote, a line feed or a carriage return stands in quotes, its own quotes doubled.
 * - `tsv`: cells joined by tabs, and a line feed. Null is `\N`; tab, line feed, carriage return and backslash are
 *   `\t \n \r \\`.
 *
 * Numbers and booleans are written as in JSON, numbers with the fewest digits that read back as the same. `header` puts
 * the names of the columns before the rows, as one more row of texts (td-client-python#107 for msgpack and json). Without a
 * `format` it is tsv.
 *
 * A file has an ETag that stays, and of one job no two files with other bytes have the same. A `Range` of bytes is answered with exactly these (206, `content-range`), with all (200),
 * or with 416 and a `content-range` that tells the size alone where there are none; with all where If-Range names another version.
 */
export const resultFormats = ["msgpack", "msgpack.gz", "json", "csv", "tsv"] as const;
export type ResultFormat = (typeof resultFormats)[number];

/** The format of a result where none is asked for. */
export const defaultFormat: ResultFormat = "tsv";

export const resultMediaTypes: Record<ResultFormat, string> = {
  msgpack: "application/x-msgpack",
  "msgpack.gz": "application/gzip",
  json: "application/json",
  csv: "text/csv; charset=utf-8",
  tsv: "text/tab-separated-values; charset=utf-8",
};

export const jobResult = operation({
  id: "job.result",
  summary: "The rows of a finished query as a file; json is one array a line",
  method: "GET",
  path: "/v3/job/result/:job_id",
  audience: "customer",
  again: "reads",
  meaning: { step: "read", facts: ({ request }) => ({ job: textField(request, "job_id") }) },
  input: byJob.extend({
    format: optional(z.enum(resultFormats), defaultFormat),
    header: optional(z.enum(["true", "false", "True", "False"]), "false"),
  }),
  reply: { kind: "file", mediaTypes: Object.values(resultMediaTypes) },
  reasons: ["not_found"],
});
