import { isRetryable } from "../../contracts/errors.ts";
import { isTerminal, type JobStatus, type QueryType } from "../../contracts/job.ts";
import { field } from "../../contracts/step.ts";
import { factsOf } from "../../contracts/steps.ts";
import { type Column, columnsIn, type Row } from "../../contracts/values.ts";
import { endImport, type Load, orderImport } from "./bulk-import.ts";
import type { Caller } from "./caller.ts";
import { type Connection, orderLoad } from "./data-connector.ts";
import { issue } from "./issue.ts";
import { type OwnDatabase, readsOwn } from "./own-database.ts";
import { type Deletion, orderDeletion } from "./partial-delete.ts";
import { firstWaitMs, longestWaitMs } from "./patience.ts";
import { orderExport } from "./result-export.ts";
import { endScheduled, orderScheduled, type Turns, turnScheduled } from "./scheduled-query.ts";
import { makeTable, type Stream, seen, stream } from "./streaming.ts";
import { type Extraction, orderTableExport } from "./table-export.ts";
import { statusIn, toItsEnd } from "./to-its-end.ts";

/** What a customer wants done. */
export interface Order {
  type: QueryType;
  database: string;
  query: string;
  /** Where the result goes; absent for a job without Result Output. */
  result?: string;
  /** How often it is tried again after a failure; absent: not once. */
  retry_limit?: number;
  /** By which it is known again; a client that sends none must not send the same order twice. */
  domain_key?: string;
  /** What is loaded by Bulk Import, in the place of a query; no part of a request. */
  load?: Omit<Load, "database">;
  /** The table that it makes beforehand, and in which it waits to see the job's result; no part of a request. */
  fills?: Pick<Stream, "table" | "records">;
  /** A database that it makes beforehand, and reads by a job of its own; no part of a request. */
  own?: OwnDatabase;
  /** What is streamed into the table that the query reads, beforehand; no part of a request. */
  stream?: Omit<Stream, "database">;
  /** What it has delivered to the same place beforehand, by a job of its own; no part of a request. */
  earlier?: { query: string; domain_key?: string };
  /** What is deleted by Partial Delete, in the place of a query; no part of a request. */
  deletion?: Omit<Deletion, "database" | "domain_key">;
  /** What is written to `result` by an export of a table, in the place of a query; no part of a request. */
  extraction?: Omit<Extraction, "database" | "result" | "domain_key">;
  /** What is loaded from `result` by Data Connector, in the place of a query; no part of a request. */
  connection?: Omit<Connection, "database" | "result" | "domain_key">;
  /**
   * The result goes there by a job of its own, once the query has ended; again, where the query delivers it there as well. No part
   * of a request.
   */
  exports?: "first" | "again";
  /** The service keeps it under this name, and it runs from there; no part of a request. */
  scheduled?: { name: string; isDue: boolean; turns: Turns };
}

/** How a customer goes about a job. */
export interface Following {
  /** Told the job's id as soon as it is known. */
  onAccepted: (id: string) => void;
  /** It asks for the job's end as soon as it sees it running. */
  kills: boolean;
  /** It follows the job no longer once this is aborted. */
  giveUp: AbortSignal;
}

/**
 * A customer as digdag is one: it makes its domain key before the first try, sends the job until it is accepted, takes
 * a conflict as its own earlier success, and polls until the job has ended.
 *
 * @returns whether it has seen the job's end, or knows that there is no job
 */
export async function followJob(
  caller: Caller,
  order: Order,
  { onAccepted, kills, giveUp }: Following,
): Promise<boolean> {
  const { fills, database, scheduled, domain_key } = order;
  const id = await ordered(caller, order, giveUp);
  if (id === null) return !giveUp.aborted;
  onAccepted(id);
  let killed = false;
  for (let wait = firstWaitMs; !giveUp.aborted; wait = Math.min(wait * 1.5, longestWaitMs)) {
    const status = await look(caller, id);
    if (status !== null && isTerminal(status)) {
      if (scheduled !== undefined && status === "success")
        await turnScheduled(caller, { ...scheduled, domain_key }, scheduled.turns, giveUp);
      await tidyUp(caller, order, giveUp);
      if (fills !== undefined && status === "success") await seen(caller, { database, ...fills }, giveUp);
      return !giveUp.aborted;
    }
    if (kills && !killed && status === "running") killed = isDecided(await askForEnd(caller, id));
    await caller.sleep(wait);
  }
  return false;
}

/** Leaves nothing of its own behind once its job has ended. */
export async function tidyUp(
  caller: Caller,
  { load, scheduled }: Pick<Order, "load" | "scheduled">,
  giveUp: AbortSignal,
): Promise<void> {
  if (load !== undefined) await endImport(caller, load.table, giveUp);
  if (scheduled !== undefined) await endScheduled(caller, scheduled.name, giveUp);
}

