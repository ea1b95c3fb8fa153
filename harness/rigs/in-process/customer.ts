import { isRetryable } from "../../../contracts/errors.ts";
import { LinkBroken, type Reply } from "../../../contracts/in-process.ts";
import { isTerminal, type JobStatus } from "../../../contracts/job.ts";
import type { OperationId } from "../../../contracts/operations.ts";
import type { Millis } from "../../../contracts/values.ts";
import { domainKey } from "../../history/job-history.ts";
import type { WorkloadJob } from "../../schedule/schedule.ts";
import { customers, database, sourceTable, targetTable, type World } from "./world.ts";

/** Waits between two tries or two looks: short at first, then as patient as a scheduler that polls. */
const firstWaitMs = 500;
const longestWaitMs = 30_000;

/**
 * A customer as digdag is one: it makes its domain key before the first try, sends the job until it is accepted, takes
 * a conflict as its own earlier success, and polls until the job has ended.
 */
export async function customerLife(world: World, number: number, job: WorkloadJob): Promise<void> {
  const caller = callerOf(world, number, job);
  const id = await issue(caller, number, job);
  if (id === null) return;
  world.numbers.set(id, number);
  for (let wait = firstWaitMs; ; wait = Math.min(wait * 1.5, longestWaitMs)) {
    const status = await look(caller, id);
    if (status !== null && isTerminal(status)) return;
    await caller.sleep(wait);
  }
}

/** One more look when everything is over: an end that did not last is a finding. */
export async function lastLook(world: World, number: number, job: WorkloadJob): Promise<void> {
  const id = [...world.numbers].find(([, known]) => known === number)?.[0];
  if (id !== undefined) await look(callerOf(world, number, job), id);
}

export async function kill(world: World, number: number, job: WorkloadJob): Promise<void> {
  const id = [...world.numbers].find(([, known]) => known === number)?.[0];
  if (id !== undefined) await callerOf(world, number, job).call("job.kill", { job_id: id });
}

interface Caller {
  call: (operation: OperationId, input: Record<string, unknown>) => Promise<Reply | null>;
  sleep: (ms: Millis) => Promise<void>;
}

function callerOf(world: World, number: number, { engine }: WorkloadJob): Caller {
  const { apikey } = customers[engine === "hive-hdp2" ? "hdp2" : "cdh4"];
  const clock = world.customer.clock(world.clock);
  return {
    call: async (operation, input) => {
      try {
        return await world.callAsCustomer(operation, input, number, apikey);
      } catch (error) {
        if (error instanceof LinkBroken) return null;
        throw error;
      }
    },
    sleep: (ms) => clock.sleep(ms),
  };
}

/** The job's id, or null if the API refused it for good. */
async function issue(
  { call, sleep }: Caller,
  number: number,
  { statement, engine }: WorkloadJob,
): Promise<string | null> {
  const table = targetTable(number);
  const source = `SELECT id, name FROM ${sourceTable}`;
  const query =
    statement === "insert-into" ? `INSERT INTO ${table} ${source}` : `CREATE TABLE ${table} AS ${source}`;
  const input = {
    type: engine === "presto" ? "presto" : "hive",
    database,
    query,
    domain_key: domainKey(number),
  };
  for (let wait = firstWaitMs; ; wait = Math.min(wait * 2, longestWaitMs)) {
    const reply = await call("job.issue", input);
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

async function look({ call }: Caller, id: string): Promise<JobStatus | null> {
  const reply = await call("job.show", { job_id: id });
  return reply?.status === 200 ? (reply.body as { status: JobStatus }).status : null;
}
