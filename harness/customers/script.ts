import { isRetryable } from "../../contracts/errors.ts";
import type { Reply } from "../../contracts/in-process.ts";
import { isTerminal, type JobStatus, type QueryType } from "../../contracts/job.ts";
import type { OperationId } from "../../contracts/operations.ts";
import type { Millis } from "../../contracts/values.ts";

/** What a customer reaches the world by, on any rig. */
export interface Caller {
  /** One operation; null where no whole answer came. */
  call: (operation: OperationId, input: Record<string, unknown>) => Promise<Reply | null>;
  /** In milliseconds of the system's own time. */
  sleep: (ms: Millis) => Promise<void>;
}

/** What it wants done. */
export interface Order {
  type: QueryType;
  database: string;
  query: string;
  /** Where the result goes; none for a job without Result Output. */
  result?: string;
  domain_key: string;
}

/** Waits between two tries or two looks: short at first, then as patient as a scheduler that polls. */
const firstWaitMs = 500;
const longestWaitMs = 30_000;

/**
 * A customer as digdag is one: it makes its domain key before the first try, sends the job until it is accepted, takes
 * a conflict as its own earlier success, and polls until the job has ended.
 */
export async function followJob(
  caller: Caller,
  order: Order,
  onAccepted: (id: string) => void,
): Promise<void> {
  const id = await issue(caller, order);
  if (id === null) return;
  onAccepted(id);
  for (let wait = firstWaitMs; ; wait = Math.min(wait * 1.5, longestWaitMs)) {
    const status = await look(caller, id);
    if (status !== null && isTerminal(status)) return;
    await caller.sleep(wait);
  }
}

/** The job's id, or null if the API refused it for good. */
async function issue({ call, sleep }: Caller, order: Order): Promise<string | null> {
  for (let wait = firstWaitMs; ; wait = Math.min(wait * 2, longestWaitMs)) {
    const reply = await call("job.issue", { ...order });
    const body = (reply?.body ?? {}) as {
      job_id?: string;
      details?: { reason?: string; conflicts_with?: string };
    };
    if (reply?.status === 200) return body.job_id ?? null;
    if (body.details?.reason === "domain_key_taken") return body.details.conflicts_with ?? null;
    if (reply !== null && !isRetryable(reply.status)) return null;
    await sleep(wait);
  }
}

/** The job's status as the customer sees it, or null where it sees none. */
export async function look({ call }: Caller, id: string): Promise<JobStatus | null> {
  const reply = await call("job.show", { job_id: id });
  return reply?.status === 200 ? (reply.body as { status: JobStatus }).status : null;
}

/** Asks once for the job's end. */
export async function askForEnd({ call }: Caller, id: string): Promise<void> {
  await call("job.kill", { job_id: id });
}
