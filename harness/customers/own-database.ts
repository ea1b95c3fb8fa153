import type { OperationId } from "../../contracts/operations.ts";
import type { Caller } from "./caller.ts";
import { makeTable } from "./streaming.ts";
import { toItsEnd } from "./to-its-end.ts";
import { isAnswer, isTaken, until } from "./until.ts";

/** A database of a customer's own making, and the order of the job that reads a table in it. */
export interface OwnDatabase {
  database: string;
  type: string;
  domain_key?: string | undefined;
}

const table = "made_by_its_customer";

/**
 * Makes a database and a table, has a job read the table while nothing is in it, and takes both away. The job's result stays.
 *
 * @returns whether the job succeeded; it is not asked of a client that cannot make a database
 */
export async function readsOwn(
  caller: Caller,
  { database, ...order }: OwnDatabase,
  giveUp: AbortSignal,
): Promise<boolean> {
  if (caller.lacks?.("database.create") === true) return true;
  const ask = (operation: OperationId, input: Readonly<Record<string, string>> = { database }) =>
    until(caller, giveUp, () => caller.call(operation, input), isAnswer);
  if (!isTaken(await ask("database.create"))) return false;
  if (!(await makeTable(caller, { database, table }, giveUp))) return false;
  const read = await toItsEnd(caller, { ...order, database, query: `SELECT time FROM ${table}` }, giveUp);
  // A deletion whose answer was lost finds nothing when it is sent again.
  await ask("database.delete");
  if (read?.status !== "success") return false;
  await ask("job.result", { job_id: read.id, format: "csv" });
  return true;
}
