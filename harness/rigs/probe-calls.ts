import { type Credential, isCustomer, isWorker } from "../../contracts/authority.ts";
import { integerDigits } from "../../contracts/bounds/wide-integers.ts";
import type { Reply } from "../../contracts/in-process.ts";
import type { Cluster, Generation } from "../../contracts/job.ts";
import { type OperationId, operations } from "../../contracts/operations.ts";
import { field, textField } from "../../contracts/step.ts";
import type { Millis } from "../../contracts/values.ts";
import type { ExchangeEvent } from "../history/event.ts";
import type { Headers, Input } from "../probe/probe.ts";

/** What all rigs share for the calls of the probe. */

export interface Keys {
  customers: Readonly<Partial<Record<Cluster, string>>>;
  workers: Readonly<Partial<Record<Generation, string>>>;
}

/** The `authorization` header of a call: the one among its own headers, else that of the credential; null for none. */
export function authorizationOf(
  credential: Credential,
  operation: OperationId,
  { customers, workers }: Keys,
  headers: Headers = {},
): string | null {
  const { authorization } = headers;
  if (authorization !== undefined) return authorization;
  if (isCustomer(credential)) return `TD1 ${customers[credential]}`;
  if (isWorker(credential)) return `Worker ${workers[credential]}`;
  if (credential === "none") return null;
  return `${operations[operation].audience === "worker" ? "Worker" : "TD1"} known-to-nobody`;
}

export interface ProbeCall {
  by: string;
  credential: Credential;
  operation: OperationId;
  input: Input;
  headers?: Headers | undefined;
  sent: Millis;
}

/** A call of the probe as an event of a history; a reply of null is none. */
export const probeExchange = (
  { by, credential, operation, input, headers = {}, sent }: ProbeCall,
  reply: Reply | null,
): ExchangeEvent => ({
  kind: "exchange",
  link: operations[operation].audience === "worker" ? "worker->api" : "customer->api",
  by,
  generation: isWorker(credential) ? credential : null,
  ...(isCustomer(credential) ? { customer: credential } : {}),
  probe: credential,
  operation,
  job: textField(input, "job_id") ?? jobIn(reply?.body),
  ...(reply?.headers === undefined ? {} : { headers: { request: headers, reply: reply.headers } }),
  sent,
  outcome: outcomeOf(reply?.status),
  status: reply?.status ?? null,
  request: input,
  reply: reply?.body,
});

/** The jobs that a customer is told to have ordered: by a query, an export of a result or a table, a load, Partial Delete, Bulk Import, or a scheduled query. */
export function orderedBy(operation: string, reply: Pick<Reply, "status" | "body"> | null): string[] {
  const orders: readonly string[] = [
    "job.issue",
    "job.result_export",
    "table.partial_delete",
    "table.export",
    "connector.issue",
    "bulk_import.perform",
    "bulk_import.show",
    "scheduled_query.run",
    "scheduled_query.history",
  ] satisfies OperationId[];
  if (reply?.status !== 200 || !orders.includes(operation)) return [];
  const jobs = field(reply.body, "jobs") ?? field(reply.body, "history");
  return (Array.isArray(jobs) ? jobs : [reply.body]).flatMap((job: unknown) => {
    const id = field(job, "job_id");
    const digits = integerDigits(id) ?? id;
    return typeof digits === "string" ? [digits] : [];
  });
}

const outcomeOf = (status: number | undefined): ExchangeEvent["outcome"] => {
  if (status === undefined || status >= 500) return "unknown";
  return status < 300 ? "ok" : "fail";
};

const jobIn = (body: unknown): string | null =>
  textField(body, "job_id") ?? textField(field(body, "job"), "job_id") ?? null;
