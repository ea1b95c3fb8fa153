import { integerDigits } from "../../bounds/wide-integers.ts";
import type { ImportType } from "../../job.ts";
import { field } from "../../step.ts";
import { type Fields, fieldsIn, type ModelCall } from "../call.ts";

/** The jobs that customers order by Bulk Import, as if each were issued as a query. */

const words = { bulk_import_perform: "PERFORM", bulk_import_commit: "COMMIT" } as const;

/** Calls of `job.issue` that mean the same; `type` is how such a job is shown. */
export interface ImportOrder extends ModelCall {
  shownType: ImportType;
}

/** A session of one customer: the calls that order jobs for it, and what is said of it. */
export const sessionKey = ({ account, request }: ModelCall): string | null =>
  account === null || typeof request["name"] !== "string" ? null : `${account.name}/${request["name"]}`;

export const isOfSession = ({ operation }: ModelCall): boolean => operation.startsWith("bulk_import.");

/** Of an order of which the job's id is never told nothing is known. */
export function ordersOf(calls: readonly ModelCall[]): ImportOrder[] {
  const targets = new Map<string, Fields>();
  const orders = new Map<string, ImportOrder>();
  const own = calls.filter(isOfSession).sort((a, b) => a.sent - b.sent);
  for (const call of own) {
    const key = sessionKey(call);
    if (key === null) continue;
    if (call.operation === "bulk_import.create" && call.status === 200) targets.set(key, call.request);
    const target = targets.get(key);
    if (target === undefined || call.status !== 200) continue;
    const add = (id: unknown, shownType: ImportType, by: ModelCall) => {
      if (typeof id !== "string") return;
      const job = `${key} ${id}`;
      if (!orders.has(job)) orders.set(job, order(by, id, shownType, target));
    };
    if (call.operation === "bulk_import.perform")
      add(integerDigits(field(call.reply, "job_id")), "bulk_import_perform", call);
    if (call.operation === "bulk_import.show") {
      const commit = commitOf(own, call, key);
      if (commit !== undefined) add(field(call.reply, "job_id"), "bulk_import_commit", commit);
    }
  }
  return [...orders.values()];
}

const order = (call: ModelCall, id: string, shownType: ImportType, target: Fields): ImportOrder => {
  const { database, table, name } = target;
  const query = `BULK IMPORT ${words[shownType]} ${String(name)} INTO ${String(table)}`;
  return {
    ...call,
    operation: "job.issue",
    shownType,
    request: { type: "hive", database, query, priority: fieldsIn(call.request)["priority"], retry_limit: 0 },
    reply: { job_id: id, job: id, database },
  };
};

/** The first commit that was taken since the session was last shown with another job: others are told of the same one. */
function commitOf(calls: readonly ModelCall[], look: ModelCall, key: string): ModelCall | undefined {
  if (!["committing", "committed"].includes(String(field(look.reply, "status")))) return undefined;
  const before = calls.filter(
    (call) => call.status === 200 && call.sent < look.sent && call !== look && sessionKey(call) === key,
  );
  const id = field(look.reply, "job_id");
  const others = before.filter(
    ({ operation, reply }) => operation === "bulk_import.show" && field(reply, "job_id") !== id,
  );
  const since = Math.max(0, ...others.map(({ sent }) => sent));
  return before
    .filter(({ operation, returned }) => operation === "bulk_import.commit" && returned >= since)
    .toSorted((a, b) => a.sent - b.sent)[0];
}
