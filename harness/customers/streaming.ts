import { field } from "../../contracts/step.ts";
import type { Millis } from "../../contracts/values.ts";
import type { Caller } from "./caller.ts";
import { firstWaitMs, longestWaitMs } from "./patience.ts";
import { isAnswer, isTaken, until } from "./until.ts";

/**
 * A customer as fluentd is one: it sends each chunk under an id of its own until it is acknowledged, and the first one once
 * more, as after an answer that was lost. Then it waits until it sees all records.
 */

/** What a customer streams, and where. */
export interface Stream {
  database: string;
  table: string;
  /** Where it comes first: another table, which exchanges its name with this one once all is there. */
  beside?: string;
  chunks: readonly { id: string | null; content: string }[];
  /** How many there are in all chunks. */
  records: number;
}

/** Of the system's own time: the service may be away for most of it. */
const patienceMs: Millis = 15 * 60_000;

/** @returns whether the service has acknowledged all of it */
export async function stream(
  caller: Caller,
  { database, table, beside, chunks, records }: Stream,
  giveUp: AbortSignal,
): Promise<boolean> {
  if (!(await makeTable(caller, { database, table }, giveUp))) return false;
  const swap = (second: string) =>
    until(caller, giveUp, () => caller.call("table.swap", { database, first: table, second }), isAnswer);
  const isSent = (into: string) => send(caller, { database, table: into, chunks, records }, giveUp);
  // With itself nothing is exchanged: it tells whether there is such a call.
  if (beside === undefined || caller.lacks?.("table.swap") === true || !isTaken(await swap(table)))
    return await isSent(table);
  if (!(await makeTable(caller, { database, table: beside }, giveUp)) || !(await isSent(beside)))
    return false;
  if (!isTaken(await swap(beside))) return false;
  await until(caller, giveUp, () => caller.call("table.delete", { database, table: beside }), isAnswer);
  await seen(caller, { database, table, records }, giveUp);
  return true;
}

/** Each chunk until it is acknowledged, and all of them until they are seen. */
async function send(
  caller: Caller,
  { database, table, chunks, records }: Stream,
  giveUp: AbortSignal,
): Promise<boolean> {
  const ask = (operation: Parameters<Caller["call"]>[0], input: Record<string, unknown>) =>
    until(caller, giveUp, () => caller.call(operation, { database, table, ...input }), isAnswer);
  const [first] = chunks;
  for (const { id, content } of first === undefined ? [] : [first, ...chunks]) {
    const chunk = { format: "msgpack.gz", content };
    const reply = await (id === null
      ? ask("table.import", chunk)
      : ask("table.import_with_id", { ...chunk, unique_id: id }));
    if (reply?.status !== 200) return false;
  }
  await seen(caller, { database, table, records }, giveUp);
  return true;
}

/** @returns whether the service has it now */
export const makeTable = async (
  caller: Caller,
  { database, table }: Pick<Stream, "database" | "table">,
  giveUp: AbortSignal,
): Promise<boolean> =>
  isTaken(
    await until(
      caller,
      giveUp,
      () => caller.call("table.create", { database, table, type: "log" }),
      isAnswer,
    ),
  );

/** Looks until the table has so many records, or for as long as it has patience: what is there then is for others to judge. */
export async function seen(
  { call, lacks, sleep }: Caller,
  { database, table, records }: Pick<Stream, "database" | "table" | "records">,
  giveUp: AbortSignal,
): Promise<void> {
  const isOne = lacks?.("table.show") !== true;
  let waited: Millis = 0;
  for (
    let wait = firstWaitMs;
    !giveUp.aborted && waited < patienceMs;
    wait = Math.min(wait * 1.5, longestWaitMs)
  ) {
    const reply = await (isOne ? call("table.show", { database, table }) : call("table.list", { database }));
    if (
      reply?.status === 200 &&
      countIn(isOne ? [reply.body] : field(reply.body, "tables"), table) >= records
    )
      return;
    await sleep(wait);
    waited += wait;
  }
}

function countIn(tables: unknown, table: string): number {
  const found = Array.isArray(tables) ? tables.find((one) => field(one, "name") === table) : undefined;
  return Number(field(found, "count") ?? 0);
}
