import type { Reply } from "../../contracts/in-process.ts";
import { firstOfRun } from "../../contracts/operations/scheduled-queries.ts";
import type { OperationId } from "../../contracts/operations.ts";
import { field, textField } from "../../contracts/step.ts";
import { sideBySide } from "../side-by-side.ts";
import { atLimits, beyond, beyondOf, boundOf, nearNames } from "./limits.ts";
import { kept } from "./names.ts";
import type { Scene, Side } from "./plain-inputs.ts";
import { type Held, type Input, type Party, unknownJob } from "./probe.ts";
import { everyKey } from "./pry.ts";
import { ended, look, reports } from "./tries.ts";

/** Everything is asked as short and as long, as little and as much as the contract allows, and one step beyond. */

/** Calls beyond a limit that are made at the same time. Those about one job are made one by one: calls that overlap could not be judged. */
const atOnce = 8;

const isOfWorkers = (operation: OperationId): boolean => operation.startsWith("worker.");

function sceneOf({ generation }: Party, side: Side): Scene {
  const digit = generation.slice(1);
  const nameOf = (operation: OperationId, path: string, sign: string) =>
    digit.repeat(boundOf(operation, path, side) - 1) + sign;
  const table = (sign: string) => nameOf("table.create", "table", sign);
  return {
    side,
    database: nameOf("database.create", "database", "d"),
    table: table("t"),
    second: table("s"),
    renamed: table("r"),
    session: nameOf("bulk_import.create", "name", "i"),
    part: "P".repeat(boundOf("bulk_import.upload_part", "part", side)),
    scheduled: nameOf("scheduled_query.create", "name", "q"),
    user: nameOf("user.add", "name", "u"),
    named: nameOf("result.create", "name", "n"),
    target: unknownJob,
    held: { job_id: unknownJob, attempt: 1 },
  };
}

/** @param asksShared whether this party also makes the calls that do not depend on a generation */
export async function extremes(party: Party, asksShared: boolean): Promise<void> {
  for (const side of ["least", "most"] as const) await onSide(party, sceneOf(party, side), asksShared);
  await everyKey(party);
}

async function onSide(party: Party, scene: Scene, asksShared: boolean): Promise<void> {
  const ask = (operation: OperationId, more: Input = {}) => {
    const input = { ...atLimits(operation, scene, party), ...more };
    return isOfWorkers(operation) ? party.asWorker(1, operation, input) : party.asCustomer(operation, input);
  };
  const all = async (...operations: OperationId[]) => {
    for (const operation of operations) await ask(operation);
  };
  await all("database.create", "table.create");
  await ask("table.create", { table: scene.second });
  if (asksShared) await customers(party, scene, ask);
  await all("bulk_import.create", "bulk_import.upload_part");
  if (asksShared) {
    await all("bulk_import.list_parts", "bulk_import.delete_part", "bulk_import.upload_part");
    await all("bulk_import.freeze", "bulk_import.unfreeze");
    if (scene.side === "most") await askBeyond(party, scene, atOnce, (operation) => !isOfWorkers(operation));
    else await askNear(party, scene);
  }
  await all("bulk_import.perform");
  await workers(party, scene, ask);
  await all("bulk_import.show");
  if (asksShared) {
    await all("bulk_import.error_records", "bulk_import.commit");
    const shown = await ask("bulk_import.show");
    await lookAndKill(party, shown);
    await moves(scene, ask);
    await ask("scheduled_query.delete");
    await ask("user.remove");
    await party.asCustomer("user.list", {});
    await ask("result.delete");
  }
  await all("bulk_import.delete", "table.delete", "database.delete");
}

type Ask = (operation: OperationId, more?: Input) => ReturnType<Party["ask"]>;

