import type { Credential } from "../../../contracts/authority.ts";
import { textField } from "../../../contracts/step.ts";
import { type Call, type Held, type Input, type Party, unknownJob } from "../probe.ts";
import { ended, insert, look, usurp } from "../tries.ts";

/** Exports of results: whose job it is, how it must have ended, which destinations there are, a key that comes again, both links. */

const query = "SELECT 1";
const at = "prober:probers-secret@probe.invalid";
const result = `web://${at}/exported`;
const success = { num_records: 1, result_size: 30, result_schema: [["one", "bigint"]] };

/** What is no destination, or names no job. */
const wrong: readonly Input[] = [
  { result: undefined },
  { result: "" },
  { result, result_connection_id: 1, result_connection_settings: "{}" },
  { result: 7 },
  { result: "web:/nowhere" },
  { result: `ftp://${at}/x` },
  { result: `mysql://${at}/mart/t?mode=upsert` },
  { result: `web://${at}/${"x".repeat(4_096)}` },
  { domain_key: "" },
  ...["0", "-1", "xxxxxx", "9".repeat(20), unknownJob].map((target_id) => ({ target_id })),
];

export async function exportsOfResults(party: Party): Promise<void> {
  const ask = (credential: Credential, input: Input) =>
    party.ask(credential, "job.result_export", { result, ...input });
  const order = async (input: Input) =>
    textField((await ask(party.customer, input))?.body, "job_id") ?? unknownJob;
  const target_id = await inEveryState(party, async (job) => {
    for (const credential of [party.stranger, party.customer]) await ask(credential, { target_id: job });
  });
  const tries = [{}, ...wrong].map((input): Call => ["job.result_export", { result, target_id, ...input }]);
  await party.askByOthers(tries.slice(0, 1));
  await party.askByCustomer(tries.slice(1));
  const [domain_key, other] = [`probe export ${party.generation}`, `probe exported ${party.generation}`];
  const first = await order({ target_id, domain_key });
  await ask(party.customer, { target_id, domain_key });
  await party.asCustomer("job.issue", party.order(query, { domain_key }));
  await party.asCustomer("job.kill", { job_id: await party.issue(insert, { domain_key: other }) });
  await ask(party.customer, { target_id, domain_key: other });
  await end(party, { job_id: first, attempt: 1 }, 1);
  await look(party, target_id);
  // It has no result of its own.
  await ask(party.customer, { target_id: first });
  // The newest one is shown, whatever becomes of it.
  const killed = await order({ target_id });
  await look(party, target_id);
  await party.asCustomer("job.kill", { job_id: killed });
  await look(party, killed);
  await look(party, target_id);
  const empty = await party.take(1, query);
  await party.asWorker(1, "worker.finish", ended(empty, "success", { ...success, num_records: 0 }));
  const ofNothing = await order({ target_id: empty.job_id });
  await end(party, { job_id: ofNothing, attempt: 1 }, 0);
  await look(party, empty.job_id);
}

/** A query from its issue to its end, and others that end without a result. @returns the one that has one */
async function inEveryState(party: Party, ask: (job: string) => Promise<unknown>): Promise<string> {
  // Its export has none of that.
  const issued = await party.issue(query, { priority: 2, retry_limit: 3 });
  await ask(issued);
  const held = (await party.claim(1)) ?? { job_id: issued, attempt: 1 };
  await ask(held.job_id);
  await party.asWorker(1, "worker.heartbeat", held);
  await ask(held.job_id);
  await party.asWorker(1, "worker.finish", ended(held, "success", success));
  const dropped = await party.issue(query);
  await party.asCustomer("job.kill", { job_id: dropped });
  await ask(dropped);
  for (const statement of [insert, query])
    for (const status of statement === insert ? ["success", "error", "killed"] : ["error", "killed"]) {
      const none = await party.take(1, statement);
      if (status === "killed") await party.asCustomer("job.kill", { job_id: none.job_id });
      await ask(none.job_id);
      const more = status === "success" ? { num_records: 2 } : { message: "there is no result" };
      await party.asWorker(1, "worker.finish", ended(none, status, more));
      await ask(none.job_id);
    }
  return held.job_id;
}

/** The export in the hands of a worker, which must say what it has delivered. */
async function end(party: Party, told: Held, rows: number): Promise<void> {
  const held = (await party.claim(1)) ?? told;
  await look(party, held.job_id);
  await usurp(party, held);
  const report = ended(held, "success", { num_records: rows });
  await party.asWorker(1, "worker.finish", report);
  await party.asWorker(1, "worker.receipt", { ...held, rows, checksum: "3".repeat(64) });
  await party.asWorker(1, "worker.finish", report);
  await look(party, held.job_id);
  await party.asCustomer("job.result", { job_id: held.job_id, format: "json" });
}
