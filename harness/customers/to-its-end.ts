import { isTerminal, type JobStatus } from "../../contracts/job.ts";
import { field } from "../../contracts/step.ts";
import type { Caller } from "./caller.ts";
import { issue } from "./issue.ts";
import { until } from "./until.ts";

/** Orders a job by `job.issue` and looks at it until it has ended. @returns its id and status; null as with `issue` */
export async function toItsEnd(
  caller: Caller,
  order: Readonly<Record<string, unknown>>,
  giveUp: AbortSignal,
): Promise<{ id: string; status: JobStatus } | null> {
  const id = await issue(caller, "job.issue", order, giveUp);
  if (id === null) return null;
  const status = await ended(caller, id, giveUp);
  return status && { id, status };
}

/** How a job has ended, once it has; null if the customer gave up. */
export async function ended(caller: Caller, id: string, giveUp: AbortSignal): Promise<JobStatus | null> {
  const show = () => caller.call("job.show", { job_id: id });
  const seen = await until(caller, giveUp, show, ({ body }) => isTerminal(statusIn(body) ?? "queued"));
  return seen && statusIn(seen.body);
}

/** The status that an answer shows; null where it shows none. */
export const statusIn = (shown: unknown): JobStatus | null =>
  (field(shown, "status") as JobStatus | undefined) ?? null;
