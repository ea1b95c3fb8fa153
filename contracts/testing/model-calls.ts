import { parseDestination } from "../destination.ts";
import type { Fields, ModelCall, ModelLimits } from "../model/call.ts";
import { judgeCalls } from "../model/model.ts";
import type { OperationId } from "../operations.ts";
import { claimedV5, samples } from "./samples.ts";

/** Calls about job "1" as the model judges them, in a line each. */

/** As a service reads destinations. */
export const destinationOf: ModelLimits["destinationOf"] = (url) => {
  const parsed = parseDestination(url);
  return parsed.ok ? parsed.settings : null;
};

export const limits: ModelLimits = {
  leaseMs: 30_000,
  clockErrorMs: 0,
  destinationOf,
  rowsOf: () => [[1, "a"]],
  isOneBuild: true,
};
export const cdh4 = { name: "cdh4", cluster: "cdh4" } as const;
export const hdp2 = { name: "hdp2", cluster: "hdp2" } as const;

/** A call that took ten milliseconds; a worker's where its operation is one of workers. */
export function call(
  at: number,
  operation: OperationId,
  request: Fields,
  reply: unknown,
  more: Partial<ModelCall> = {},
): ModelCall {
  const isWorkers = operation.startsWith("worker.");
  return {
    operation,
    by: isWorkers ? "worker-v5-1" : "customer",
    account: isWorkers ? null : cdh4,
    generation: isWorkers ? "v5" : null,
    sent: at - 10,
    returned: at,
    request,
    status: 200,
    reply,
    excused: false,
    ...more,
  };
}

export const order = { type: "presto", database: "sample", query: "SELECT 1", domain_key: "k" };
export const issue = (at: number, id = "1", more: Partial<ModelCall> = {}): ModelCall =>
  call(at, "job.issue", order, { job: id, job_id: id, database: "sample" }, more);
export const claimed = { ...claimedV5, job_id: "1", result_url: null };
export const asks = {
  generation: "v5",
  engines: ["presto", "hive-cdh4"],
  worker: "worker-v5-1",
  version: "d",
};
export const claim = (at: number, change: Fields = {}, more: Partial<ModelCall> = {}): ModelCall =>
  call(
    at,
    "worker.claim",
    { ...asks, worker: more.by ?? asks.worker },
    { job: { ...claimed, ...change } },
    more,
  );
export const idle = (at: number): ModelCall => call(at, "worker.claim", asks, { job: null });
export const own = { job_id: "1", attempt: 1 };
export const heartbeat = (at: number, more: Partial<ModelCall> = {}): ModelCall =>
  call(at, "worker.heartbeat", own, { lease_ms: 30_000, kill_requested: false }, more);
const report = {
  ...own,
  status: "success",
  num_records: 1,
  result_size: 9,
  result_schema: [["id", "bigint"]],
  message: null,
};
export const finish = (at: number, change: Fields = {}, more: Partial<ModelCall> = {}): ModelCall => {
  const request = { ...report, ...change };
  return call(at, "worker.finish", request, { job_id: "1", status: (request as Fields)["status"] }, more);
};
export const kill = (at: number, former: string): ModelCall =>
  call(at, "job.kill", { job_id: "1" }, { job_id: "1", former_status: former });
export const second = (s: number) => `1970-01-01 00:00:${String(s).padStart(2, "0")} UTC`;
/** What a look shows of a job that nobody has begun. */
export const notBegun: Fields = {
  status: "queued",
  start_at: null,
  end_at: null,
  duration: null,
  num_records: null,
  result_size: null,
  hive_result_schema: null,
};
const shown: Fields = {
  ...(samples["job.show"].reply as Fields),
  job_id: "1",
  ...notBegun,
  query: "SELECT 1",
  result: "",
  url: "https://console.test/jobs/1",
  user_name: "ann",
  created_at: second(1),
  updated_at: second(1),
  debug: { cmdout: null, stderr: null },
};
export const look = (at: number, change: Fields = {}, more: Partial<ModelCall> = {}): ModelCall =>
  call(at, "job.show", { job_id: "1" }, { ...shown, ...change }, more);
export const ended = {
  status: "success",
  updated_at: second(4),
  start_at: second(3),
  end_at: second(4),
  duration: 1,
  num_records: 1,
  result_size: 9,
  hive_result_schema: '[["id","bigint"]]',
};
export const list = (at: number, jobs: readonly Fields[], more: Partial<ModelCall> = {}): ModelCall =>
  call(at, "job.list", {}, { jobs, count: jobs.length, from: null, to: null }, more);
const { debug: _, ...listedJob } = { ...shown, ...ended } as Fields;
export const refusal = (status: number, reason: string): Partial<ModelCall> => ({
  status,
  reply: { error: "no", text: "no", severity: "error", details: { reason } },
});
export const read = (at: number, reply: unknown, more: Partial<ModelCall> = {}): ModelCall =>
  call(at, "job.result", { job_id: "1", format: "json" }, reply, more);

export const listed: Fields = listedJob;
export const life = [issue(1_000), claim(2_000), heartbeat(3_000), finish(4_000)];
export const whole = [...life, look(5_000, ended), list(6_000, [listed]), read(7_000, '[1,"a"]\n')];

/** What the model objects to. */
export const problems = (calls: readonly ModelCall[]): string[] =>
  judgeCalls(calls, 0, limits).departures.map(({ problem }) => problem);
