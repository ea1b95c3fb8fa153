import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { OperationId } from "../operations.ts";
import { samples } from "../testing/samples.ts";
import type { Fields, ModelCall, ModelLimits } from "./call.ts";
import { judgeCalls } from "./model.ts";

const limits: ModelLimits = {
  leaseMs: 30_000,
  clockErrorMs: 0,
  destinationOf: (url) => (url.startsWith("web://") ? { type: "web", url } : null),
  rowsOf: () => [[1, "a"]],
};
const cdh4 = { name: "cdh4", cluster: "cdh4" } as const;
const hdp2 = { name: "hdp2", cluster: "hdp2" } as const;

/** A call that took ten milliseconds; a worker's where its operation is one of workers. */
function call(
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

const order = { type: "presto", database: "sample", query: "SELECT 1", domain_key: "k" };
const issue = (at: number, id = "1", more: Partial<ModelCall> = {}): ModelCall =>
  call(at, "job.issue", order, { job: id, job_id: id, database: "sample" }, more);
const claimed = {
  job_id: "1",
  attempt: 1,
  lease_ms: 30_000,
  account: 1,
  type: "presto",
  engine: "presto",
  database: "sample",
  query: "SELECT 1",
  kill_requested: false,
  result_url: null,
};
const asks = { generation: "v5", engines: ["presto", "hive-cdh4"], worker: "worker-v5-1", version: "d" };
const claim = (at: number, change: Fields = {}, more: Partial<ModelCall> = {}): ModelCall =>
  call(at, "worker.claim", asks, { job: { ...claimed, ...change } }, more);
const idle = (at: number): ModelCall => call(at, "worker.claim", asks, { job: null });
const own = { job_id: "1", attempt: 1 };
const heartbeat = (at: number, more: Partial<ModelCall> = {}): ModelCall =>
  call(at, "worker.heartbeat", own, { lease_ms: 30_000, kill_requested: false }, more);
const report = {
  ...own,
  status: "success",
  num_records: 1,
  result_size: 9,
  result_schema: [["id", "bigint"]],
  message: null,
};
const finish = (at: number, change: Fields = {}, more: Partial<ModelCall> = {}): ModelCall => {
  const request = { ...report, ...change };
  return call(at, "worker.finish", request, { job_id: "1", status: (request as Fields)["status"] }, more);
};
const kill = (at: number, former: string): ModelCall =>
  call(at, "job.kill", { job_id: "1" }, { job_id: "1", former_status: former });
const second = (s: number) => `1970-01-01 00:00:${String(s).padStart(2, "0")} UTC`;
const shown: Fields = {
  ...(samples["job.show"].reply as Fields),
  ...{ job_id: "1", status: "queued", query: "SELECT 1", result: "", url: "/jobs/1", user_name: "ann" },
  ...{ created_at: second(1), updated_at: second(1), start_at: null, end_at: null, duration: null },
  ...{
    num_records: null,
    result_size: null,
    hive_result_schema: null,
    debug: { cmdout: null, stderr: null },
  },
};
const look = (at: number, change: Fields = {}, more: Partial<ModelCall> = {}): ModelCall =>
  call(at, "job.show", { job_id: "1" }, { ...shown, ...change }, more);
const ended = {
  status: "success",
  updated_at: second(4),
  start_at: second(3),
  end_at: second(4),
  duration: 1,
  num_records: 1,
  result_size: 9,
  hive_result_schema: '[["id","bigint"]]',
};
const list = (at: number, jobs: readonly Fields[], more: Partial<ModelCall> = {}): ModelCall =>
  call(at, "job.list", {}, { jobs, count: jobs.length, from: null, to: null }, more);
const { debug: _, ...listed } = { ...shown, ...ended } as Fields;
const refusal = (status: number, reason: string): Partial<ModelCall> => ({
  status,
  reply: { error: "no", text: "no", severity: "error", details: { reason } },
});
const read = (at: number, reply: unknown, more: Partial<ModelCall> = {}): ModelCall =>
  call(at, "job.result", { job_id: "1", format: "json" }, reply, { mediaType: "application/json", ...more });

const life = [issue(1_000), claim(2_000), heartbeat(3_000), finish(4_000)];
const whole = [...life, look(5_000, ended), list(6_000, [listed]), read(7_000, '[1,"a"]\n')];

const problems = (calls: readonly ModelCall[]): string[] =>
  judgeCalls(calls, 0, limits).departures.map(({ problem }) => problem);

describe("what is right", () => {
  test.each<[string, readonly ModelCall[]]>([
    ["a job's whole life", whole],
    ["calls in any order in which they are told", whole.toReversed()],
    ["a report that comes again", [...life, finish(4_500), look(5_000, ended)]],
    [
      "a kill of a queued job",
      [
        issue(1_000),
        kill(2_000, "queued"),
        look(3_000, { status: "killed", updated_at: second(1), end_at: second(2) }),
      ],
    ],
    ["a kill of a job that has ended", [...life, kill(5_000, "success")]],
    ["a takeover when the lease is over", [issue(1_000), claim(2_000), claim(32_500, { attempt: 2 })]],
    [
      "a stale report that is refused",
      [...life.slice(0, 2), claim(32_500, { attempt: 2 }), finish(33_000, {}, refusal(409, "stale_attempt"))],
    ],
    ["no job when there is none", [idle(500), issue(1_000), claim(2_000), idle(2_500)]],
    [
      "an answer older than what others did meanwhile",
      [
        ...life.slice(0, 2),
        look(3_500, { status: "booting", updated_at: second(2) }, { sent: 2_100 }),
        heartbeat(3_000),
      ],
    ],
    [
      "a job of an order whose answer was lost",
      [issue(1_000, "1", { status: null, reply: undefined }), claim(2_000), heartbeat(3_000)],
    ],
    [
      "an order that came twice, the second refused",
      [
        ...life,
        issue(4_500, "2", {
          ...refusal(409, "domain_key_taken"),
          reply: {
            error: "no",
            text: "no",
            severity: "error",
            details: { reason: "domain_key_taken", conflicts_with: "1" },
          },
        }),
      ],
    ],
    [
      "a heartbeat without an answer that was heard",
      [
        issue(1_000),
        claim(2_000),
        heartbeat(3_000, { status: null, reply: undefined }),
        look(5_000, { status: "running", updated_at: second(3), start_at: second(3) }),
      ],
    ],
    [
      "a heartbeat without an answer that was not",
      [
        issue(1_000),
        claim(2_000),
        heartbeat(3_000, { status: null, reply: undefined }),
        look(5_000, { status: "booting", updated_at: second(2) }),
      ],
    ],
    [
      "a failure that was caused on purpose",
      [...life, look(5_000, {}, { status: 503, reply: {}, excused: true }), look(6_000, ended)],
    ],
    [
      "a claim that is told to come again",
      [call(500, "worker.claim", asks, {}, refusal(503, "unavailable"))],
    ],
    [
      "jobs from before in a list",
      [...life, list(6_000, [listed, { ...listed, job_id: "0", created_at: "1969-12-31 23:00:00 UTC" }])],
    ],
  ])("is allowed: %s", (_, calls) => {
    expect(problems(calls)).toEqual([]);
  });
});

describe("what is wrong", () => {
  const shows = (field: string, value: unknown): [string, readonly ModelCall[], string] => [
    `shows another ${field}`,
    [...life, look(5_000, { ...ended, [field]: value })],
    field,
  ];
  test.each<[string, readonly ModelCall[], string]>([
    shows("job_id", "2"),
    shows("status", "running"),
    shows("type", "hive"),
    shows("database", "other"),
    shows("query", "select 1"),
    shows("result", "web://***@a/b"),
    shows("priority", 1),
    shows("retry_limit", 1),
    shows("created_at", "1970-01-01 09:00:01 UTC"),
    shows("updated_at", second(2)),
    shows("start_at", null),
    shows("end_at", second(9)),
    shows("duration", 3_601),
    shows("num_records", 0),
    shows("result_size", null),
    shows("hive_result_schema", "unreadable"),
    shows("linked_result_export_job_id", 7),
    shows("debug", { cmdout: null, stderr: "Traceback" }),
    [
      "a job goes back",
      [
        ...life.slice(0, 3),
        look(3_500, { status: "running", updated_at: second(3), start_at: second(3) }),
        look(4_000, { status: "queued" }),
      ],
      "status",
    ],
    ["a job vanishes", [...life, look(5_000, {}, refusal(404, "not_found"))], "not_found"],
    [
      "a customer gets another name",
      [...life, look(5_000, ended), look(5_500, { ...ended, user_name: "bob" })],
      "user_name",
    ],
    [
      "a time changes when nothing happened",
      [...life, look(5_000, { ...ended, created_at: second(0) }), look(5_500, ended)],
      "created_at",
    ],
    ["a failure that nobody caused", [...life, look(5_000, {}, { status: 500, reply: {} })], "500"],
    [
      "handed out though another holds it",
      [issue(1_000), claim(2_000), claim(9_000, { attempt: 2 })],
      "lease",
    ],
    ["handed out though it has ended", [...life, claim(50_000, { attempt: 2 })], "ended"],
    ["the same attempt twice", [issue(1_000), claim(2_000), claim(40_000)], "attempt"],
    [
      "handed to the other generation",
      [
        issue(1_000, "1", { account: hdp2, request: { ...order, type: "hive" } }),
        claim(2_000, { type: "hive", engine: "hive-hdp2" }),
      ],
      "handed to a worker of v5",
    ],
    ["another query is handed out", [issue(1_000), claim(2_000, { query: "SELECT 2" })], "query"],
    [
      "another destination is handed out",
      [
        issue(1_000, "1", { request: { ...order, result: "web://a/b" } }),
        claim(2_000, { result_url: "web://a/c" }),
      ],
      "result_url",
    ],
    [
      "a destination is kept back",
      [issue(1_000, "1", { request: { ...order, result: "web://a/b" } }), claim(2_000)],
      "result_url",
    ],
    [
      "leases differ",
      [issue(1_000), claim(2_000), heartbeat(3_000, { reply: { lease_ms: 3, kill_requested: false } })],
      "lease_ms",
    ],
    [
      "a kill is not told",
      [issue(1_000), claim(2_000), kill(2_500, "booting"), heartbeat(3_000)],
      "kill_requested",
    ],
    ["a kill tells another state", [...life, kill(5_000, "running")], "former_status"],
    [
      "a stale report is taken",
      [issue(1_000), claim(2_000), claim(40_000, { attempt: 2 }), finish(41_000)],
      "newest",
    ],
    [
      "a report of another worker is taken",
      [issue(1_000), claim(2_000), finish(4_000, {}, { by: "worker-v5-2" })],
      "holds",
    ],
    ["a second end is taken", [...life, finish(5_000, { status: "error" })], "ended"],
    [
      "a first report is refused",
      [issue(1_000), claim(2_000), finish(4_000, {}, refusal(409, "already_finished"))],
      "already_finished",
    ],
    [
      "success is taken without a receipt",
      [
        issue(1_000, "1", { request: { ...order, result: "web://a/b" } }),
        claim(2_000, { result_url: "web://a/b" }),
        finish(4_000),
      ],
      "receipt",
    ],
    [
      "success is taken without its table",
      [
        issue(1_000, "1", { request: { ...order, query: "CREATE TABLE t AS SELECT 1" } }),
        claim(2_000, { query: "CREATE TABLE t AS SELECT 1" }),
        finish(4_000),
      ],
      "registered",
    ],
    ["a worker is sent away though a job waits", [issue(1_000), idle(2_000)], "no job"],
    [
      "the less urgent job comes first",
      [
        issue(1_000),
        issue(1_100, "2", { request: { ...order, domain_key: "l", priority: 1 } }),
        claim(2_000),
      ],
      "priority",
    ],
    ["one key, two jobs", [issue(1_000), issue(2_000, "2")], "domain_key"],
    [
      "one id, two jobs",
      [issue(1_000), issue(2_000, "1", { request: { ...order, domain_key: "l" } })],
      "job_id",
    ],
    ["an order is refused for nothing", [issue(1_000, "1", refusal(422, "invalid_input"))], "invalid_input"],
    [
      "an order that must be refused is taken",
      [issue(1_000, "1", { request: { ...order, result: "ftp://a" } })],
      "destination",
    ],
    ["a conflict with nobody", [issue(1_000, "1", refusal(409, "domain_key_taken"))], "nobody has"],
    [
      "job and job_id differ",
      [issue(1_000, "1", { reply: { job: "2", job_id: "1", database: "sample" } })],
      "job",
    ],
    ["a job that nobody issued", [...life, claim(5_000, { job_id: "9" })], "nobody"],
    ["a job is missing in the list", [...life, list(6_000, [])], "left it out"],
    ["a job is listed twice", [...life, list(6_000, [listed, listed])], "twice"],
    [
      "another count",
      [...life, list(6_000, [listed], { reply: { jobs: [listed], count: 0, from: null, to: null } })],
      "count",
    ],
    ["another customer's job is listed", [...life, list(6_000, [listed], { account: hdp2 })], "list of hdp2"],
    ["a list shows another state", [...life, list(6_000, [{ ...listed, status: "running" }])], "status"],
    [
      "the oldest first",
      [
        ...life,
        issue(4_500, "2", { request: { ...order, domain_key: "l" } }),
        list(6_000, [listed, { ...listed, job_id: "2", status: "queued" }]),
      ],
      "newer",
    ],
    ["rows are lost in the result", [...life, read(7_000, "")], "rows of the result"],
    ["another row in the result", [...life, read(7_000, '[1,"b"]\n')], "row 1"],
    ["another media type", [...life, read(7_000, '[1,"a"]\n', { mediaType: "text/html" })], "content-type"],
    ["a result before the end", [...life.slice(0, 3), read(3_500, '[1,"a"]\n')], "has none"],
    ["no result after the end", [...life, read(7_000, {}, refusal(404, "not_found"))], "not_found"],
    [
      "two customers, one number",
      [
        ...life,
        issue(4_100, "2", { account: hdp2, request: { ...order, type: "hive", domain_key: "l" } }),
        claim(
          4_200,
          { job_id: "2", type: "hive", engine: "hive-hdp2" },
          {
            by: "worker-v6",
            generation: "v6",
            request: { ...asks, generation: "v6", engines: ["hive-hdp2"] },
          },
        ),
      ],
      "account",
    ],
    [
      "a worker claims for the other generation",
      [issue(1_000), claim(2_000, {}, { request: { ...asks, generation: "v6" } })],
      "generation",
    ],
    [
      "a worker claims what its generation does not run",
      [claim(2_000, {}, { request: { ...asks, engines: ["hive-hdp2"] }, reply: { job: null } })],
      "engines",
    ],
    [
      "a right credential is refused",
      [call(500, "job.list", {}, {}, refusal(401, "unauthenticated"))],
      "unauthenticated",
    ],
  ])("is a departure: %s", (_, calls, word) => {
    expect(problems(calls).join("\n")).toContain(word);
  });
});

test("bodies of any shape are judged without trouble", () =>
  fc.assert(
    fc.property(
      fc.nat(whole.length - 1),
      fc.jsonValue(),
      fc.constantFrom(200, 404, 409, 503),
      (i, reply, status) => {
        const one = whole[i] as ModelCall;
        expect(judgeCalls(whole.with(i, { ...one, reply, status }), 0, limits).unjudged).toBe(0);
      },
    ),
  ));

test("of a job of which too much is possible no call is judged, and none is called wrong", () => {
  const unheard = Array.from({ length: 40 }, (_, i) =>
    claim(2_000 + i, {}, { status: null, reply: undefined, by: `w${i}` }),
  );
  const receipts = Array.from({ length: 40 }, (_, i) =>
    call(3_000 + i, "worker.receipt", { ...own, rows: i, checksum: "c" }, undefined, {
      status: null,
      by: "w1",
    }),
  );
  const calls = [issue(1_000), ...unheard, ...receipts, heartbeat(9_000, { by: "w1" }), look(9_500)];
  expect(judgeCalls(calls, 0, limits)).toEqual({ departures: [], unjudged: 2 });
});
