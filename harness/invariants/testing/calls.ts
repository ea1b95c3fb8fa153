import type { JobStatus, TerminalStatus } from "../../../contracts/job.ts";
import type { OperationId } from "../../../contracts/operations.ts";
import { samples } from "../../../contracts/testing/samples.ts";
import type { Millis } from "../../../contracts/values.ts";
import type { ExchangeEvent } from "../../history/event.ts";
import { domainKey } from "../../schedule/targets.ts";

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

export const issue = (at: Millis, more: More = {}): Told => {
  const { result: _, ...input } = samples["job.issue"].input;
  const request = { ...input, domain_key: domainKey(1) };
  return told(at, "job.issue", {}, { job: "1", ...own }, { request, ...more });
};

export const show = (at: Millis, status: JobStatus, more: More = {}): Told =>
  told(at, "job.show", own, { ...own, status }, more);

export const kill = (at: Millis, former: JobStatus, more: More = {}): Told =>
  told(at, "job.kill", own, { ...own, former_status: former }, more);

/** The customer's list of its jobs; it is about none. */
export const list = (at: Millis, ids: readonly string[], more: More = {}): Told => {
  const { jobs } = samples["job.list"].reply as { jobs: object[] };
  const shown = ids.map((id) => ({ ...jobs[0], job_id: id }));
  return told(at, "job.list", {}, { jobs: shown, count: shown.length }, { job: null, ...more });
};

/** A worker asks for a job and gets this attempt at it. */
export const grant = (at: Millis, attempt: number, more: More = {}): Told => {
  const { job } = samples["worker.claim"].reply as { job: object };
  return told(at, "worker.claim", {}, { job: { ...job, ...own, attempt, result_url: null } }, more);
};

/** A worker asks for a job and gets none. */
export const idle = (at: Millis, more: More = {}): Told =>
  told(at, "worker.claim", {}, { job: null }, { job: null, ...more });

export const heartbeat = (at: Millis, attempt: number, more: More = {}): Told =>
  told(at, "worker.heartbeat", { ...own, attempt }, {}, more);

export const receipt = (at: Millis, attempt: number, rows: number, more: More = {}): Told =>
  told(at, "worker.receipt", { ...own, attempt, rows }, { rows }, more);

export const finish = (at: Millis, attempt: number, status: TerminalStatus, more: More = {}): Told =>
  told(at, "worker.finish", { ...own, attempt, status, message: null }, { ...own, status }, more);

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
