import { deletion } from "../operations/partial-delete.ts";
import type { Millis } from "../values.ts";
import type { WordedType } from "../worded-jobs.ts";
import type { ModelCall } from "./call.ts";

/** An order of a job that the service words, as a call of `job.issue` that means the same. */
export interface WordedOrder extends ModelCall {
  /** How such a job is shown. */
  shownType: WordedType;
  /** When the job was surely there, where its own answer does not tell its id; null where nobody knows. */
  doneBy: Millis | null;
}

/** The request of `job.issue` that means the same. */
export const asIssue = (
  query: string,
  { database, priority, domain_key }: Readonly<Record<string, unknown>>,
) => ({
  type: "hive",
  database,
  query,
  priority,
  retry_limit: 0,
  ...(domain_key === undefined ? {} : { domain_key }),
});

export const isDeletion = ({ operation }: ModelCall): boolean => operation === "table.partial_delete";

/** The orders of Partial Delete, but those that have no range. */
export const deletionsOf = (calls: readonly ModelCall[]): WordedOrder[] =>
  calls.flatMap((call) => {
    const query = isDeletion(call) ? deletion(call.request) : undefined;
    return query === undefined
      ? []
      : [
          {
            ...call,
            operation: "job.issue",
            shownType: "partialdelete",
            doneBy: null,
            request: asIssue(query, call.request),
          },
        ];
  });