/** What customers order and look at. */
async function customers(party: Party, scene: Scene, ask: Ask): Promise<void> {
  for (const operation of ["database.show", "table.list", "table.show", "job.list"] as const)
    await ask(operation);
  scene.target = await withResult(party);
  for (const operation of [
    "job.issue",
    "job.result_export",
    "table.partial_delete",
    "table.export",
    "connector.issue",
  ] as const) {
    await lookAndKill(party, await ask(operation));
  }
  await ask("result.create");
  await ask("result.list");
  await ask("scheduled_query.create");
  const ran = await ask("scheduled_query.run");
  await ask("scheduled_query.history");
  await lookAndKill(party, ran);
  await ask("scheduled_query.update");
  for (const operation of [
    "user.add",
    "user.authenticate",
    "user.add_apikey",
    "user.remove_apikey",
    "user.apikeys",
  ] as const)
    await ask(operation);
  await party.asCustomer("user.list", {});
  const { database, generation } = party;
  for (const operation of ["table.import", "table.import_with_id"] as const)
    await ask(operation, scene.side === "least" ? {} : { database, table: kept(generation) });
}

/** A job that ended with a result. */
async function withResult(party: Party): Promise<string> {
  const held = await party.take(1, "SELECT 1");
  const result = { num_records: 1, result_size: 30, result_schema: [["one", "bigint"]] };
  await party.asWorker(1, "worker.finish", ended(held, "success", result));
  return held.job_id;
}

/** The job that was told. */
async function lookAndKill(party: Party, told: Reply | null): Promise<void> {
  const job_id = textField(told?.body, "job_id") ?? firstOfRun(told?.body) ?? unknownJob;
  await party.asCustomer("job.show", { job_id });
  await party.asCustomer("job.kill", { job_id });
}

/** What becomes of tables. */
async function moves(scene: Scene, ask: Ask): Promise<void> {
  await ask("table.swap");
  await ask("table.swap");
  await ask("table.update_schema");
  await ask("table.update");
  await ask("table.show", { table: scene.second });
  await ask("table.rename", { table: scene.second });
}

/** A worker takes the job of the session, and reports it. */
async function workers(party: Party, scene: Scene, ask: Ask): Promise<void> {
  const { side } = scene;
  const reply = await ask("worker.claim");
  const job = field(reply?.body, "job");
  scene.held = { job_id: textField(job, "job_id") ?? unknownJob, attempt: 1 };
  await party.asWorker(1, "worker.claim", {
    ...party.claimOf(1),
    protocol: boundOf("worker.claim", "protocol", side, "value"),
  });
  for (const operation of ["heartbeat", "register_table", "import_part", "receipt"] as const)
    await ask(`worker.${operation}`);
  const stranger = strangers[side];
  // Its end first: who has been told that it has lost a job reports no end of it.
  for (const [operation, input] of reports(party, stranger).slice(0, 4).toReversed())
    await party.asWorker(1, operation, input);
  await party.asWorker(1, "worker.import_part", stranger);
  if (side === "most") await askBeyond(party, scene, 1, isOfWorkers);
  await ask("worker.finish");
  await look(party, scene.held.job_id);
}

/** Jobs of the shortest and the longest id: none of them is held. */
const strangers: Readonly<Record<Side, Held>> = {
  least: { job_id: "1", attempt: boundOf("worker.heartbeat", "attempt", "most", "value") },
  most: { job_id: "9".repeat(boundOf("worker.heartbeat", "job_id", "most")), attempt: 1 },
};

/** Under the shortest names, so that none of them is too long as well; one by one, as calls about one session must be. */
async function askNear(party: Party, scene: Scene): Promise<void> {
  for (const { operation, input } of nearNames(scene, party)) await party.asCustomer(operation, input);
}

async function askBeyond(
  party: Party,
  scene: Scene,
  most: number,
  isWanted: (operation: OperationId) => boolean,
): Promise<void> {
  await sideBySide(beyondOf(isWanted), most, async (question) => {
    const { operation } = question;
    const input = beyond(question, scene, party);
    await (isOfWorkers(operation) ? party.asWorker(1, operation, input) : party.asCustomer(operation, input));
  });
}
