import { type Party, unknownKey } from "../probe/probe.ts";
import { ended } from "../probe/tries.ts";

/** One job of each kind through its whole life, each call once or more. The jobs are more urgent than any that wait. */
export async function lifeTour(party: Party, round: number): Promise<void> {
  await fillingJob(party);
  await makingJob(party, round);
  await deliveringJob(party);
  await endedByCustomer(party);
  await looks(party);
}

const urgent = { priority: 2 };

async function fillingJob(party: Party): Promise<void> {
  const held = await party.take(1, "INSERT INTO costs SELECT 1", urgent);
  await look(party, held.job_id);
  await party.asWorker(1, "worker.heartbeat", held);
  await look(party, held.job_id);
  await party.asWorker(1, "worker.heartbeat", held);
  const report = ended(held, "success", { num_records: 1 });
  await party.asWorker(1, "worker.finish", report);
  await party.asWorker(1, "worker.finish", report);
  await look(party, held.job_id);
}

async function makingJob(party: Party, round: number): Promise<void> {
  const { database } = party;
  const table = `cost_${party.generation}_${round}`;
  const held = await party.take(1, `CREATE TABLE ${table} AS SELECT 1`, urgent);
  await party.asWorker(1, "worker.register_table", { ...held, database, table, columns: [["id", "bigint"]] });
  await party.asWorker(1, "worker.finish", ended(held, "success", { num_records: 1 }));
  await party.asCustomer("table.show", { database, table });
}

async function deliveringJob(party: Party): Promise<void> {
  const result = "web://cost:cost-password@cost.invalid/none?method=post";
  const held = await party.take(1, "SELECT 1", { ...urgent, result });
  await party.asWorker(1, "worker.receipt", { ...held, rows: 1, checksum: "3".repeat(64) });
  const result_schema = [["one", "bigint"]];
  const success = ended(held, "success", { num_records: 1, result_size: 30, result_schema });
  await party.asWorker(1, "worker.finish", success);
}

async function endedByCustomer(party: Party): Promise<void> {
  const waiting = await party.issue("SELECT 1", { priority: -2 });
  await party.asCustomer("job.kill", { job_id: waiting });
  const held = await party.take(1, "SELECT 1", urgent);
  await party.asCustomer("job.kill", { job_id: held.job_id });
  await party.asWorker(1, "worker.heartbeat", held);
  await party.asWorker(1, "worker.finish", ended(held, "killed", { message: "it was asked for" }));
}

async function look(party: Party, job_id: string): Promise<void> {
  await party.asCustomer("job.status", { job_id });
  await party.asCustomer("job.status_by_domain_key", { domain_key: party.keyOf(job_id) ?? unknownKey });
  await party.asCustomer("job.show", { job_id });
}

async function looks(party: Party): Promise<void> {
  const { database } = party;
  await party.asCustomer("job.list", {});
  await party.asCustomer("job.list", { from: 0, to: 199 });
  await party.asCustomer("job.list", { status: "queued" });
  await party.asCustomer("job.list", { status: "success", from: 1_000, to: 1_009 });
  await party.asCustomer("database.list", {});
  await party.asCustomer("database.show", { database });
  await party.asCustomer("table.list", { database });
}
