import type { Millis } from "../../../contracts/values.ts";
import type { Job } from "../workload.ts";

/** How long a statement runs in the warehouse, where its scenario does not say; all else answers within milliseconds. */
const statementMs: Millis = 400;
const statements = new Set(["select", "insertInto", "deleteFrom", "stageTable"]);

/** How long the warehouse takes for a call about a job, its way not counted. */
export const serviceMsOf = (operation: string, job: Job | undefined): Millis =>
  statements.has(operation) ? (job?.scenario.source.runsMs ?? statementMs) : 0;
