import { textField } from "../../../contracts/step.ts";
import { type Input, type Party, unknownJob } from "../probe.ts";
import { ended } from "../tries.ts";

/** What jobs add to tables and take away is counted, by their reports: of the one that they name, whatever else there is. */

export async function counts(party: Party): Promise<void> {
  if (party.lacks("table.delete") || party.lacks("table.import_with_id")) return;
  const { database, generation } = party;
  // No chunk goes to tables of these names.
  const [one, two] = [`probe_${generation}_counted`, `probe_${generation}_tallied`];
  const look = () => party.askByCustomer([["table.list", { database }]]);
  const run = async (query: string, num_records: number | null, more: Input = {}) => {
    await end(await party.issue(query, more), num_records);
  };
  const end = async (job_id: string, num_records: number | null) => {
    const held = (await party.claim(1)) ?? { job_id, attempt: 1 };
    const status = num_records === null ? "error" : "success";
    const said = num_records === null ? { message: "no space left" } : { num_records };
    await look();
    for (const again of [1, 2]) {
      await party.asWorker(again, "worker.finish", ended(held, status, said));
      await look();
    }
  };
  for (const table of [one, two]) await party.asCustomer("table.create", { database, table, type: "log" });
  await run(`INSERT INTO ${one} SELECT 1`, 5);
  await run(`INSERT INTO ${two} SELECT 1`, 1_007);
  await run(`INSERT INTO TABLE ${one} SELECT 1`, null);
  await run(`INSERT INTO \`${one}\` SELECT 1`, 0);
  // A failure before it says nothing of what it adds.
  const again = `INSERT INTO ${one} SELECT 2`;
  const retried = await party.issue(again, { retry_limit: 1 });
  await end(retried, null);
  await end(retried, 3);
  const range = { database, table: one, from: 0, to: 3_600 };
  for (const records of [2, 0]) {
    const { body } = (await party.asCustomer("table.partial_delete", range)) ?? {};
    await end(textField(body, "job_id") ?? unknownJob, records);
  }
  for (const table of [one, two]) await party.asCustomer("table.delete", { database, table });
}
