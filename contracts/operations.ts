import {
  createDatabase,
  createTable,
  listDatabases,
  listTables,
  showDatabase,
  showTable,
} from "./operations/catalog.ts";
import { issueJob, jobResult, jobStatusOperation, killJob, listJobs, showJob } from "./operations/jobs.ts";
import { serverStatus, version } from "./operations/system.ts";
import { claimJob, finishJob, heartbeat, outputReceipt, registerTable } from "./operations/workers.ts";

/** Every operation of the job service, by id. */
export const operations = {
  "job.issue": issueJob,
  "job.show": showJob,
  "job.status": jobStatusOperation,
  "job.kill": killJob,
  "job.list": listJobs,
  "job.result": jobResult,
  "database.create": createDatabase,
  "database.list": listDatabases,
  "database.show": showDatabase,
  "table.create": createTable,
  "table.list": listTables,
  "table.show": showTable,
  "worker.claim": claimJob,
  "worker.heartbeat": heartbeat,
  "worker.register_table": registerTable,
  "worker.receipt": outputReceipt,
  "worker.finish": finishJob,
  "system.status": serverStatus,
  "system.version": version,
} as const;

export type Operations = typeof operations;
export type OperationId = keyof Operations;
