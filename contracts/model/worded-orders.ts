import type { JobType } from "../job.ts";
import { deletion } from "../operations/partial-delete.ts";
import type { Millis } from "../values.ts";
import type { WordedType } from "../worded-jobs.ts";
import type { Fields, ModelCall } from "./call.ts";

/** An order of a job otherwise than as a query, as a call of `job.issue` that means the same. */
export interface WordedOrder extends ModelCall {
  /** How such a job is shown. */
  shownType: JobType;
  /** When the job was surely there, where its own answer does not tell its id; null where nobody knows. */
  doneBy: Millis | null;
  /** Nobody knows on which job it is, and so not of which database and engine it is. */
  isOpen?: true;
}

/** The request of `job.issue` that means the same. */
export const asIssue = (
  query: string,
  { type = "hive", database, priority, domain_key, result }: Fields,
) => ({
  type,
  database,
  query,
  priority,
  retry_limit: 0,
  ...(result === undefined ? {} : { result }),
  ...(domain_key === undefined ? {} : { domain_key }),
});

export const isDeletion = ({ operation }: ModelCall): boolean => operation === "table.partial_delete";
export const isExport = ({ operation }: ModelCall): boolean => operation === "job.result_export";

/** The order as it came, with another request. */
export const ordered = (call: ModelCall, shownType: WordedType, request: Fields): WordedOrder => ({
  ...call,
  operation: "job.issue",
  shownType,
  doneBy: null,
  request,
});

/** The orders of Partial Delete, but those that have no range. */
export const deletionsOf = (calls: readonly ModelCall[]): WordedOrder[] =>
  calls.flatMap((call) => {
    const query = isDeletion(call) ? deletion(call.request) : undefined;
    return query === undefined ? [] : [ordered(call, "partialdelete", asIssue(query, call.request))];
  });
