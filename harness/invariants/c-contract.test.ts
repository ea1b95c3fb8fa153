import { expect } from "vitest";
import { contractKept } from "./c-contract.ts";
import {
  calm,
  finish,
  grant,
  heartbeat,
  issue,
  list,
  lost,
  lostReply,
  refused,
  show,
  unavailable,
} from "./testing/calls.ts";
import { keptStory, refusal, trouble } from "./testing/history.ts";
import { judges } from "./testing/laws.ts";
import { all, badDestination } from "./testing/scenarios.ts";

const { job } = grant(200, 1).reply as { job: Record<string, unknown> };
/** The form of v6, in the place of that of v5 or beside it. */
const settings = {
  type: "web",
  tls: false,
  host: "a",
  port: 80,
  path: "/",
  method: "PUT",
  user: null,
  password: null,
};
const { result_url: _, ...neither } = job;

judges(contractKept, [
  { name: "no call is on record", story: {}, says: null },
  {
    name: "the service answered none",
    story: { calls: [issue(100, lost), issue(200, unavailable)] },
    says: null,
  },
  ...all.map((scenario) => ({ name: `kept: ${scenario.name}`, story: keptStory(scenario), says: [] })),
  { name: "kept, with a fault", story: { calls: calm, faults: trouble }, says: [] },
  { name: "a declared refusal", story: { calls: [heartbeat(300, 1, refused("stale_attempt"))] }, says: [] },
  {
    name: "a job that was refused, in another shape",
    story: { scenario: badDestination, calls: [issue(100, { ...refusal(), reply: { error: "no" } })] },
    says: [
      'customer->api, job.issue: reply: status 422 without an error body: text: Invalid input: expected string, received undefined; severity: Invalid input: expected "error"',
    ],
  },
  {
    name: "v5 gets both forms",
    story: { calls: [issue(100), grant(200, 1, { reply: { job: { ...job, result_settings: settings } } })] },
    says: [
      'worker->api, worker.claim: reply: job: Unrecognized key: "result_settings"',
      expect.stringContaining("worker->api, worker.claim: model: result_settings: expected null, got "),
    ],
  },
  {
    name: "v6 gets its own form",
    story: {
      calls: [
        issue(100),
        grant(200, 1, {
          generation: "v6",
          request: { generation: "v6", engines: ["hive-hdp2"], worker: "worker-v6", version: "digest" },
          reply: { job: { ...neither, result_settings: null } },
        }),
      ],
    },
    says: [],
  },
  {
    name: "each departure once",
    story: {
      calls: [
        issue(100),
        grant(200, 1),
        ...[1, 2].map((n) => heartbeat(n * 1_000, 1, { reply: { lease_ms: 0, kill_requested: false } })),
      ],
    },
    says: [
      "worker->api, worker.heartbeat: reply: lease_ms: Too small: expected number to be >0",
      "worker->api, worker.heartbeat: model: lease_ms: expected 30000, got 0",
    ],
  },
  {
    name: "a request that should not have been taken",
    story: {
      calls: [
        issue(100),
        grant(200, 1),
        finish(700, 1, "success", { request: { job_id: "1", attempt: "1" } }),
      ],
    },
    says: [
      'worker->api, worker.finish: request: accepted although attempt: Invalid input: expected number, received string; status: Invalid option: expected one of "success"|"error"|"killed"; num_records: Invalid input: expected number, received undefined; result_size: Invalid input: expected number, received undefined; result_schema: Invalid input: expected array, received undefined; message: Invalid input: expected string, received undefined',
      'worker->api, worker.finish: model: attempt "1" was heard although the newest one is 1',
    ],
  },
  {
    name: "an answer that never arrived is judged all the same",
    story: {
      calls: [
        issue(100),
        grant(200, 1),
        finish(700, 1, "success", { ...lostReply, reply: { status: "success" } }),
      ],
    },
    says: [
      "worker->api, worker.finish: reply: job_id: Invalid input: expected string, received undefined",
      'worker->api, worker.finish: model: job_id: expected "1", got nothing',
    ],
  },
  {
    name: "a body that is no JSON",
    story: { calls: [issue(100), show(300, "running", { reply: "<html>" })] },
    says: [
      "customer->api, job.show: reply: body: Invalid input: expected object, received string",
      'customer->api, job.show: model: job_id: expected "1", got nothing',
    ],
  },
  {
    name: "a refusal that the operation does not declare",
    story: { calls: [show(300, "running", refused("stale_attempt"))] },
    says: ["customer->api, job.show: reply: job.show does not declare the reason stale_attempt"],
  },
  {
    name: "a call to nothing",
    story: {
      calls: [
        show(300, "running", { operation: null, method: "PUT", path: "/v3/x?apikey=secret", status: 404 }),
      ],
    },
    says: ["customer->api, PUT /v3/x: PUT /v3/x is in no contract"],
  },
  { name: "a departure elsewhere", story: { calls: [...calm, list(2_000, [], { reply: {} })] }, says: [] },
]);
