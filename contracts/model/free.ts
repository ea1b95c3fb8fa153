import type { OperationId } from "../operations.ts";
import type { Freedom } from "./freedoms/freedom.ts";
import { settingsFreedoms } from "./freedoms/settings.ts";
import { targetFreedoms } from "./freedoms/targets.ts";
import { userFreedoms } from "./users/free.ts";

const looks: readonly OperationId[] = [
  "job.show",
  "job.status",
  "job.status_by_domain_key",
  "job.list",
  "scheduled_query.history",
];
const scheduled: readonly OperationId[] = [
  "scheduled_query.create",
  "scheduled_query.update",
  "scheduled_query.list",
  "scheduled_query.delete",
];
const catalog: readonly OperationId[] = ["database.show", "database.list", "table.show", "table.list"];
const tables = catalog.filter((operation) => operation.startsWith("table."));
/** What changes with rows, of which the service is not told. */
export const changesWithRows = [
  "count",
  "estimated_storage_size",
  "last_log_timestamp",
  "counter_updated_at",
] as const;
/** How jobs are ordered. */
const orders: readonly OperationId[] = [
  "job.issue",
  "table.partial_delete",
  "table.export",
  "connector.issue",
  "job.result_export",
];

/** What stands in them of each one that is listed, below the list and its place there. */
const lists: readonly OperationId[] = [
  "job.list",
  "database.list",
  "table.list",
  "scheduled_query.list",
  "scheduled_query.history",
  "user.list",
];

