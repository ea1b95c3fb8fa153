import { textField } from "../../../contracts/step.ts";
import { kept } from "../names.ts";
import { type Input, type Party, unknownJob } from "../probe.ts";
import { ended, insert, killHeld, look } from "../tries.ts";

/** Partial Delete: whose the table is, which ranges there are, a key that comes again, and each end of its job. */

const hours = { from: 3_600, to: "7200" };

/** From the first moment, over more than an hour, over years, and beyond 32 bits. */
const telling = [
  { from: 0, to: 7_200 },
  { from: 3_600, to: 1_567_584_000 },
  { from: 4_102_444_800, to: 4_102_448_400 },
];

/** What is no range of whole hours, or none of one that is there. */
const wrong: readonly Input[] = [
  { from: 7_200, to: 3_600 },
  { from: 3_600, to: 3_600 },
  { from: 0, to: 3_601 },
  { from: "1800", to: 3_600 },
  { from: -3_600, to: 0 },
  { from: "0h", to: 3_600 },
  { from: 0, to: null },
  { ...hours, pool_name: "of_the_probe" },
  { ...hours, domain_key: "" },
  { ...hours, table: "no name" },
  { ...hours, table: "probe_no_table" },
  { ...hours, database: "probe_nowhere" },
];

export async function deletions(party: Party): Promise<void> {
  const { generation, database } = party;
  const inputOf = (input: Input): Input => ({ database, table: kept(generation), ...input });
  const ask = (input: Input) => party.asCustomer("table.partial_delete", inputOf(input));
  await party.askByOthers([["table.partial_delete", inputOf(hours)]]);
  await party.askByCustomer(wrong.map((input) => ["table.partial_delete", inputOf(input)]));
  const [domain_key, other] = [`probe deletion ${generation}`, `probe query ${generation}`];
  for (let times = 2; times > 0; times -= 1) await ask({ ...hours, domain_key });
  await party.asCustomer("job.issue", party.order(insert, { domain_key }));
  const query = await party.issue(insert, { domain_key: other });
  await ask({ ...hours, domain_key: other });
  await party.asCustomer("job.kill", { job_id: query });
  await end(party, "success");
  // The key stays taken, also for another range.
  for (const range of [hours, { from: 0, to: 3_600 }]) await ask({ ...range, domain_key });
  for (const range of telling) {
    const key = { domain_key: `${domain_key} ${range.from}` };
    for (let times = 2; times > 0; times -= 1) await ask({ ...range, ...key });
    await end(party, "success");
  }
  const ordered = await ask(hours);
  const queued = textField(ordered?.body, "job_id") ?? unknownJob;
  await party.asCustomer("job.kill", { job_id: queued });
  await look(party, queued);
  for (const status of ["error", "killed"] as const) {
    const key = { domain_key: `${domain_key} ${status}` };
    await ask({ ...hours, ...key });
    await end(party, status);
    await ask({ ...hours, ...key });
  }
}

/** The job in the hands of a worker, and what that one says of its end. */
async function end(party: Party, status: "success" | "error" | "killed"): Promise<void> {
  const held = (await party.claim(1)) ?? { job_id: unknownJob, attempt: 1 };
  await look(party, held.job_id);
  if (status === "killed") await killHeld(party, held);
  const report = status === "success" ? { num_records: 2 } : { message: "it has no time" };
  await party.asWorker(1, "worker.finish", ended(held, status, report));
  await look(party, held.job_id);
}
