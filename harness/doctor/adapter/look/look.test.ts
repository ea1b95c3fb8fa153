import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { httpServer } from "../../../testing/http.ts";
import { type AdapterFacts, examineAdapter, notStarted } from "../adapter.ts";
import { fakeSystem, statements, type Wrong, withKey } from "../testing/fake-system.ts";
import { lookAtApi } from "./api.ts";
import { lookAtDestinations } from "./destinations.ts";
import { lookAtJobs } from "./jobs.ts";

/** Systems that are wrong in one point, and what is told of them. */

/** What is red, with what was found. */
const redIn = (found: Partial<AdapterFacts>) =>
  examineAdapter({ ...notStarted, ...found })
    .filter(({ health }) => health === "fail" || health === "warn")
    .map((one) => [one.name, one.found] as const);

type Case = readonly [check: string, found: string | RegExp, wrong: Wrong];
const told = (found: string | RegExp) => expect.stringMatching(found);

describe("an API", () => {
  const look = async (wrong: Wrong = {}) => redIn({ api: await lookAtApi(fakeSystem(wrong), []) });

  test("that answers as it should has nothing to be told of", async () => {
    const all = examineAdapter({ ...notStarted, api: await lookAtApi(fakeSystem(), []) });
    expect(all.filter(({ health }) => health === "ok").map(({ name }) => name)).toEqual([
      "claims-guarded",
      "worker-tokens",
      "tokens-apart",
      "customer-keys",
      "keys-guarded",
      "customer-databases",
      "api-answers",
    ]);
    expect(await look()).toEqual([]);
  });

  test.each<Case>([
    [
      "claims-guarded",
      /^without a token: it was answered with 200$/,
      { answers: { "worker.claim": (_, key, right) => (key === null ? { status: 200, body: {} } : right) } },
    ],
    [
      "claims-guarded",
      /^a token of nobody: no whole answer came$/,
      { answers: { "worker.claim": (_, key, right) => (key === "Worker known-to-nobody" ? null : right) } },
    ],
    [
      "worker-tokens",
      /^v6: it was answered with 401$/,
      {
        answers: {
          "worker.heartbeat": (_, key, right) => (key === "Worker six" ? { status: 401, body: null } : right),
        },
      },
    ],
    [
      "tokens-apart",
      /^v6 with the token of v5: it was answered with 200$/,
      {
        answers: {
          "worker.claim": (_, key, right) =>
            key === "Worker five" ? { status: 200, body: { job: null } } : right,
        },
      },
    ],
    [
      "keys-guarded",
      /^a key of nobody: it was answered with 200$/,
      {
        answers: {
          "database.list": (_, key, right) =>
            key === "TD1 known-to-nobody" ? { status: 200, body: {} } : right,
        },
      },
    ],
    [
      "api-answers",
      /^job.list of cdh4: reply: .*count/,
      { answers: { "job.list": withKey("count", "many") } },
    ],
    [
      "api-answers",
      /^table.show of cdh4: it was answered with 500 and not 404/,
      { answers: { "table.show": () => ({ status: 500, body: null }) } },
    ],
  ])("%s says %s", async (check, found, wrong) => {
    expect(await look(wrong)).toEqual([[check, told(found)]]);
  });

  test("to which a customer's key is foreign says so wherever it is asked with it", async () => {
    const shut = (_: object, key: string | null, right: { status: number; body: unknown }) =>
      key?.includes("2/") ? { status: 401, body: null } : right;
    expect(await look({ answers: { "database.list": shut } })).toEqual([
      ["customer-keys", "hdp2: it was answered with 401"],
      ["customer-databases", "hdp2: sample: it lists none"],
      ["api-answers", expect.stringContaining("database.list of hdp2: it was answered with 401")],
    ]);
  });

  test("that does not know a customer's database says which it has", async () => {
    const customers = { cdh4: { account: 1, apikey: "1/abcdefgh", database: "smaple" } };
    expect(await look({ config: { customers } })).toEqual([
      ["customer-databases", "cdh4: smaple: it lists sample"],
    ]);
  });

  test("is asked for nothing that its release lacks, and not by tokens that the config has not", async () => {
    const reach = fakeSystem({ config: { workerTokens: undefined } });
    const asked: string[] = [];
    const facts = await lookAtApi(
      {
        ...reach,
        lacks: ["table.show"],
        call: (operation, input, key) => {
          asked.push(operation);
          return reach.call(operation, input, key);
        },
      },
      [],
    );
    expect(asked).not.toContain("table.show");
    expect([facts.tokens, facts.foreignClaims]).toEqual([[], []]);
  });
});

