import type { Caller } from "./caller.ts";
import { issue } from "./issue.ts";
import { isAnswer, isTaken, until } from "./until.ts";

/** What a customer deletes, as digdag does: a range of hours of a table, in seconds, under a key of its own. */
export interface Deletion {
  database: string;
  table: string;
  from: number;
  to: number;
  domain_key: string | undefined;
}

/** Makes the table known, whose rows are there, and orders the job. @returns its id; null as with `issue` */
export async function orderDeletion(
  caller: Caller,
  { domain_key, ...deletion }: Deletion,
  giveUp: AbortSignal,
): Promise<string | null> {
  const { database, table } = deletion;
  const make = () => caller.call("table.create", { database, table, type: "log" });
  if (!isTaken(await until(caller, giveUp, make, isAnswer))) return null;
  const order = { ...deletion, ...(domain_key === undefined ? {} : { domain_key }) };
  return await issue(caller, "table.partial_delete", order, giveUp);
}
