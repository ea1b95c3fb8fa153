import type { OperationId } from "../../contracts/operations.ts";
import { field, textField } from "../../contracts/step.ts";
import type { Caller } from "./caller.ts";
import { isAnswer, isTaken, until } from "./until.ts";

/**
 * A customer as embulk is one: it takes a session of Bulk Import from its table to its commit, sends each call until it
 * is answered, takes a conflict as its own earlier success, and looks until a job has ended. Before the commit it reads once
 * what is in error.
 */

/** What a customer loads, and where. */
export interface Load {
  database: string;
  /** Also the name of the session. */
  table: string;
  /** In base64, by name. */
  parts: Readonly<Record<string, string>>;
}

/** @returns the id of the job that commits; null if the API refused a call for good, or if the customer gave up */
export async function orderImport(
  caller: Caller,
  { database, table, parts }: Load,
  giveUp: AbortSignal,
): Promise<string | null> {
  const name = table;
  const ask = (operation: OperationId, input: Record<string, unknown>) =>
    until(caller, giveUp, () => caller.call(operation, input), isAnswer);
  const show = (isWanted: (session: unknown) => boolean) =>
    until(
      caller,
      giveUp,
      () => caller.call("bulk_import.show", { name }),
      (reply) => reply.status === 200 && isWanted(reply.body),
    );
  const prepared: [OperationId, Record<string, unknown>][] = [
    ["table.create", { database, table, type: "log" }],
    ["bulk_import.create", { name, database, table }],
    ...Object.entries(parts).map(([part, content]): [OperationId, Record<string, unknown>] => [
      "bulk_import.upload_part",
      { name, part, content },
    ]),
    ["bulk_import.freeze", { name }],
  ];
  const possible = prepared.filter(([operation]) => caller.lacks?.(operation) !== true);
  for (const [operation, input] of possible) if (!isTaken(await ask(operation, input))) return null;
  for (let tried = 1, ready = false; !ready; tried++) {
    if (tried > mostPerforms || !isTaken(await ask("bulk_import.perform", { name }))) return null;
    const seen = await show((session) => field(session, "status") !== "performing");
    if (seen === null) return null;
    ready = field(seen.body, "status") === "ready";
  }
  if (caller.lacks?.("bulk_import.error_records") !== true)
    await caller.call("bulk_import.error_records", { name });
  if (!isTaken(await ask("bulk_import.commit", { name }))) return null;
  const seen = await show((session) => String(field(session, "status")).startsWith("committ"));
  return textField(seen?.body, "job_id") ?? null;
}

/** Looks at the session once more and deletes it, as `td import:auto --auto-delete` does when its job has ended. */
export async function endImport(caller: Caller, name: string, giveUp: AbortSignal): Promise<void> {
  await caller.call("bulk_import.show", { name });
  await until(caller, giveUp, () => caller.call("bulk_import.delete", { name }), isAnswer);
}

/** A perform that was killed or has failed gives the session back, and the customer performs again. */
const mostPerforms = 10;
