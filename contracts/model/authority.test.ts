import { expect, test } from "vitest";
import {
  asks,
  call,
  claimed,
  heartbeat,
  issue,
  life,
  own,
  problems,
  refusal,
} from "../testing/model-calls.ts";
import type { ModelCall } from "./call.ts";

const lease = { lease_ms: 30_000, kill_requested: false };
const probe = (at: number, more: Partial<ModelCall>): ModelCall =>
  call(at, "worker.heartbeat", own, lease, { by: "probe", generation: null, ...more });

test.each([
  ["none", 401, "unauthenticated"],
  ["unknown", 401, "unauthenticated"],
  ["cdh4", 403, "forbidden"],
  ["hdp2", 403, "forbidden"],
] as const)("a report with the credential %s must be refused with %s", (credential, status, reason) => {
  const told = (more: Partial<ModelCall>) =>
    problems([...life, probe(3_500, { probe: credential, ...more })]);
  expect(told(refusal(status, reason))).toEqual([]);
  expect(told({})).toEqual([expect.stringMatching(/^it was answered to /)]);
  expect(told(refusal(409, "stale_attempt"))).toEqual([
    `it was refused ("stale_attempt"), expected ${reason}`,
  ]);
  expect(told(refusal(500, "internal"))).toEqual(["it was answered 500 although nothing was broken"]);
  expect(told({ status: null, reply: undefined })).toEqual([]);
});

test("a worker of the other generation is not heard", () => {
  const told = (more: Partial<ModelCall>) =>
    problems([...life, probe(3_500, { probe: "v6", generation: "v6", ...more })]);
  expect(told(refusal(403, "forbidden"))).toEqual([]);
  expect(told({})).toEqual(["a worker of v6 was heard about a job of v5"]);
});

test("a worker is not handed the jobs of the other generation", () => {
  const claim = (request: object, more: Partial<ModelCall>) =>
    problems([
      issue(1_000),
      call(
        2_000,
        "worker.claim",
        { ...asks, ...request },
        { job: claimed },
        { probe: "v6", generation: "v6", ...more },
      ),
    ]);
  for (const request of [{}, { generation: "v6" }, { engines: ["hive-hdp2", "presto"] }]) {
    expect(claim(request, refusal(403, "forbidden"))).toEqual([]);
    expect(claim(request, {})).toEqual(["it was answered to the credential of v6"]);
  }
});

test("a customer's operation is for customers, and what is malformed may be refused for that", () => {
  const kill = (more: Partial<ModelCall>) =>
    problems([
      issue(1_000),
      call(2_000, "job.kill", { job_id: "1" }, {}, { account: null, probe: "v5", ...more }),
    ]);
  expect(kill(refusal(403, "forbidden"))).toEqual([]);
  expect(kill(refusal(422, "invalid_input"))).toEqual([
    'it was refused ("invalid_input"), expected forbidden',
  ]);
  expect(
    problems([call(2_000, "job.kill", { job_id: 7 }, {}, { probe: "v5", ...refusal(422, "invalid_input") })]),
  ).toEqual([]);
});

test("what was refused has changed nothing", () => {
  const refused = probe(2_500, { probe: "none", ...refusal(401, "unauthenticated") });
  expect(problems([issue(1_000), ...life.slice(1, 2), refused, heartbeat(3_000)])).toEqual([]);
});
