import { isTerminal, type JobStatus, type TerminalStatus } from "../../../contracts/job.ts";
import type { OperationId } from "../../../contracts/operations.ts";
import { samples } from "../../../contracts/testing/samples.ts";
import type { Millis } from "../../../contracts/values.ts";
import type { ExchangeEvent } from "../../history/event.ts";
import { domainKey, targetTable } from "../../schedule/targets.ts";

/** Calls about job "1" as the contract has them, in a line each. */

/** An exchange, with `at` as the moment at which its caller knew what became of it. */
export type Told = ExchangeEvent & { at: Millis };

/** What a test says otherwise of a call. */
type More = Partial<Told>;

/** The operation's sample, with what is said of it. */
function told(at: Millis, operation: OperationId, request: object, reply: object, more: More): Told {
  const { input, reply: sample } = samples[operation];
  const byWorker = operation.startsWith("worker.");
  return {
    at,
    sent: at - 10,
    kind: "exchange",
    link: byWorker ? "worker->api" : "customer->api",
    by: byWorker ? "worker-v5-1" : "customer",
    generation: byWorker ? "v5" : null,
    operation,
    job: "1",
    outcome: "ok",
    status: 200,
    request: { ...input, ...request },
    reply: { ...(sample as object), ...reply },
    ...more,
  };
}

const own = { job_id: "1" };

const { result: _, ...sampleOrder } = samples["job.issue"].input;

/** What job "1" is to do; without a destination. */
export const order: Readonly<Record<string, unknown>> = { ...sampleOrder, domain_key: domainKey(1) };

export const issue = (at: Millis, more: More = {}): Told =>
  told(at, "job.issue", {}, { job: "1", ...own }, { request: order, ...more });

/** A second that every time of a short story lies in. */
const soon = "1970-01-01 00:00:00 UTC";

/** What a customer is shown of the job. */
function shown(status: JobStatus) {
  const hasStarted = status !== "queued" && status !== "booting";
  const hasEnded = isTerminal(status);
  return {
    ...own,
    status,
    query: order.query,
    result: "",
    url: "https://console.test/jobs/1",
    created_at: soon,
    updated_at: soon,
    start_at: hasStarted ? soon : null,
    end_at: hasEnded ? soon : null,
    duration: hasEnded ? 0 : null,
    hive_result_schema: null,
    num_records: endOf(status).num_records,
    result_size: null,
  };
}

export const show = (at: Millis, status: JobStatus, more: More = {}): Told =>
  told(
    at,
    "job.show",
    own,
    { ...shown(status), debug: { cmdout: null, stderr: endOf(status).message } },
    more,
  );

/** A look at the table that the job is about. */
export const showTable = (
  at: Millis,
  count: number,
  columns: readonly (readonly [string, string])[],
  more: More = {},
): Told => {
  const name = targetTable(1);
  const reply = { name, count, schema: JSON.stringify(columns) };
  return told(at, "table.show", { table: name }, reply, { job: null, ...more });
};

export const kill = (at: Millis, former: JobStatus, more: More = {}): Told =>
  told(at, "job.kill", own, { ...own, former_status: former }, more);

/** The customer's list of its jobs, all in one state; it is about none. */
export const list = (
  at: Millis,
  ids: readonly string[],
  more: More = {},
  status: JobStatus = "success",
): Told => {
  const { jobs: entries } = samples["job.list"].reply as { jobs: object[] };
  const jobs = ids.map((id) => ({
    ...entries[0],
    ...shown(status),
    job_id: id,
    url: `https://console.test/jobs/${id}`,
  }));
  const reply = { jobs, count: jobs.length, from: null, to: null };
  return told(at, "job.list", {}, reply, { job: null, ...more });
};

/** A worker asks for a job and gets this attempt at it. */
export const grant = (at: Millis, attempt: number, more: More = {}): Told => {
  const { job } = samples["worker.claim"].reply as { job: object };
  return told(
    at,
    "worker.claim",
    {},
    { job: { ...job, ...own, attempt, query: order.query, result_url: null } },
    more,
  );
};

/** A worker asks for a job and gets none. */
export const idle = (at: Millis, more: More = {}): Told =>
  told(at, "worker.claim", {}, { job: null }, { job: null, ...more });

export const heartbeat = (at: Millis, attempt: number, more: More = {}): Told =>
  told(at, "worker.heartbeat", { ...own, attempt }, {}, more);

export const receipt = (at: Millis, attempt: number, rows: number, more: More = {}): Told =>
  told(at, "worker.receipt", { ...own, attempt, rows }, { rows }, more);

export const finish = (at: Millis, attempt: number, status: TerminalStatus, more: More = {}): Told =>
  told(at, "worker.finish", { ...own, attempt, status, ...endOf(status) }, { ...own, status }, more);

/** What a worker tells of an end, and a customer is shown. */
const endOf = (status: JobStatus) => ({
  num_records: status === "success" ? 1 : null,
  message: status === "error" || status === "killed" ? "so it was" : null,
});

/** What a finish report says where the destination of its query has refused the rows. */
export const saysRefused: More = {
  request: { ...own, attempt: 1, status: "success", ...endOf("success"), output_error: "answered 403" },
};

/** How a call can go wrong. */
export const refused = (reason: string, status = 409): More => ({
  outcome: "fail",
  status,
  reply: { error: reason, text: reason, severity: "error", details: { reason } },
});
/** An injected answer: the service gave none. */
export const unavailable: More = { outcome: "unknown", status: 503, served: null, reply: undefined };
/** No answer came, and the request never arrived. */
export const lost: More = { outcome: "fail", status: null, reply: undefined };
/** No answer came, though the API gave one. */
export const lostReply: More = { outcome: "unknown", status: null, served: 200 };

/** A job that nothing happened to. */
export const calm: readonly Told[] = [
  issue(100),
  grant(200, 1),
  heartbeat(220, 1),
  finish(700, 1, "success"),
  show(1_000, "success"),
];
