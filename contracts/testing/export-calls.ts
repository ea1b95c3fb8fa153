import type { Fields, ModelCall } from "../model/call.ts";
import { judgeCalls } from "../model/model.ts";
import {
  call,
  claim,
  ended,
  finish,
  issue,
  limits,
  listed,
  look,
  notBegun,
  refusal,
  second,
} from "./model-calls.ts";

/** A query and two exports of its result, the first one to its end: every call a second after the other. */

export const result = "web://sink/x";
export const query = "RESULT EXPORT OF JOB 1";
export const asked = (at: number, id: string, change: Fields = {}, more: Partial<ModelCall> = {}) =>
  call(
    at,
    "job.result_export",
    { target_id: "1", result, domain_key: `k${id}`, ...change },
    { job_id: id, target_job_id: "1" },
    more,
  );
export const own = { job_id: "2", attempt: 1 };
export const shown = {
  job_id: "2",
  url: "https://console.test/jobs/2",
  type: "result_export",
  query,
  result,
  created_at: second(6),
  updated_at: second(6),
  linked_result_export_job_id: null,
  result_export_target_job_id: 1,
};
const lookAt = (at: number, change: Fields = {}) =>
  look(at, { ...shown, ...change }, { request: { job_id: "2" } });
export const settings = limits.destinationOf(result);
const receipt = { rows: 1, checksum: "0".repeat(64) };
const report = { status: "success", num_records: 1, result_size: null, result_schema: null, message: null };
export const target = (at: number, link: number | null) =>
  look(at, { ...ended, linked_result_export_job_id: link, result_export_target_job_id: null });
export const linkedIn = (link: number | null) => ({
  ...listed,
  ...ended,
  linked_result_export_job_id: link,
  result_export_target_job_id: null,
});
export const inList = { ...listed, ...notBegun, ...shown };

export const story: ModelCall[] = [
  issue(1_000),
  asked(2_000, "9", {}, refusal(409, "wrong_state")),
  claim(3_000),
  finish(4_000),
  target(5_000, null),
  asked(6_000, "2"),
  lookAt(7_000),
  target(8_000, 2),
  call(
    9_000,
    "worker.claim",
    { generation: "v5", engines: ["presto", "hive-cdh4"], worker: "worker-v5-1", version: "d" },
    {
      job: {
        ...own,
        lease_ms: 30_000,
        account: 1,
        type: "presto",
        engine: "presto",
        database: "sample",
        query,
        kill_requested: false,
        result_url: result,
      },
    },
  ),
  call(10_000, "worker.receipt", { ...own, ...receipt }, { rows: 1 }),
  call(11_000, "worker.finish", { ...own, ...report }, { job_id: "2", status: "success" }),
  asked(12_000, "3"),
  target(13_000, 3),
  asked(14_000, "4", { target_id: "77" }, refusal(404, "not_found")),
  asked(15_000, "4", { result: "ftp://x" }, refusal(422, "invalid_input")),
];

export const without = { ...limits, rowsOf: () => null };
export const problems = (calls: readonly ModelCall[]): string[] =>
  judgeCalls(calls, 0, without).departures.map(({ problem }) => problem);
export const otherwise = (at: number, change: (call: ModelCall) => Partial<ModelCall>): ModelCall[] =>
  story.map((one) => (one.returned === at ? { ...one, ...change(one) } : one));
export const replied = (at: number, change: Fields) =>
  otherwise(at, ({ reply }) => ({ reply: { ...(reply as Fields), ...change } }));
export const taken = (job_id: string) => ({ status: 200, reply: { job_id, target_job_id: "1" } });
export const lost = { status: null, reply: undefined, excused: true };
