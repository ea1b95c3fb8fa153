import { describe, expect, test } from "vitest";
import {
  asks,
  call,
  claim,
  ended,
  finish,
  hdp2,
  heartbeat,
  idle,
  issue,
  kill,
  life,
  list,
  listed,
  look,
  order,
  problems,
  read,
  refusal,
  second,
} from "../testing/model-calls.ts";
import type { ModelCall } from "./call.ts";

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
    [
      "a report is acknowledged while somebody looks, and forgotten",
      [
        ...life.slice(0, 3),
        finish(4_000, {}, { sent: 3_600 }),
        ...[3_700, 5_000].map((at) =>
          look(at, { status: "running", updated_at: second(3), start_at: second(3) }),
        ),
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
    [
      "of an engine that was not asked for",
      [issue(1_000), claim(2_000, {}, { request: { ...asks, engines: ["hive-cdh4"] } })],
      "a job of presto was handed out, which was not asked for",
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
    ...[
      ["as it was written", "p%40ss:word"],
      ["as it is meant", "p@ss:word"],
    ].map(([how, word]): [string, readonly ModelCall[], string] => [
      `a refusal tells a password, ${how}`,
      [
        issue(1_000, "1", {
          ...refusal(422, "invalid_input"),
          request: { ...order, result: "mysql://writer:p%40ss:word@db.test/mart/r" },
          reply: {
            ...(refusal(422, "invalid_input").reply as object),
            text: `mysql://writer:${word}@db.test/mart/r?mode=none is no destination`,
          },
        }),
      ],
      "password",
    ]),
    ...(
      [
        ["database.show", { database: "sample" }, { name: "other" }, "name"],
        ["table.show", { database: "sample", table: "trades" }, { name: "other" }, "name"],
        ["table.list", { database: "sample" }, { database: "other", tables: [] }, "database"],
        [
          "table.list",
          { database: "sample" },
          { database: "sample", tables: [{ name: "a" }, { name: "a" }] },
          "twice",
        ],
        ["database.list", {}, { databases: [{ name: "other" }] }, "sample, in which"],
        ["database.list", {}, { databases: [{ name: "sample" }, { name: "sample" }] }, "twice"],
      ] as const
    ).map(([operation, request, reply, problem]): [string, readonly ModelCall[], string] => [
      `${operation} shows ${JSON.stringify(reply)}`,
      [...life, call(5_000, operation, request, reply)],
      problem,
    ]),
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
    ...[
      look(6_000, ended, { account: hdp2 }),
      call(6_000, "job.status", { job_id: "1" }, { job_id: "1" }, { account: hdp2 }),
      read(6_000, '[1,"a"]\n', { account: hdp2 }),
      { ...kill(6_000, "success"), account: hdp2 },
    ].map((one): [string, readonly ModelCall[], string] => [
      `another customer is answered: ${one.operation}`,
      [...life, one],
      "answered to another customer",
    ]),
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
            request: { ...asks, worker: "worker-v6-1", generation: "v6", engines: ["hive-hdp2"] },
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

test("a probe may speak for an attempt that has begun meanwhile: a service knows attempts by their numbers", () => {
  const other = finish(4_000, {}, { by: "probe-v5-5", probe: "v5" });
  expect(problems([issue(1_000), claim(2_000), other])).toEqual([]);
});
