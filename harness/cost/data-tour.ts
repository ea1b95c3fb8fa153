import { firstOfRun } from "../../contracts/operations/scheduled-queries.ts";
import type { OperationId } from "../../contracts/operations.ts";
import { textField } from "../../contracts/step.ts";
import { bucket, source } from "../probe/plain-inputs.ts";
import { type Held, type Input, type Party, unknownJob } from "../probe/probe.ts";
import { ended } from "../probe/tries.ts";

/**
 * What else a customer asks for: databases, tables, a Partial Delete, both kinds of exports, a load, a session of Bulk
 * Import with both of its jobs, a scheduled query with a job, a result target, a user, and how the service is. No job may
 * wait meanwhile: the service decides how urgent the job of a commit is.
 */
export async function dataTour(party: Party, round: number): Promise<void> {
  const name = `cost_${party.generation}_${round}`;
  await ofDatabase(party, name);
  await ofTables(party, name);
  await ofExport(party);
  await ofSession(party, name);
  await ofScheduled(party, name);
  await ofTargets(party, name);
  await ofUser(party, name);
  await party.asCustomer("system.status", {});
  await party.asCustomer("system.version", {});
}

type Of<Kind extends string> =
  Extract<OperationId, `${Kind}.${string}`> extends `${Kind}.${infer What}` ? What : never;

async function ofDatabase(party: Party, database: string): Promise<void> {
  for (const what of ["create", "show", "delete"] as const)
    await party.asCustomer(`database.${what}`, { database });
  await party.asCustomer("database.list", {});
}

async function ofTables(party: Party, name: string): Promise<void> {
  const { database } = party;
  const [table, other, renamed] = [name, `${name}_other`, `${name}_renamed`];
  const ask = (what: Of<"table">, more: Input) => party.asCustomer(`table.${what}`, { database, ...more });
  await ask("create", { table, type: "log" });
  await ask("create", { table: other, type: "log" });
  await ask("update_schema", { table, schema: '[["time","long"],["a","string"]]' });
  await ask("update", { table, expire_days: 0 });
  await ask("show", { table });
  await ask("partial_delete", { table, from: 0, to: 3_600 });
  const deletion = await taken(party);
  await party.asWorker(1, "worker.finish", ended(deletion, "success", { num_records: 0 }));
  await ask("export", { table, ...bucket, from: 0 });
  await delivered(party);
  await party.asCustomer("connector.issue", { database, table, config: { in: source } });
  await delivered(party);
  await ask("list", {});
  await ask("swap", { first: table, second: other });
  await ask("rename", { table: other, new_name: renamed });
  await ask("delete", { table });
  await ask("delete", { table: renamed });
}

const oneRow = { num_records: 1, result_size: 30, result_schema: [["one", "bigint"]] };

async function ofExport(party: Party): Promise<void> {
  const held = await party.take(1, "SELECT 1");
  const { job_id: target_id } = held;
  await party.asWorker(1, "worker.finish", ended(held, "success", oneRow));
  await party.asCustomer("job.result_export", { target_id, result: "web://cost.invalid/none" });
  await delivered(party);
}

/** A job that delivers or reads a row, by a worker that says so. */
async function delivered(party: Party): Promise<void> {
  const job = await taken(party);
  await party.asWorker(1, "worker.receipt", { ...job, rows: 1, checksum: "3".repeat(64) });
  await party.asWorker(1, "worker.finish", ended(job, "success", { num_records: 1 }));
}

async function ofSession(party: Party, name: string): Promise<void> {
  const into = { database: party.database, table: name };
  const ask = (what: Of<"bulk_import">, more: Input = {}) =>
    party.asCustomer(`bulk_import.${what}`, { name, ...more });
  await party.asCustomer("table.create", { ...into, type: "log" });
  if ((await ask("create", into)) === null) return;
  for (const part of ["a", "b", "c"]) await ask("upload_part", { part, content: "AAEC" });
  await ask("delete_part", { part: "b" });
  await ask("list_parts");
  for (const what of ["freeze", "unfreeze", "perform"] as const) await ask(what);
  const counts = { valid_records: 2, error_records: 0, valid_parts: 2, error_parts: 0 };
  await endJob(party, { num_records: 2, import_counts: counts });
  await ask("show");
  await ask("error_records");
  await ask("commit");
  await endJob(party, { num_records: 2 });
  await party.asCustomer("bulk_import.list", {});
  await ask("delete");
  await party.asCustomer("table.delete", into);
}

async function ofScheduled(party: Party, name: string): Promise<void> {
  const ask = (what: Of<"scheduled_query">, more: Input = {}) =>
    party.asCustomer(`scheduled_query.${what}`, { name, ...more });
  await party.asCustomer("scheduled_query.create", party.scheduled(name));
  await ask("update", { priority: 1 });
  const told = firstOfRun((await ask("run", { time: 60 }))?.body);
  const job = (await party.claim(1)) ?? { job_id: told ?? unknownJob, attempt: 1 };
  // A failure would have a notice sent, at some moment of the calls behind it.
  await party.asWorker(1, "worker.finish", ended(job, "success", oneRow));
  await party.asCustomer("scheduled_query.list", {});
  await ask("history");
  await ask("delete");
}

async function ofUser(party: Party, name: string): Promise<void> {
  const [user, password] = [`${name}@cost.invalid`, "of the cost tour"];
  await party.asCustomer("user.add", { name, email: user, password });
  await party.asCustomer("user.list", {});
  await party.asCustomer("user.apikeys", { name });
  await party.ask("none", "user.authenticate", { user, password });
  const added = await party.asCustomer("user.add_apikey", { name });
  const apikey = textField(added?.body, "apikey") ?? "1/of-nobody";
  await party.asCustomer("user.remove_apikey", { name, apikey });
  await party.asCustomer("user.remove", { name });
}

async function ofTargets(party: Party, name: string): Promise<void> {
  await party.asCustomer("result.create", { name, url: "web://cost.invalid/none" });
  await party.asCustomer("result.list", {});
  await party.asCustomer("result.delete", { name });
}

/** The session's job, by a worker that reads its parts. */
async function endJob(party: Party, report: Input): Promise<void> {
  const held = await taken(party);
  for (const more of [{}, { after: "a" }, { after: "c" }])
    await party.asWorker(1, "worker.import_part", { ...held, ...more });
  await party.asWorker(1, "worker.finish", ended(held, "success", report));
}

const taken = async (party: Party): Promise<Held> =>
  (await party.claim(1)) ?? { job_id: unknownJob, attempt: 1 };
