import { type Checks, fail, ok, unknown } from "../check.ts";
import { type Asked, allOf, answeredWith, type Tried } from "./asked.ts";

/** A few jobs, one an engine and one that makes a table, and what the statements of the config say of each. */
export interface JobFacts {
  /** Why a query was not taken as the contract says, by engine. */
  issued: readonly Tried[];
  /** Why one that was taken did not end with success. */
  ended: readonly Tried[];
  /** Their status as asked for with another customer's key. */
  foreign: readonly Asked[];
  /** Rows of `mysql.jobStatus`, `mysql.world.jobRecord` and `schedules.jobLease`; none where the config has no such. */
  status: readonly Tried[];
  records: readonly Tried[];
  leases: readonly Tried[];
  /** The id that `mysql.nextJob` set, and that the next job got; null where there was none to set or none got. */
  next: { set: string; got: string } | null;
  /** Why it could not be set. */
  notSet: string | null;
  /** The table that a job made, in `schedules.registeredTable` and in `mysql.world.registered`. */
  made: readonly Tried[];
  /** Folders of `schedules.outbox`, by worker. */
  outboxes: readonly Tried[];
}

const noJob = "no job has ended";

export const jobChecks = {
  "jobs-issued": {
    expected: "a query of each engine to be taken: 200 to job.issue",
    why: "every cell begins so",
    judge: ({ issued }) =>
      allOf(issued, { none: "no worker is ready", next: "read the log of the API in the run's folder" }),
  },
  "jobs-end": {
    expected: "each of them to end with success within `limits.jobMs`",
    why: "no cell can be green where a plain query is not",
    judge: ({ ended }) =>
      allOf(ended, {
        none: "no job was taken",
        next: "read the log of the worker in the run's folder, or raise `limits.jobMs`",
      }),
  },
  "customers-apart": {
    expected: "404 to another customer that asks for the job's status",
    why: "what is another's is not there",
    judge: ({ foreign }) =>
      answeredWith(404, foreign, {
        none: "there are no two customers, or no job",
        next: "let the API hold the job's account against the key",
      }),
  },
  "job-status": {
    expected: "one row with the job's `status`, as its customer was told it, from `mysql.jobStatus`",
    why: "I3 holds what the API says against it",
    judge: ({ status }) => allOf(status, { none: noJob, next: "correct `mysql.jobStatus`" }),
  },
  "job-record": {
    expected:
      "one row with `num_records`, `result_schema`, `message`, `receipt_rows` and `receipt_checksum` from `mysql.world.jobRecord`",
    why: "what the API keeps of a job is compared by it",
    judge: ({ records }) =>
      allOf(records, { none: `the config has none, or ${noJob}`, next: "correct `mysql.world.jobRecord`" }),
  },
  "job-lease": {
    expected: "one row with `lease`, null once the job has ended, from `schedules.jobLease`",
    why: "schedules with faults tell by it who holds a job",
    judge: ({ leases }) =>
      allOf(leases, { none: `the config has none, or ${noJob}`, next: "correct `schedules.jobLease`" }),
  },
  "next-job": {
    expected: "the next job to get the id that `mysql.nextJob` sets",
    why: "scenarios with `idFrom` try ids that are larger than a double holds",
    judge: ({ next, notSet }) => {
      if (notSet !== null) return fail(notSet, "correct `mysql.nextJob`: the loader runs it");
      if (next === null) return unknown(`the config has none, or ${noJob}`);
      return next.set === next.got
        ? ok(next.got)
        : fail(`${next.set} was set and the job is ${next.got}`, "correct `mysql.nextJob`");
    },
  },
  "registered-table": {
    expected:
      "a table that a job made, in `schedules.registeredTable` and with its columns in `mysql.world.registered`",
    why: "I6 and the world hold by them what the API knows against what is there",
    judge: ({ made }) =>
      allOf(made, {
        none: "the config has neither, or no job made a table",
        next: "correct the statement: its ? are account, database and table",
      }),
  },
  outbox: {
    expected: "the folder `schedules.outbox` in each worker that has ended a job",
    why: "reports that were never sent are counted there; nobody sees them in another place",
    judge: ({ outboxes }) =>
      outboxes.length === 0
        ? unknown("the config names none, or no worker is an image")
        : allOf(outboxes, { none: "", next: "name the folder in which the workers keep their reports" }),
  },
} as const satisfies Checks<JobFacts>;
