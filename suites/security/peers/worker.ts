import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type Program, start } from "./checkout.ts";
import { type MysqlPeer, mysqlPeer, type Reply } from "./mysql.ts";
import { writeAll } from "./write-all.ts";

/** A worker v5 of a checkout between an API and a warehouse that do what a test says. */
export interface WorkerProcess extends AsyncDisposable {
  program: Program;
  warehouse: MysqlPeer;
  /** Finish reports as they came. */
  reports: Report[];
  /** The last report of a job. */
  ending(jobId: string): Promise<Report>;
}

export interface Report {
  job_id: string;
  attempt: number;
  status: string;
  message: string | null;
}

export interface Surroundings {
  /** The job that a claim gets, null for none. */
  claim: () => object | null;
  /** Told of heartbeats. */
  heartbeat?: (jobId: string) => void;
  /** The status that a finish report gets; 200 without it. */
  finish?: (report: Report) => number;
  /** Answers what a customer's statement asks; with two rows without it. */
  select?: (sql: string, reply: Reply) => void;
  /** The body of a reply of the API, in place of the usual one where there is any. */
  body?: (path: string) => Iterable<Buffer> | undefined;
  /** Where reports of an earlier life are; a folder of its own without it. */
  outbox?: string;
}

/** A job as v5 claims it. */
export const job = (id: string, more: object = {}): object => ({
  job_id: id,
  attempt: 1,
  lease_ms: 30_000,
  account: 1,
  type: "presto",
  engine: "presto",
  database: "shop",
  query: `SELECT ${id}`,
  kill_requested: false,
  result_url: null,
  ...more,
});

export async function workerProcess(around: Surroundings): Promise<WorkerProcess> {
  const stack = new AsyncDisposableStack();
  const warehouse = stack.use(
    await mysqlPeer((sql, reply) => {
      const statement = sql.replace(/^\/\*.*?\*\/ /, "");
      if (!statement.startsWith("SELECT")) reply.ok();
      else if (statement.startsWith("SELECT GET_LOCK")) reply.rows(["taken"], [["1"]]);
      else if (statement.includes("FROM results.files")) reply.rows(["num_records"], []);
      else if (around.select !== undefined) around.select(statement, reply);
      else reply.rows(["n"], [["1"], ["2"]]);
    }),
  );
  const reports: Report[] = [];
  const answer = (url: string, body: Report, response: ServerResponse): void => {
    const given = around.body?.(url);
    if (given !== undefined) return void writeAll(response, given).then(() => response.end());
    let status = 200;
    let reply: object = {};
    if (url.endsWith("/claim")) reply = { job: around.claim() };
    const jobId = /jobs\/([^/]*)/.exec(url)?.[1] ?? "";
    if (url.endsWith("/heartbeat")) {
      around.heartbeat?.(jobId);
      reply = { lease_ms: 30_000, kill_requested: false };
    }
    if (url.endsWith("/finish")) {
      const report = { ...body, job_id: jobId };
      reports.push(report);
      status = around.finish?.(report) ?? 200;
    }
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(reply));
  };
  const api = createServer((request, response) => {
    void text(request).then((body) => answer(request.url ?? "", JSON.parse(body || "{}"), response));
  });
  api.listen(0, "127.0.0.1");
  await once(api, "listening");
  stack.defer(() => {
    api.closeAllConnections();
    api.close();
  });
  const folder = await mkdtemp(join(tmpdir(), "interlock-worker-"));
  stack.defer(() => rm(folder, { recursive: true }));
  const program = stack.use(
    await start("fixtures/workers/v5/main.ts", {
      API_URL: `http://127.0.0.1:${(api.address() as AddressInfo).port}`,
      WORKER_TOKEN: "any",
      WORKER_ID: "worker-1",
      WAREHOUSE_URL: `mysql://worker:any@127.0.0.1:${warehouse.port}`,
      WAREHOUSE_ACCOUNTS: JSON.stringify({ 1: { user: "account_1", password: "any" } }),
      OUTBOX_DIR: around.outbox ?? join(folder, "outbox"),
      POLL_MS: "5",
      TIME_SCALE: "0.2",
    }),
  );
  return {
    program,
    warehouse,
    reports,
    async ending(jobId) {
      for (;;) {
        const found = reports.findLast((report) => report.job_id === jobId);
        if (found !== undefined) return found;
        await once(api, "request");
      }
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
