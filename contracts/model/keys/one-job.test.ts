import { expect, test } from "vitest";
import { claim, issue, order, problems } from "../../testing/model-calls.ts";
import type { ModelCall } from "../call.ts";

/** A domain key is had by one job, however often its order was sent without an answer. */

const failed: Partial<ModelCall> = { status: 503, reply: {}, excused: true };
const keyed = (at: number, id: string, domain_key: string | undefined, more: Partial<ModelCall> = {}) =>
  issue(at, id, { request: { ...order, domain_key }, ...more });
const refused = (at: number, key: string | undefined) => keyed(at, "", key, failed);
const taken = (at: number, id: string) => claim(at, { job_id: id });
const conflict = (at: number, key: string, id: string) =>
  keyed(at, "", key, {
    status: 409,
    reply: { details: { reason: "domain_key_taken", conflicts_with: id } },
  });
const nobody = ["nobody issued this job"];

test.each<[string, ModelCall[], string[]]>([
  [
    "one is accepted, and two are handed out",
    [refused(1_000, "k"), keyed(2_000, "1", "k"), taken(3_000, "1"), taken(3_100, "2")],
    nobody,
  ],
  [
    "one is known by a conflict",
    [refused(1_000, "k"), conflict(2_000, "k", "1"), taken(3_000, "1"), taken(3_100, "2")],
    nobody,
  ],
  [
    "none was answered, and two are handed out",
    [refused(1_000, "k"), refused(1_500, "k"), taken(3_000, "1"), taken(3_100, "2")],
    nobody,
  ],
  [
    "none was answered, and one is handed out",
    [refused(1_000, "k"), refused(1_500, "k"), taken(3_000, "1")],
    [],
  ],
  [
    "each has a key of its own",
    [refused(1_000, "k"), keyed(2_000, "1", "other"), taken(3_000, "1"), taken(3_100, "2")],
    [],
  ],
  [
    "the other has none",
    [refused(1_000, undefined), keyed(2_000, "1", "k"), taken(3_000, "1"), taken(3_100, "2")],
    [],
  ],
  [
    "the other is of another account",
    [
      refused(1_000, "k"),
      keyed(2_000, "1", "k", { account: { name: "other", cluster: "cdh4" } }),
      taken(3_100, "2"),
    ],
    [],
  ],
])("%s", (_, calls, expected) => {
  expect(problems(calls).map((problem) => problem.replace(/^.*: /, ""))).toEqual(expected);
});
