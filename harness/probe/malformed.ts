import type { OperationId } from "../../contracts/operations.ts";
import { type Input, type Party, unknownJob } from "./probe.ts";
import { ended, insert, look } from "./tries.ts";

/** What must not be taken, whoever asks. */
export async function malformed(party: Party): Promise<void> {
  for (const operation of ["system.status", "system.version"] as const)
    await party.ask("none", operation, {});
  const issue = party.order(insert);
  const claim = party.claimOf(1);
  const id = await party.issue(insert);
  const held = (await party.claim(1)) ?? { job_id: id, attempt: 1 };
  const finish = ended(held, "success", { num_records: 1 });
  const asCustomer: [OperationId, Input][] = [
    ["job.issue", { ...issue, type: "spark" }],
    ["job.issue", { ...issue, query: "" }],
    ["job.issue", { ...issue, query: 7 }],
    ["job.issue", { ...issue, priority: 3 }],
    ["job.issue", { ...issue, retry_limit: -1 }],
    ["job.issue", { ...issue, domain_key: "" }],
    ["job.issue", { ...issue, database: "probe_nowhere" }],
    ["job.issue", { ...issue, result: "web:/nowhere" }],
    ["job.list", { from: -1 }],
    ["job.list", { status: "asleep" }],
    ["job.show", { job_id: "0" }],
    ...(["job.show", "job.status", "job.kill", "job.result"] as const).map(
      (operation): [OperationId, Input] => [operation, { job_id: unknownJob }],
    ),
    ["database.show", { database: "probe_nowhere" }],
    ["table.list", { database: "probe_nowhere" }],
    ["table.show", { database: party.database, table: "probe_nothing" }],
  ];
  const asWorker: [OperationId, Input][] = [
    ["worker.claim", { ...claim, engines: [] }],
    ["worker.claim", { ...claim, engines: ["hive"] }],
    ["worker.claim", { ...claim, worker: "" }],
    ["worker.heartbeat", { ...held, attempt: 0 }],
    ["worker.heartbeat", { ...held, job_id: unknownJob }],
    ["worker.receipt", { ...held, rows: -1, checksum: "0".repeat(64) }],
    ["worker.receipt", { ...held, rows: 1, checksum: "none" }],
    ["worker.register_table", { ...held, database: "no name", table: "t", columns: [] }],
    ["worker.finish", { ...finish, status: "running" }],
    ["worker.finish", { ...finish, num_records: -1 }],
    ["worker.finish", { ...finish, message: undefined }],
  ];
  for (const [operation, input] of asCustomer) await party.asCustomer(operation, input);
  for (const [operation, input] of asWorker) await party.asWorker(1, operation, input);
  await look(party, held.job_id);
  await party.asWorker(1, "worker.finish", ended(held, "error", { message: "line 1" }));
}
