import { createHash } from "node:crypto";
import { bodyOf, fillPath, splitInput } from "../../../contracts/operation.ts";
import { type OperationId, operations } from "../../../contracts/operations.ts";
import type { Millis } from "../../../contracts/values.ts";
import type { Accounts } from "../../../fixtures/api/accounts.ts";
import type { LogEntry } from "../../../fixtures/api/ports.ts";
import { mysqlStore } from "../../../fixtures/api/store/mysql.ts";
import type { Store } from "../../../fixtures/api/store/store.ts";
import type { Room, withRoom } from "../../../fixtures/api/upkeep/watched-room.ts";
import type { Warehouse } from "../../../fixtures/api/warehouse/warehouse.ts";
import { type Build, standardBuild } from "../../../fixtures/build.ts";
import { type App, processOf } from "./api.ts";
import type { JobsTable } from "./jobs-table.ts";

/** The job service over HTTP on any store, of any build, with one customer and workers of both generations. */

export interface Answer {
  status: number;
  retryAfter: string | null;
  body: Record<string, unknown>;
  text: string;
}

const tokens = { customer: "TD1 key", v5: "Worker token-v5", v6: "Worker token-v6" };
export type Caller = keyof typeof tokens;
type Fields = Record<string, unknown>;
const sha256 = (authorization: string) =>
  createHash("sha256").update(authorization.replace(/^\w+ /, "")).digest("hex");

const accountsWith = ({ account, database }: Customer): Accounts => ({
  customers: [
    {
      id: account,
      name: "acme",
      cluster: "cdh4",
      api_key_sha256: sha256(tokens.customer),
      databases: [database],
    },
  ],
  workers: (["v5", "v6"] as const).map((generation) => ({
    generation,
    token_sha256: sha256(tokens[generation]),
  })),
});

interface Customer {
  account: number;
  database: string;
}
const acme: Customer = { account: 1, database: "shop" };

interface Wanted {
  build?: Build;
  room?: Room;
  /** How its operations ask for room. */
  guarded?: typeof withRoom | undefined;
  /** The real one where none is given. */
  clock?: { now(): Millis };
  customer?: Customer;
  /** Where its importer puts rows; none is run where there is none. */
  warehouse?: Warehouse;
  mostChunks?: number | undefined;
}

export const serviceOn = (table: JobsTable, wanted: Wanted = {}) =>
  serviceOver(mysqlStore(table.pool), wanted);

/** Calls by path, as JSON. */
const senderTo =
  (app: App) =>
  async (caller: Caller, path: string, body?: object): Promise<Answer> => {
    const reply = await app.request(`http://api.test${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { authorization: tokens[caller], "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return await answerIn(reply);
  };

async function answerIn(reply: Response): Promise<Answer> {
  const text = await reply.text();
  const body = JSON.parse(text) as Record<string, unknown>;
  return { status: reply.status, retryAfter: reply.headers.get("retry-after"), body, text };
}

export async function serviceOver(store: Store, wanted: Wanted = {}) {
  const {
    build = standardBuild,
    customer = acme,
    clock: given = { now: () => Date.now() },
    ...more
  } = wanted;
  const log: LogEntry[] = [];
  let passed: Millis = 0;
  const clock = { now: () => given.now() + passed };
  const { app, issueDue, end } = await processOf(build, {
    ...more,
    clock,
    store,
    accounts: accountsWith(customer),
    leaseMs: 600_000,
    log: (entry) => log.push(entry),
  });

  const send = senderTo(app);
  /** An operation of the contract with its input. */
  const ask = async (caller: Caller, id: OperationId, input: Fields): Promise<Answer> => {
    const { method, path } = operations[id];
    const { body, query } = splitInput(operations[id], input);
    const reply = await app.request(`http://api.test${fillPath(path, input)}${query}`, {
      method,
      headers: { authorization: tokens[caller], "content-type": "application/json" },
      ...(method === "GET" ? {} : { body: bodyOf(method, body) }),
    });
    return await answerIn(reply);
  };

  return {
    log,
    ask,
    clock,
    /** Its clock is so much later from now on. */
    pass: (ms: Millis) => {
      passed += ms;
    },
    issueDue,
    [Symbol.asyncDispose]: end,
    issue: (more: { query?: string; domain_key?: string } = {}) =>
      send("customer", `/v3/job/issue/presto/${customer.database}`, { query: "SELECT 1", ...more }),
    show: (id: string) => send("customer", `/v3/job/show/${id}`),
    kill: (id: string) => send("customer", `/v3/job/kill/${id}`, {}),
    list: (to: number) => send("customer", `/v3/job/list?from=0&to=${to}`),
    createDatabase: (name: string) => send("customer", `/v3/database/create/${name}`, {}),
    claim: () =>
      send("v5", "/worker/v1/claim", {
        generation: "v5",
        engines: ["presto"],
        worker: "worker-1",
        version: "sha256:1",
      }),
    heartbeat: (report: Report) =>
      send("v5", `/worker/v1/jobs/${report.job_id}/heartbeat`, attemptOf(report)),
    receipt: (report: Report) =>
      send("v5", `/worker/v1/jobs/${report.job_id}/receipt`, {
        ...attemptOf(report),
        rows: 1,
        checksum: "5".repeat(64),
      }),
    finish: (report: Report, more: object = {}) =>
      send("v5", `/worker/v1/jobs/${report.job_id}/finish`, { ...finished, ...attemptOf(report), ...more }),
  };
}
export type Service = Awaited<ReturnType<typeof serviceOver>>;

const attemptOf = ({ attempt }: Report) => ({ attempt });

export interface Report {
  job_id: string;
  attempt: number;
}

const finished = {
  status: "success",
  num_records: 1,
  result_size: 100,
  result_schema: [["a", "bigint"]],
  message: null,
};
