import { describe, expect, test } from "vitest";
import {
  call,
  ended,
  hdp2,
  issue,
  life,
  order,
  problems,
  refusal,
  second,
} from "../../testing/model-calls.ts";
import { samples } from "../../testing/samples.ts";
import type { Fields, ModelCall } from "../call.ts";

/** Looks at a job by its domain key; the key of job "1" is `k`. */

const waiting: Fields = {
  ...(samples["job.status"].reply as Fields),
  job_id: "1",
  status: "queued",
  created_at: second(1),
  updated_at: second(1),
  start_at: null,
  end_at: null,
  duration: null,
  num_records: null,
  result_size: null,
};
const { hive_result_schema: _, ...atItsEnd } = ended;
const found = (at: number, change: Fields = {}, key = "k", more: Partial<ModelCall> = {}): ModelCall =>
  call(at, "job.status_by_domain_key", { domain_key: key }, { ...waiting, ...change }, more);
const missed = (at: number, key = "k", more: Partial<ModelCall> = {}): ModelCall =>
  found(at, {}, key, { ...refusal(404, "not_found"), ...more });
const unanswered = { status: null, reply: undefined };
const keyed = (key: string) => ({ request: { ...order, domain_key: key } });
const reversed = (fields: Fields): Fields => Object.fromEntries(Object.entries(fields).toReversed());

test.each<[string, readonly ModelCall[]]>([
  ["while it waits", [issue(1_000), found(2_000)]],
  ["with its fields in another order", [issue(1_000), found(2_000, {}, "k", { reply: reversed(waiting) })]],
  ["after its end", [...life, found(5_000, atItsEnd), found(9_000_000, atItsEnd)]],
  ["before it was ordered", [missed(500), issue(1_000), found(2_000)]],
  ["while it is ordered", [issue(1_000), missed(995)]],
  ["while it is ordered, and it is there", [issue(1_000), found(999)]],
  ["of a key that nobody has", [issue(1_000), missed(2_000, "K"), missed(2_500, "k ")]],
  ["of a key that another customer has", [issue(1_000), missed(2_000, "k", { account: hdp2 })]],
  ["of a key that an order was refused", [issue(1_000, "1", refusal(404, "not_found")), missed(2_000)]],
  ["of a key of an order that nobody heard of", [issue(1_000, "1", unanswered), missed(2_000)]],
  ["of an order that nobody heard of, and it is there", [issue(1_000, "1", unanswered), found(2_000)]],
  ["from before", [found(2_000, { job_id: "9", created_at: "1969-12-31 00:00:00 UTC" }, "old")]],
  [
    "of the same key of two customers",
    [
      issue(1_000),
      issue(1_500, "2", { account: hdp2 }),
      found(2_000),
      found(2_500, { job_id: "2", updated_at: second(1) }, "k", { account: hdp2 }),
    ],
  ],
  [
    "that fails as something was broken",
    [issue(1_000), found(2_000, {}, "k", { status: 503, excused: true })],
  ],
])("is right: a look %s", (_name, calls) => expect(problems(calls)).toEqual([]));

test("each customer finds its own job, to the second in which it was ordered", () => {
  const orders = [issue(1_000), issue(1_500, "2", { account: hdp2 })];
  const look = (job_id: string, more: Partial<ModelCall>) => found(2_000, { job_id }, "k", more);
  expect(problems([...orders, look("2", {}), look("1", { account: hdp2 })])).toEqual([
    "it was answered to another customer",
    "it was answered to another customer",
  ]);
});

describe("what is wrong", () => {
  const late = issue(1_500, "2", keyed("late"));
  test.each<[string, readonly ModelCall[], string]>([
    ["is not found while it waits", [issue(1_000), missed(2_000)], "not_found"],
    ["is not found after its end", [...life, missed(5_000)], "not_found"],
    [
      "is not found once it was seen",
      [issue(1_000, "1", unanswered), found(2_000), missed(2_500)],
      "not_found",
    ],
    ["shows a state of before", [...life, found(5_000)], "status"],
    ["shows other times", [...life, found(5_000, { ...atItsEnd, end_at: second(9) })], "end_at"],
    ["shows the newest job", [issue(1_000), late, found(2_000, { job_id: "2" })], 'domain_key: expected "k"'],
    [
      "shows a job without a key",
      [
        issue(1_000),
        issue(1_500, "2", { request: { ...order, domain_key: undefined } }),
        found(2_000, { job_id: "2" }),
      ],
      "domain_key",
    ],
    ["shows a job of another case", [issue(1_000), found(2_000, {}, "K")], 'domain_key: expected "K"'],
    [
      "shows a job that nobody issued",
      [issue(1_000), found(2_000, { job_id: "9" })],
      "nobody issued this job",
    ],
    [
      "shows a job from before under a key that was free",
      [issue(1_000), found(2_000, { job_id: "9", created_at: "1969-12-31 00:00:00 UTC" })],
      'job_id: expected "1"',
    ],
    [
      "shows another order that nobody heard of",
      [issue(1_000, "1", { ...unanswered, ...keyed("other") }), found(2_000)],
      "nobody issued this job",
    ],
    ["is refused", [issue(1_000), found(2_000, {}, "k", refusal(422, "invalid_input"))], "well-formed"],
    [
      "knows no caller",
      [issue(1_000), found(2_000, {}, "k", refusal(401, "unauthenticated"))],
      "unauthenticated",
    ],
    ["fails", [issue(1_000), found(2_000, {}, "k", { status: 500, reply: {} })], "500"],
  ])("a look by key %s", (_name, calls, words) => expect(problems(calls).join("\n")).toContain(words));
});
