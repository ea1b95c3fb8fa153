import { issueDefaults } from "../operations/jobs.ts";
import { readWorded } from "../worded-jobs.ts";
import type { Fields } from "./call.ts";
import type { JobFacts } from "./job-state.ts";

/** What a customer's order says of the job. */

/** The destination that a request to issue a job names; null where it names none. */
export const urlIn = ({ result }: Fields): string | null =>
  typeof result === "string" && result !== "" ? result : null;

export const priorityIn = ({ priority }: Fields): number => Number(priority ?? issueDefaults.priority);

export const retryLimitIn = ({ retry_limit: limit }: Fields): number =>
  Number(limit ?? issueDefaults.retry_limit);

/** The job whose result it exports; null for any other job. */
export function targetOf({ shownType, issue }: JobFacts): string | null {
  const job = shownType === "result_export" ? readWorded(String(issue.request["query"])) : null;
  return job?.type === "result_export" ? job.values.job : null;
}

/** Whether the query makes a table: its first words say so, which may stand behind comments that are not parsed here. */
export function createsTable({ issue }: JobFacts): "yes" | "no" | "perhaps" {
  const query = String(issue.request["query"]);
  if (/^\s*create\s+table\b/i.test(query)) return "yes";
  if (/^\s*(?!create\b)[a-z]/i.test(query)) return "no";
  return /create[\s\S]*table/i.test(query) ? "perhaps" : "no";
}
