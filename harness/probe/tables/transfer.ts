import { type Party, unknownJob } from "../probe.ts";
import { ended, killHeld, look, usurp } from "../tries.ts";

/** Jobs that carry records to or from a bucket. */

interface Said {
  checksum: string;
  message: string;
}

/**
 * The job in the hands of a worker, and what that one says of its end: no success without a receipt.
 *
 * @param said in its receipt, and where it failed
 * @param isTried whether whoever has no right to it tries first
 */
export async function endTransfer(
  party: Party,
  status: "success" | "error" | "killed",
  { checksum, message }: Said,
  isTried = false,
): Promise<void> {
  const held = (await party.claim(1)) ?? { job_id: unknownJob, attempt: 1 };
  const { job_id } = held;
  await look(party, job_id);
  if (status === "killed") await killHeld(party, held);
  const report = status === "success" ? { num_records: 2 } : { message };
  if (status === "success") {
    if (isTried) await usurp(party, held);
    await party.asWorker(1, "worker.finish", ended(held, status, report));
    await party.asWorker(1, "worker.receipt", { ...held, rows: 2, checksum });
  }
  await party.asWorker(1, "worker.finish", ended(held, status, report));
  await look(party, job_id);
  await party.asCustomer("job.result", { job_id, format: "json" });
  await party.asCustomer("job.result_export", { target_id: job_id, result: "web://probe.invalid/none" });
}