describe("jobs", () => {
  const look = async (wrong: Wrong = {}) => redIn({ jobs: await lookAtJobs(fakeSystem(wrong)) });

  test("that go as they should have nothing to be told of", async () => {
    const jobs = await lookAtJobs(fakeSystem());
    const all = examineAdapter({ ...notStarted, jobs });
    expect(all.filter(({ health }) => health === "ok")).toHaveLength(9);
    expect(jobs.next).toEqual({ set: "1002", got: "1002" });
    expect(jobs.ended.map(({ what }) => what)).toEqual([
      "v5-presto",
      "v6-hive-hdp2",
      "CREATE TABLE on v5-presto",
    ]);
  });

  const { jobStatus, jobRecord, jobLease, registeredTable, registered, nextJob } = statements;
  test.each<Case>([
    [
      "jobs-issued",
      /^v6-hive-hdp2: it was answered with 403 and not 200$/,
      {
        answers: {
          "job.issue": (_, key, right) => (key?.includes("2/") ? { status: 403, body: null } : right),
        },
      },
    ],
    ["customers-apart", /it was answered with 200/, { answers: { "job.status": showsAll } }],
    ["job-status", /^v5-presto: it gives 0 rows and not one/, { rows: { [jobStatus]: [] } }],
    [
      "job-status",
      /^v5-presto: it gives 2 rows and not one/,
      { rows: { [jobStatus]: [{ status: "success" }, { status: "success" }] } },
    ],
    [
      "job-status",
      /^v5-presto: it says "running", and the API success/,
      { rows: { [jobStatus]: [{ status: "running" }] } },
    ],
    ["job-status", /^v5-presto: Unknown column/, { rows: { [jobStatus]: new Error("Unknown column") } }],
    [
      "job-record",
      /its row has no result_schema, no message,/,
      { rows: { [jobRecord]: [{ num_records: 1 }] } },
    ],
    ["job-lease", /the lease is "2026"/, { rows: { [jobLease]: [{ lease: "2026" }] } }],
    ["next-job", /^1002 was set and the job is 3$/, { rows: { [nextJob]: [] } }],
    ["next-job", /^ALTER command denied$/, { rows: { [nextJob]: new Error("ALTER command denied") } }],
    ["registered-table", /^schedules.registeredTable: it gives 0 rows/, { rows: { [registeredTable]: [] } }],
    [
      "registered-table",
      /^mysql.world.registered: it does not give 1\/sample\/doctor_made$/,
      { rows: { [registered]: [] } },
    ],
    [
      "registered-table",
      /are no columns in JSON$/,
      { rows: { [registered]: [{ account: 1, database: "sample", name: "doctor_made", columns: "{}" }] } },
    ],
    ["outbox", /^v5-presto: it has no \/outbox/, { hasFolder: false }],
  ])("%s says %s", async (check, found, wrong) => {
    expect(await look(wrong)).toEqual([[check, told(found)]]);
  });

  test("that do not end are waited for no longer than a job may take, and nothing is asked of them", async () => {
    const config = { limits: { readyMs: 1_000, jobMs: 1_000, ageMs: 0 } };
    const reach = fakeSystem({ config, answers: { "job.status": withKey("status", "queued") } });
    const jobs = await lookAtJobs({
      ...reach,
      config: { ...reach.config, limits: { ...config.limits, jobMs: 1 } },
    });
    expect(redIn({ jobs })).toEqual([
      ["jobs-end", "v5-presto: its status is queued, v6-hive-hdp2: its status is queued"],
    ]);
    expect([jobs.status, jobs.made, jobs.outboxes]).toEqual([[], [], []]);
  });

  test("are not asked for what the config does not declare", async () => {
    const world = { own: {}, atStart: [], binlog: true };
    const jobs = await lookAtJobs(
      fakeSystem({ config: { schedules: undefined }, mysql: { nextJob: undefined, world } }),
    );
    expect(redIn({ jobs })).toEqual([]);
    expect([jobs.records, jobs.leases, jobs.made, jobs.outboxes, jobs.next]).toEqual([[], [], [], [], null]);
  });
});

/** Every customer is shown every job. */
function showsAll(
  input: Record<string, unknown>,
  _: string | null,
  { status, body }: { status: number; body: unknown },
) {
  const at = "2026-11-28 08:00:00 UTC";
  const shown = { job_id: String(input["job_id"]), status: "success", created_at: at };
  return status === 404 ? { status: 200, body: shown } : { status, body };
}

describe("a web destination", () => {
  type Came = { path: string; method: string; idempotencyKey: string; body: string };
  /** As docs/your-own.md says, but for what is changed. */
  async function look({ refusal = 403, keeps = true, lists = true, taken = 200 } = {}) {
    const came: Came[] = [];
    const answer = async (request: IncomingMessage, reply: ServerResponse) => {
      const url = request.url ?? "";
      if (url.startsWith("/_deliveries")) {
        const path = new URL(url, "http://it").searchParams.get("path");
        reply.statusCode = path === null && !lists ? 404 : 200;
        reply.end(JSON.stringify({ deliveries: came.filter((one) => path === null || one.path === path) }));
        return;
      }
      reply.statusCode = url.startsWith("/refuse/") ? refusal : taken;
      const idempotencyKey = String(request.headers["idempotency-key"]);
      const body = await text(request);
      if (reply.statusCode === 200 && keeps)
        came.push({ path: url, method: String(request.method), idempotencyKey, body });
      reply.end();
    };
    const port = await httpServer((request, reply) => void answer(request, reply));
    await using stack = new AsyncDisposableStack();
    const open = { at: { host: "127.0.0.1", port }, server: {}, stack };
    return await lookAtDestinations({ destinations: [["web", open]], target: "doctor_made" });
  }

  test("that does as it should has nothing to be told of", async () => {
    const destinations = await look();
    expect(redIn({ destinations })).toEqual([]);
    expect(destinations.refused).toHaveLength(1);
  });

  test.each([
    ["destinations-take", "web: it answered 503", { taken: 503 }],
    ["destinations-tell", 'web: the oracle finds {"rows":[],"deliveries":0}', { keeps: false }],
    ["destinations-refuse", "web: it took the delivery", { refusal: 200 }],
    ["destinations-list", "web: it does not", { lists: false }],
  ] as const)("%s says %s", async (check, found, wrong) => {
    expect(redIn({ destinations: await look(wrong) })).toEqual([[check, found]]);
  });
});
