import fc from "fast-check";
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
  limits,
  list,
  listed,
  look,
  order,
  problems,
  refusal,
  second,
  whole,
} from "../testing/model-calls.ts";
import type { Fields, ModelCall } from "./call.ts";
import { judgeCalls } from "./model.ts";

describe("what is right", () => {
  test.each<[string, readonly ModelCall[]]>([
    ["a job's whole life", whole],
    [
      "another customer who is refused, and without effect",
      [
        ...life.slice(0, 2),
        look(2_100, {}, { ...refusal(404, "not_found"), account: hdp2 }),
        { ...kill(2_200, "booting"), ...refusal(404, "not_found"), account: hdp2 },
        ...life.slice(2),
        look(5_000, ended),
      ],
    ],
    [
      "a catalog as it was asked for",
      [
        ...life,
        call(5_000, "database.show", { database: "sample" }, { name: "sample" }),
        call(5_100, "table.show", { database: "sample", table: "trades" }, { name: "trades" }),
        call(
          5_200,
          "table.list",
          { database: "sample" },
          { database: "sample", tables: [{ name: "trades" }] },
        ),
        call(5_300, "database.list", {}, { databases: [{ name: "sample" }, { name: "other" }] }),
      ],
    ],
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
      "an answer older than what a call that failed may have done",
      [
        ...life.slice(0, 2),
        heartbeat(3_000, { status: 503, reply: {}, excused: true }),
        look(3_500, { status: "booting", updated_at: second(2) }, { sent: 2_500 }),
        look(5_000, { status: "running", updated_at: second(3), start_at: second(3) }),
      ],
    ],
    [
      "a kill that failed and came after a heartbeat that was answered later",
      [
        ...life.slice(0, 2),
        heartbeat(3_000, { sent: 2_100 }),
        call(2_900, "job.kill", { job_id: "1" }, {}, { status: 503, excused: true }),
        claim(33_500, { attempt: 2, kill_requested: true }),
      ],
    ],
    [
      "a job that was looked for before the service had the order whose answer was lost",
      [
        issue(1_000, "1", { status: null, reply: undefined }),
        call(1_500, "job.show", { job_id: "1" }, {}, refusal(404, "not_found")),
        claim(2_000),
      ],
    ],
    [
      "a job that may be either of two orders whose answers were lost",
      [
        issue(1_000, "1", { status: null, reply: undefined }),
        issue(1_500, "2", { status: null, reply: undefined, request: { ...order, priority: 2 } }),
        claim(2_000),
        list(6_000, [{ ...listed, status: "booting" }]),
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

test("a job that may be either of two orders is not judged", () => {
  const orders = [{}, { priority: 2 }].map((change, i) =>
    issue(1_000 + i, `${i}`, { status: null, reply: undefined, request: { ...order, ...change } }),
  );
  expect(judgeCalls([...orders, claim(2_000)], 0, limits)).toEqual({ departures: [], unjudged: 1 });
});

test("of a job of which too much is possible no call is judged, and none is called wrong", () => {
  const unheard = Array.from({ length: 40 }, (_, i) =>
    claim(2_000 + i * 40_000, {}, { status: null, reply: undefined, by: `w${i}` }),
  );
  const request = { job_id: "1", attempt: 20 };
  const calls = [issue(1_000), ...unheard, heartbeat(2_000_000, { by: "w30", request }), look(2_000_500)];
  expect(judgeCalls(calls, 0, limits)).toEqual({ departures: [], unjudged: 2 });
});

test("a service says at every look which build it is", () => {
  const build = { component: "api", release: "1", digest: "a" };
  const look = (at: number, change: object = {}) => call(at, "system.version", {}, { ...build, ...change });
  const looks = [look(1_000), look(2_000, { digest: "b" })];
  expect(problems([look(1_000), look(2_000)])).toEqual([]);
  expect(problems(looks)).toEqual(['digest: expected "a", got "b"']);
  // As while one release takes the place of another.
  expect(judgeCalls(looks, 0, { ...limits, isOneBuild: false }).departures).toEqual([]);
});

test.each(["job.show", "job.status", "job.kill", "job.result"] as const)(
  "what is the id of no job is not found: %s",
  (operation) => {
    for (const job_id of ["2", "01", "xxxxxx"]) {
      const ask = (more: Partial<ModelCall>) => call(2_000, operation, { job_id }, {}, more);
      expect(problems([issue(1_000), ask(refusal(404, "not_found"))])).toEqual([]);
      expect(problems([issue(1_000), ask(refusal(422, "invalid_input"))])).toEqual([
        "it was refused (invalid_input) although it is well-formed",
      ]);
      expect(problems([issue(1_000), ask({})])).toEqual(["nobody issued this job"]);
    }
  },
);

test.each([206, 416])("what is the id of no job has no part of a result either: %s", (status) => {
  const read = call(2_000, "job.result", { job_id: "2", format: "csv" }, {}, { status });
  expect(problems([issue(1_000), read])).toContain("nobody issued this job");
});

test("a key that only a refused order asked for is nobody's", () => {
  const refused = issue(1_000, "1", refusal(404, "not_found"));
  const next = issue(2_000, "1", refusal(409, "domain_key_taken"));
  expect(problems([refused, next]).join("\n")).toContain("although nobody has that key");
});

test("a part may be refused whoever's job it is of, but not as wrong where it is well-formed", () => {
  const part = (request: Fields, ...refused: Parameters<typeof refusal>) =>
    problems([call(900, "worker.import_part", request, undefined, refusal(...refused))]);
  const whole = { job_id: "1", attempt: 1_000_000, after: "a" };
  expect(part(whole, 403, "forbidden")).toEqual([]);
  expect(part({ ...whole, attempt: 1_000_001 }, 422, "invalid_input")).toEqual([]);
  expect(part(whole, 422, "invalid_input")).toEqual([expect.stringContaining("although it is well-formed")]);
  expect(part(whole, 401, "unauthenticated")).toEqual([expect.stringContaining("unauthenticated")]);
  expect(part(whole, 500, "internal")).toHaveLength(1);
});
