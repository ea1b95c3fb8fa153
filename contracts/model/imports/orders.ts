import { integerDigits } from "../../bounds/wide-integers.ts";
import type { ImportType } from "../../job.ts";
import { field } from "../../step.ts";
import type { Millis } from "../../values.ts";
import { worded } from "../../worded-jobs.ts";
import { type Fields, isUnanswered, type ModelCall } from "../call.ts";
import { asIssue, type WordedOrder } from "../worded-orders.ts";

/** The jobs that customers order by Bulk Import, as if each were issued as a query. */

/** A session of one customer: the calls that order jobs for it, and what is said of it. */
export const sessionKey = ({ account, request }: ModelCall): string | null =>
  account === null || typeof request["name"] !== "string" ? null : `${account.name}/${request["name"]}`;

export const isOfSession = ({ operation }: ModelCall): boolean => operation.startsWith("bulk_import.");

/**
 * A perform that was answered tells its job. Any other call may have ordered one of which no answer tells the id: it is
 * as an order without an answer.
 */
export function ordersOf(calls: readonly ModelCall[]): WordedOrder[] {
  const targets = new Map<string, Fields>();
  /** When a perform was first sent that may have ordered the job which a later one tells. */
  const begun = new Map<string, Millis>();
  const told = new Set<string>();
  /** The commit that was taken last. */
  const committed = new Map<string, ModelCall>();
  const failures = calls.filter(mayFail);
  const own = calls.filter(isOfSession).sort((a, b) => a.sent - b.sent);
  return own.flatMap((call): WordedOrder[] => {
    const { operation, status, sent } = call;
    const key = sessionKey(call);
    const isLost = isUnanswered(call);
    if (key === null || (status !== 200 && !isLost)) return [];
    const target = targets.get(key);
    if (operation === "bulk_import.create" || operation === "bulk_import.delete") committed.delete(key);
    if (operation === "bulk_import.create") {
      // Where the same call is then refused as taken, it was.
      if (!isLost || target === undefined) targets.set(key, call.request);
      return [];
    }
    if (target === undefined) return [];
    if (operation === "bulk_import.commit") {
      const last = committed.get(key);
      if (!isLost) committed.set(key, call);
      // It orders nothing where the session was committing or committed all the time.
      const isRepeated = last !== undefined && !failures.some((end) => isBetween(end, last, call));
      return isRepeated ? [] : [order(call, target, "bulk_import_commit", null)];
    }
    if (operation !== "bulk_import.perform") return [];
    const from = begun.get(key) ?? sent;
    if (isLost) {
      begun.set(key, from);
      return [order(call, target, "bulk_import_perform", null)];
    }
    begun.delete(key);
    const id = integerDigits(field(call.reply, "job_id"));
    if (id === null || told.has(`${key} ${id}`)) return [];
    told.add(`${key} ${id}`);
    return [order({ ...call, sent: from }, target, "bulk_import_perform", id)];
  });
}

/** Whether it may end a job otherwise than with success. */
const mayFail = ({ operation, request }: ModelCall): boolean =>
  operation === "job.kill" || (operation === "worker.finish" && request["status"] !== "success");

const isBetween = (end: ModelCall, first: ModelCall, last: ModelCall): boolean =>
  end.sent <= last.returned && (isUnanswered(end) || end.returned >= first.sent);

const order = (call: ModelCall, target: Fields, shownType: ImportType, id: string | null): WordedOrder => {
  const { database, table, name } = target;
  const query = worded(shownType, { session: String(name), table: String(table) });
  return {
    ...call,
    operation: "job.issue",
    shownType,
    doneBy: call.status === 200 ? call.returned : null,
    request: asIssue(query, { database, priority: call.request["priority"] }),
    ...(id === null ? { status: null, reply: undefined } : { reply: { job_id: id, job: id, database } }),
  };
};