/** Orders it in its own way. @returns the job's id; null if it was refused for good, or if the customer gave up */
async function ordered(caller: Caller, order: Order, giveUp: AbortSignal): Promise<string | null> {
  const {
    load,
    stream: wanted,
    deletion,
    extraction,
    connection,
    fills,
    own,
    earlier,
    exports,
    scheduled,
    ...request
  } = order;
  const { database, domain_key, result } = order;
  if (own !== undefined && !(await readsOwn(caller, own, giveUp))) return null;
  if (load !== undefined) return await orderImport(caller, { database, ...load }, giveUp);
  if (deletion !== undefined)
    return await orderDeletion(caller, { database, domain_key, ...deletion }, giveUp);
  if (extraction !== undefined)
    return await orderTableExport(caller, { database, domain_key, result, ...extraction }, giveUp);
  if (connection !== undefined)
    return await orderLoad(caller, { database, domain_key, result, ...connection }, giveUp);
  if (fills !== undefined && !(await makeTable(caller, { database, ...fills }, giveUp))) return null;
  if (wanted !== undefined && !(await stream(caller, { database, ...wanted }, giveUp))) return null;
  if (earlier !== undefined) {
    const before = await toItsEnd(caller, { ...request, ...earlier }, giveUp);
    if (before?.status !== "success") return null;
  }
  if (exports !== undefined) return await orderExport(caller, request, exports === "again", giveUp);
  if (scheduled !== undefined) {
    const { domain_key: _, ...settings } = request;
    return await orderScheduled(caller, { ...scheduled, domain_key, settings }, giveUp);
  }
  return await issue(caller, "job.issue", { ...request }, giveUp);
}

/** The job as the customer sees it; undefined where it sees none. */
export async function show({ call }: Caller, id: string): Promise<unknown> {
  const reply = await call("job.show", { job_id: id });
  return reply?.status === 200 ? reply.body : undefined;
}

/** The job's status as the customer sees it, or null where it sees none. */
export const look = async (caller: Caller, id: string): Promise<JobStatus | null> =>
  statusIn(await show(caller, id));

/** Asks once for the job's end; null where no answer came. */
export const askForEnd = ({ call }: Caller, id: string) => call("job.kill", { job_id: id });

/** Whether the service has said what comes of a request: it is not to be sent again. */
const isDecided = (reply: Awaited<ReturnType<typeof askForEnd>>): boolean =>
  reply !== null && !isRetryable(reply.status);

/**
 * Pages through the customer's list of jobs until it shows all of these or nothing new.
 *
 * @returns the jobs that it shows; undefined where a page was not answered
 */
export async function readList(
  { call }: Caller,
  wanted: readonly string[],
): Promise<ReadonlySet<string> | undefined> {
  const seen = new Set<string>();
  for (;;) {
    const request = { from: seen.size };
    const reply = await call("job.list", request);
    if (reply?.status !== 200) return undefined;
    const { jobs = [] } = factsOf("job.list", { request, status: reply.status, reply: reply.body });
    const before = seen.size;
    for (const job of jobs) seen.add(job);
    if (seen.size === before || wanted.every((id) => seen.has(id))) return seen;
  }
}

/** How often a result is asked for, with growing waits between: 13 min together, longer than any fault of a schedule. */
const resultTries = 32;

/**
 * The rows of a job's result, one JSON array a line; null where the service gives none that can be read, undefined
 * where it gives no answer at all.
 */
export async function readResult(
  { call, sleep }: Caller,
  id: string,
): Promise<readonly Row[] | null | undefined> {
  let answered = false;
  for (let tried = 1, wait = firstWaitMs; ; tried++, wait = Math.min(wait * 2, longestWaitMs)) {
    const reply = await call("job.result", { job_id: id, format: "json" });
    if (reply?.status === 200) return rowsIn(reply.body);
    answered ||= reply !== null;
    if (reply !== null && !isRetryable(reply.status)) return null;
    if (tried === resultTries) return answered ? null : undefined;
    await sleep(wait);
  }
}

/** The same, as it is stored. What comes is for the judge: the rows are known from the text. */
export async function readPacked({ call }: Caller, id: string): Promise<void> {
  await call("job.result", { job_id: id, format: "msgpack.gz" });
}

/** What a customer asks besides when all is over, so that every way to look at a job is tried. */
export async function lookAround({ call }: Caller, id: string): Promise<void> {
  await call("job.status", { job_id: id });
}

/** What a customer tries with a job that is another's: all of it must be refused, and nothing may come of it. */
export async function intrude({ call }: Caller, id: string): Promise<void> {
  await call("job.show", { job_id: id });
  await call("job.status", { job_id: id });
  await call("job.result", { job_id: id, format: "json" });
  await call("job.kill", { job_id: id });
}

/** What a customer sees of what is its own. */
export async function lookAtCatalog({ call }: Caller, database: string): Promise<void> {
  await call("database.list", {});
  await call("database.show", { database });
  await call("table.list", { database });
}

/** The columns of a table as its customer is shown them; null where it is shown none, undefined where nobody answers so. */
export async function showTable(
  { call }: Caller,
  database: string,
  table: string,
): Promise<readonly Column[] | null | undefined> {
  const reply = await call("table.show", { database, table });
  if (reply?.status === 404) return null;
  return reply?.status === 200 ? columnsIn(field(reply.body, "schema")) : undefined;
}

/** The text of a result; npm td gives `{}` for an empty one. */
function rowsIn(text: unknown): readonly Row[] | null {
  if (typeof text !== "string") return isEmptyObject(text) ? [] : null;
  try {
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Row);
  } catch {
    return null;
  }
}

const isEmptyObject = (value: unknown): boolean =>
  typeof value === "object" && value !== null && Object.keys(value).length === 0;
