import { expect, test } from "vitest";
import { calm, heartbeat, idle, issue, list } from "../invariants/testing/calls.ts";
import { eventsOf } from "../invariants/testing/history.ts";
import { looseViolations } from "./departures.ts";

const empty = { reply: {} };
const unfit =
  'generation: Invalid option: expected one of "v5"|"v6"; engines: Invalid input: expected array, received undefined; worker: Invalid input: expected string, received undefined; version: Invalid input: expected string, received undefined';
const missing = "reply: job: Invalid input: expected object, received undefined";

test("departures in exchanges about no job of the workload are told once, with their number", () => {
  const calls = [
    ...calm,
    heartbeat(1_000, 1, empty),
    idle(2_000, empty),
    idle(3_000),
    idle(4_000, empty),
    heartbeat(5_000, 1, { ...empty, job: "9" }),
    list(6_000, [], { reply: "<html>" }),
    idle(7_000, { operation: null, method: "GET", path: "/x?y" }),
    issue(8_000, { ...empty, job: null, request: { query: "SELECT 1", domain_key: "another's" } }),
  ];
  expect(looseViolations(eventsOf({ calls }))).toEqual([
    `worker->api, worker.claim: ${missing} (2 times)`,
    "worker->api, worker.heartbeat: reply: lease_ms: Invalid input: expected number, received undefined; kill_requested: Invalid input: expected boolean, received undefined",
    "customer->api, job.list: reply: body: Invalid input: expected object, received string",
    "worker->api, GET /x: GET /x is in no contract",
    expect.stringMatching(/^customer->api, job.issue: request: accepted although type: /),
    expect.stringMatching(/^customer->api, job.issue: reply: job: /),
  ]);
});

test("there are none where every exchange was as the contract says", () => {
  expect(looseViolations(eventsOf({ calls: [...calm, idle(2_000), list(3_000, ["1"])] }))).toEqual([]);
});

test.each([
  [401, []],
  [
    200,
    [
      `worker->api, worker.claim: request: accepted although ${unfit}`,
      `worker->api, worker.claim: ${missing}`,
      "worker->api, worker.claim: model: it was answered to a caller without credential",
    ],
  ],
  [403, ['worker->api, worker.claim: model: it was refused ("forbidden"), expected unauthenticated']],
])("a call without credential that is answered %s", (status, departures) => {
  const refused = { error: "no", text: "no", severity: "error" };
  const reply = status === 200 ? {} : refused;
  const calls = [...calm, idle(2_000, { probe: "none", status, request: {}, reply })];
  expect(looseViolations(eventsOf({ calls }))).toEqual(departures);
});

test("a secret in what a customer is answered is told, unless the customer said it itself", () => {
  const headers = { request: {}, reply: {} };
  const told = (request: object, reply: object) =>
    looseViolations(eventsOf({ calls: [...calm, list(3_000, ["1"], { headers, request, reply })] })).filter(
      (text) => text.includes("secret"),
    );
  const jobs = { jobs: [], count: 0, from: null, to: null };
  expect(told({}, jobs)).toEqual([]);
  expect(told({}, { ...jobs, from: "***3:base64***" })).toEqual([
    "customer->api, job.list: reply: it holds a secret of the run, ***3:base64***",
  ]);
  expect(told({ from: "***3***" }, { ...jobs, from: "***3***" })).toEqual([]);
});

test.each([
  ["the keys that were asked for", "user.apikeys", { apikeys: ["***1***", "***2***"] }, 0],
  ["the key of a login", "user.authenticate", { name: "Ann", apikey: "***1***" }, 0],
  ["another secret beside a key", "user.authenticate", { name: "***2***", apikey: "***1***" }, 1],
  ["a key where none was asked for", "user.list", { users: [], apikey: "***1***" }, 1],
  ["a key within another answer", "user.apikeys", { apikeys: [], apikey: "***1***" }, 1],
] as const)("of an answer with %s", (_, operation, reply, secrets) => {
  const headers = { request: {}, reply: {} };
  const calls = [...calm, list(3_000, ["1"], { operation, headers, request: {}, reply })];
  const told = looseViolations(eventsOf({ calls })).filter((text) => text.includes("holds a secret"));
  expect(told).toHaveLength(secrets);
});
