import { z } from "zod";
import { integerDigits } from "../bounds/wide-integers.ts";
import { queryTypes } from "../job.ts";
import { json, operation } from "../operation.ts";
import { field, fieldsOf, textField } from "../step.ts";
import { jobNumber, objectName, optional, timestamp, wireInteger } from "../values.ts";
import { historyRow, issueDefaults, issued, retryLimit } from "./jobs.ts";

/**
 * Customer side, scheduled queries: a query that the service issues as a job at each of its due times, and whenever its
 * customer asks for it. Names are an account's own. Reply key sets are closed, as the Go client wants them.
 */

export const scheduledName = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_. -]{0,254}$/)
  .meta({ id: "ScheduledQueryName" });

/** "" is none: the query then runs only when it is asked for. What else it may be, and a time zone, says scheduled/cron.ts. */
const cron = z.string().max(255);
const timezone = z.string();

const mostDelaySeconds = 7 * 86_400;
/** Of one call of `run`. */
const mostRuns = 100;
/** 9999-12-31 23:59:59 UTC, the last moment that a timestamp can tell. */
export const lastSecond = 253_402_300_799;

/** What is meant where a customer leaves these out. */
export const scheduledDefaults = { type: "hive", timezone: "UTC", delay: 0, ...issueDefaults } as const;

const delay = wireInteger.pipe(z.int().min(0).max(mostDelaySeconds));
const priority = wireInteger.pipe(z.int().min(-2).max(2));

const settings = {
  type: optional(z.enum(queryTypes), scheduledDefaults.type),
  cron: optional(cron),
  timezone: optional(timezone, scheduledDefaults.timezone),
  delay: optional(delay, scheduledDefaults.delay),
  result: optional(z.string().max(4096)),
  priority: optional(priority, issueDefaults.priority),
  retry_limit: optional(retryLimit, issueDefaults.retry_limit),
};
const query = z.string().min(1);

const common = {
  name: scheduledName,
  cron: z.string().nullable(),
  timezone: z.string(),
  /** Seconds from a due time to the issue of its job. */
  delay: z.int().nonnegative(),
  created_at: timestamp,
  type: z.enum(queryTypes),
  query: z.string(),
  database: objectName,
  user_name: z.string(),
};
const whole = {
  id: z.int().positive(),
  ...common,
  priority: z.int(),
  retry_limit: z.int(),
  /** The result target with its credentials hidden, "" if none. */
  result: z.string(),
};

/** `start` is the next due time; null where it never runs by itself. */
const made = json(z.strictObject({ ...whole, start: timestamp.nullable() }).meta({ id: "ScheduledQuery" }));
const byName = z.object({ name: scheduledName });

/** The ids of the jobs that the reply to a run tells. */
export function jobsOfRun(reply: unknown): string[] {
  const jobs = field(reply, "jobs");
  return Array.isArray(jobs) ? jobs.flatMap((job) => integerDigits(field(job, "job_id")) ?? []) : [];
}

export const firstOfRun = (reply: unknown): string | undefined => jobsOfRun(reply)[0];

export const createScheduled = operation({
  id: "scheduled_query.create",
  summary: "Create a scheduled query",
  method: "POST",
  path: "/v3/schedule/create/:name",
  audience: "customer",
  again: { is: "refused", by: ["name"] },
  meaning: {
    step: "issue",
    facts: ({ request }) => ({ query: textField(request, "query"), output: fieldsOf(request, ["result"]) }),
  },
  input: byName.extend({ database: objectName, query, ...settings }),
  reply: made,
  reasons: ["not_found", "already_exists"],
});

export const updateScheduled = operation({
  id: "scheduled_query.update",
  summary: "Change what is given of a scheduled query; its due times are then those after now",
  method: "POST",
  path: "/v3/schedule/update/:name",
  audience: "customer",
  again: { is: "same", by: ["name"] },
  input: byName.extend({
    database: optional(objectName),
    query: optional(query),
    type: optional(z.enum(queryTypes)),
    cron: optional(cron),
    timezone: optional(timezone),
    delay: optional(delay),
    result: optional(z.string().max(4096)),
    priority: optional(priority),
    retry_limit: optional(retryLimit),
  }),
  reply: made,
  reasons: ["not_found"],
});

export const deleteScheduled = operation({
  id: "scheduled_query.delete",
  summary: "Delete a scheduled query; its jobs stay",
  method: "POST",
  path: "/v3/schedule/delete/:name",
  audience: "customer",
  again: { is: "refused", by: ["name"] },
  input: byName,
  reply: json(z.strictObject(common).meta({ id: "DeletedScheduledQuery" })),
  reasons: ["not_found"],
});

export const listScheduled = operation({
  id: "scheduled_query.list",
  summary: "The caller's scheduled queries, in order of name",
  method: "GET",
  path: "/v3/schedule/list",
  audience: "customer",
  again: "reads",
  input: z.object({}),
  reply: json(
    z
      .strictObject({
        schedules: z.array(
          z
            .strictObject({
              ...whole,
              executing_user_id: z.int(),
              description: z.null(),
              next_time: timestamp.nullable(),
            })
            .meta({ id: "ListedScheduledQuery" }),
        ),
      })
      .meta({ id: "ScheduledQueryList" }),
  ),
  reasons: [],
});

export const historyOfScheduled = operation({
  id: "scheduled_query.history",
  summary: "The jobs of a scheduled query, newest first; from and to are inclusive positions",
  method: "GET",
  path: "/v3/schedule/history/:name",
  audience: "customer",
  again: "reads",
  input: byName.extend({
    from: optional(wireInteger.pipe(z.int().nonnegative())),
    to: optional(wireInteger.pipe(z.int().nonnegative())),
  }),
  reply: json(
    z
      .strictObject({
        history: z.array(historyRow),
        count: z.int().nonnegative(),
        from: z.int().nullable(),
        to: z.int().nullable(),
      })
      .meta({ id: "ScheduledQueryHistory" }),
  ),
  reasons: ["not_found"],
});

export const runScheduled = operation({
  id: "scheduled_query.run",
  summary: "Issue the job of a scheduled query for a time now, and those of the due times behind it",
  method: "POST",
  path: "/v3/schedule/run/:name/:time",
  audience: "customer",
  again: { is: "refused", by: ["domain_key"] },
  meaning: {
    step: "issue",
    facts: ({ reply, ...call }) => ({ ...issued({ reply, ...call }), job: firstOfRun(reply) }),
  },
  input: byName.extend({
    /** Seconds since the epoch. */
    time: wireInteger.pipe(z.int().min(0).max(lastSecond)),
    num: optional(wireInteger.pipe(z.int().min(1).max(mostRuns)), 1),
    /** That of the first job. */
    domain_key: optional(z.string().min(1).max(255)),
  }),
  reply: json(
    z
      .strictObject({
        jobs: z.array(
          z
            .strictObject({ job_id: jobNumber, type: z.enum(queryTypes), scheduled_at: timestamp })
            .meta({ id: "ScheduledJob" }),
        ),
      })
      .meta({ id: "ScheduledRun" }),
  ),
  // `wrong_state`: more jobs are wanted than it has due times after that time.
  reasons: ["not_found", "wrong_state", "domain_key_taken"],
});