export const freedoms: readonly Freedom[] = [
  ...userFreedoms,
  {
    operations: looks,
    side: "reply",
    field: "cpu_time",
    how: "consistent",
    reason: "only the service measures it; it must not change while the job does not",
  },
  {
    operations: looks,
    side: "reply",
    field: "duration",
    how: "within a span",
    reason: "times are shown in whole seconds, so that the difference is known to a second",
  },
  ...(["created_at", "updated_at", "start_at", "end_at"] as const).map(
    (field): Freedom => ({
      operations: looks,
      side: "reply",
      field,
      how: "within a span",
      reason:
        "it happened between the sending and the answer of the call that caused it; shown once, it is fixed",
    }),
  ),
  {
    operations: looks,
    side: "reply",
    field: "url",
    how: "consistent",
    reason: "a place for people: it names the job's id, and is alike for all jobs",
  },
  {
    operations: looks,
    side: "reply",
    field: "user_name",
    how: "consistent",
    reason: "the contract says that a customer has a name, not which",
  },
  ...(["created_at", "updated_at"] as const).map(
    (field): Freedom => ({
      operations: catalog,
      side: "reply",
      field,
      how: "within a span",
      reason:
        "not before the call that made it, nor after the look; when it was made is fixed, and changes come in order",
    }),
  ),
  ...settingsFreedoms,
  ...targetFreedoms,
  ...(["id", "delete_protected", "primary_key", "primary_key_type"] as const).map(
    (field): Freedom => ({
      operations: field === "delete_protected" ? catalog : tables,
      side: "reply",
      field,
      how: "consistent",
      reason: "nobody asks for it, and no operation changes it",
    }),
  ),
  ...changesWithRows.map(
    (field): Freedom => ({
      operations: field === "count" ? catalog : tables,
      side: "reply",
      field,
      how: "free",
      reason:
        "it changes with rows, which come into a table past the service; of one that only chunks fill, all but the storage size is judged, and of one that a job has made, the count",
    }),
  ),
  ...(["component", "release", "digest"] as const).map(
    (field): Freedom => ({
      operations: ["system.version"],
      side: "reply",
      field,
      how: "consistent",
      reason: "which build it is, the harness compares with what it has started",
    }),
  ),
  ...(["id", "user_name", "created_at"] as const).map(
    (field): Freedom => ({
      operations: scheduled,
      side: "reply",
      field,
      how: "consistent",
      reason: "of a scheduled query it is fixed when that is created",
    }),
  ),
  {
    operations: ["scheduled_query.list"],
    side: "reply",
    field: "executing_user_id",
    how: "free",
    reason: "the service's own number of a customer",
  },
  ...(["start", "next_time"] as const).map(
    (field): Freedom => ({
      operations: scheduled,
      side: "reply",
      field,
      how: "within a span",
      reason: "it is a due time of the scheduled query; none where it has none, or no more",
    }),
  ),
  {
    operations: ["worker.claim"],
    side: "reply",
    field: "job.account",
    how: "consistent",
    reason: "the service's own number of a customer: always the same, and no other customer's",
  },
  ...(["lease_ms", "job.lease_ms"] as const).map(
    (field): Freedom => ({
      operations: ["worker.claim", "worker.heartbeat"],
      side: "reply",
      field,
      how: "consistent",
      reason: "the service says how long a lease lasts, always the same, and keeps to it",
    }),
  ),
  ...(["engines", "engines.*"] as const).map(
    (field): Freedom => ({
      operations: ["worker.claim"],
      side: "request",
      field,
      how: "consistent",
      reason: "a worker may run a part of what its generation runs",
    }),
  ),
  {
    operations: ["worker.claim"],
    side: "request",
    field: "worker",
    how: "consistent",
    reason: "a worker names itself, and no other worker has its name",
  },
  {
    operations: ["worker.claim"],
    side: "request",
    field: "protocol",
    how: "free",
    reason:
      "a worker says which protocol it speaks; the form of the answer follows from it, and one build always answers in the same form: in that of the protocol, or in the first",
  },
  {
    operations: ["worker.claim"],
    side: "request",
    field: "version",
    how: "free",
    reason: "a worker's build is attested apart from its claims",
  },
  {
    operations: [...orders, "scheduled_query.run"],
    side: "request",
    field: "domain_key",
    how: "free",
    reason: "the customer's own word; whoever has it first keeps it",
  },
  {
    operations: ["table.update_schema"],
    side: "request",
    field: "schema",
    how: "free",
    reason: "the customer's own word: it is shown as it was said last, and rows are not held against it",
  },
  ...(["columns", "columns.*.*"] as const).map(
    (field): Freedom => ({
      operations: ["worker.register_table"],
      side: "request",
      field,
      how: "free",
      reason: "what the table then has in the warehouse is compared with what was promised",
    }),
  ),
  ...(["error", "text"] as const).map(
    (field): Freedom => ({
      operations: "any",
      side: "reply",
      field,
      refused: true,
      how: "free",
      reason: "words for people; programs go by status and reason",
    }),
  ),
  {
    operations: ["job.result"],
    side: "reply header",
    field: "etag",
    how: "consistent",
    reason: "each format of a result, with and without a header, has a version of its own, which stays",
  },
  {
    operations: ["bulk_import.error_records"],
    side: "reply header",
    field: "etag",
    how: "consistent",
    reason: "the file of the records in error has a version, which stays",
  },
  {
    operations: "any",
    side: "reply header",
    field: "retry-after",
    how: "free",
    reason: "the service says when to come again, if it does: in whole seconds, or a time as HTTP has it",
  },
  {
    operations: [...orders, "worker.claim"],
    side: "request",
    field: "*",
    refused: true,
    how: "free",
    reason: "of what was refused nothing came; only whether it had to be refused is judged",
  },
  ...(["job_id", "format"] as const).map(
    (field): Freedom => ({
      operations: ["job.result"],
      side: "request",
      field,
      refused: true,
      how: "free",
      reason: "a result that is not there is there in no format, nor is that of another job that has none",
    }),
  ),
];

/** Whether a leaf at this path may be otherwise without a departure. */
export const freedomOf = (
  operation: OperationId,
  side: "request" | "reply",
  path: readonly string[],
  isRefused: boolean,
): Freedom | undefined =>
  freedoms.find(
    (one) =>
      one.side === side &&
      (one.operations === "any" || one.operations.includes(operation)) &&
      (one.refused !== true || isRefused) &&
      fits(one.field.split("."), lists.includes(operation) && !isRefused ? path.slice(2) : path),
  );

const fits = (pattern: readonly string[], path: readonly string[]): boolean =>
  pattern.length === path.length && pattern.every((step, i) => step === "*" || step === path[i]);
