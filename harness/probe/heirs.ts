import { kept } from "./names.ts";
import { type Held, type Party, unknownJob } from "./probe.ts";
import { ended, insert, look } from "./tries.ts";

/** What one attempt leaves to the next: a customer's wish, a receipt, a table. */

const left = 5;

/**
 * Jobs whose worker is heard no more: one that is to be killed, one that is delivered, one whose table is registered, one
 * that was never heard of, and one that has failed before.
 */
export async function leave(party: Party): Promise<Held[]> {
  const { database, generation } = party;
  const table = kept(generation, 3);
  const jobs: Held[] = [];
  const take = async (query: string, more = {}): Promise<Held> => {
    const held = await party.take(left, query, more);
    await party.asWorker(left, "worker.heartbeat", held);
    jobs.push(held);
    return held;
  };
  await take(insert);
  const delivered = await take("SELECT 1", { result: "mysql://prober:prober-password@probe.invalid/mart/t" });
  await party.asWorker(left, "worker.receipt", { ...delivered, rows: 1, checksum: "3".repeat(64) });
  const made = await take(`create table ${table} AS SELECT 1`);
  const columns = [["id", "bigint"]];
  await party.asWorker(left, "worker.register_table", { ...made, database, table, columns });
  jobs.push(await party.take(left, insert));
  // The attempt that is left is not its first.
  const failed = await party.take(left, insert, { retry_limit: 1 });
  await party.asWorker(left, "worker.finish", ended(failed, "error", { message: "line 1: no such column" }));
  jobs.push((await party.claim(left)) ?? failed);
  return jobs;
}

/** Time has passed since their worker was heard: the customer's wish shows. */
export async function wish(party: Party, [job]: readonly Held[]): Promise<void> {
  const job_id = job?.job_id ?? unknownJob;
  for (let times = 2; times > 0; times -= 1) await party.asCustomer("job.kill", { job_id });
  await look(party, job_id);
}

/** Whoever takes one over knows of no delivery, may rely on the table, and is told the wish; its report is the only one. */
export async function inherit(party: Party, n: number, heirs: readonly Held[]): Promise<void> {
  for (const held of heirs) {
    const success = ended(held, "success", { num_records: 1 });
    await party.asWorker(n, "worker.heartbeat", held);
    await party.asCustomer("job.kill", { job_id: held.job_id });
    await look(party, held.job_id);
    await party.asWorker(n, "worker.finish", success);
    await party.asWorker(n, "worker.finish", ended(held, "error", { message: "not delivered" }));
    for (const attempt of [held.attempt - 1, held.attempt + 1])
      await party.asWorker(left, "worker.finish", { ...success, attempt });
    await look(party, held.job_id);
  }
}
