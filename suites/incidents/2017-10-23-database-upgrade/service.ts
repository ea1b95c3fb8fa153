import { createHash } from "node:crypto";
import type { Accounts } from "../../../fixtures/api/accounts.ts";
import { type Listener, listen } from "../../../fixtures/api/http/listener.ts";
import { mysqlStore } from "../../../fixtures/api/store/mysql.ts";
import { openPool } from "../../../fixtures/api/store/mysql-connection.ts";
import type { Build } from "../../../fixtures/build.ts";
import type { MemoryDestinations } from "../../../fixtures/in-process/memory-destinations.ts";
import type { MemoryWarehouse } from "../../../fixtures/in-process/memory-warehouse.ts";
import { over } from "../../../fixtures/mutants/patches.ts";
import { httpApi } from "../../../fixtures/workers/kit/api/http.ts";
import { withTimeScale } from "../../../fixtures/workers/kit/policy.ts";
import type { Ports, Sources, Warehouse } from "../../../fixtures/workers/kit/ports.ts";
import { realClock } from "../../../fixtures/workers/kit/process/real-world.ts";
import { memoryOutbox } from "../../../fixtures/workers/kit/testing/world.ts";
import { packResult, unpackResult } from "../../../fixtures/workers/kit/work/result-file.ts";
import { processOf } from "../reference/api.ts";
import type { Acknowledged } from "./acknowledged.ts";
import { apiAccount } from "./two-servers.ts";

/** The job service over HTTP and its workers, of any build, with all times scaled down. */

export const timeScale = 0.02;
/** Not scaled as far: the machine may have other things to do, and a worker that is late loses its job. */
export const leaseMs = 1_500;
const requestMs = 2_000;

/** Two customers: the jobs of one are for workers v5, those of the other for v6. */
export const customers = [
  { id: 1, name: "acme", cluster: "cdh4", key: "key-1", type: "presto" },
  { id: 2, name: "beta", cluster: "hdp2", key: "key-2", type: "hive" },
] as const;
export type Customer = (typeof customers)[number];
const generations = ["v5", "v6"] as const;

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const accounts: Accounts = {
  customers: customers.map(({ id, name, cluster, key }) => ({
    id,
    name,
    cluster,
    api_key_sha256: sha256(key),
    databases: ["shop"],
  })),
  workers: generations.map((generation) => ({ generation, token_sha256: sha256(`token-${generation}`) })),
};

/** Between two due times: scaled further than the rest, so that an outage has several. */
const minuteMs = 1_000;

/** By which queries are due: from now on a minute of it passes within `minuteMs`. */
export function dueClock(): { now(): number; stop(): void } {
  const began = realClock.now();
  let stoppedAt: number | null = null;
  const now = () => stoppedAt ?? began + (realClock.now() - began) * (60_000 / minuteMs);
  return { now, stop: () => void (stoppedAt = now()) };
}

interface Beside {
  warehouse: MemoryWarehouse;
  dueClock: { now(): number };
}

/** One API process, which reaches its database by this port. Without `beside` it neither imports nor issues by itself. */
export async function startApi(
  build: Build,
  port: number,
  beside?: Beside,
): Promise<{ url: string; close: () => Promise<void> }> {
  const pool = openPool({ host: "127.0.0.1", port, ...apiAccount }, { on: false }, 10);
  const store = mysqlStore(pool);
  const { app, end } = await processOf(build, {
    store,
    accounts,
    leaseMs,
    warehouse: beside?.warehouse.ofApi,
    dueClock: beside?.dueClock,
    lookMs: 200,
  });
  const listener: Listener = await listen(app, "127.0.0.1", 0);
  return {
    url: `http://127.0.0.1:${listener.port}`,
    async close() {
      await Promise.all([listener.drain(0), end()]);
      await store.close();
    },
  };
}

export interface Workers {
  warehouse: MemoryWarehouse;
  destinations: MemoryDestinations;
  sources: Sources;
  /** Holds a job back that does this, until it is to go on or is given up. */
  held: (job: string, what: string, signal?: AbortSignal) => Promise<void>;
  record: Acknowledged;
}

/** So many workers of each generation, which live until `stop`. */
export async function runWorkers(
  build: Build,
  url: string,
  count: number,
  workers: Workers,
  stop: AbortSignal,
): Promise<void> {
  const lives = generations.flatMap((generation) =>
    Array.from({ length: count }, (_, i) =>
      build.run[generation](
        build.workerPorts(portsOf(url, generation, workers)),
        {
          workerId: `worker-${generation}-${i + 1}`,
          version: "sha256:test",
          policies: withTimeScale(build.policies, timeScale),
          pollMs: 90,
          drainMs: 100,
          flushMs: 100,
        },
        stop,
      ),
    ),
  );
  await Promise.all(lives);
}

function portsOf(
  url: string,
  generation: string,
  { warehouse, destinations, sources, held, record }: Workers,
): Ports {
  const api = httpApi(url, `token-${generation}`, requestMs);
  const queries = new Map<unknown, string>();
  return {
    clock: realClock,
    random: Math.random,
    api: {
      async call(operation, input, signal) {
        const { job_id } = input;
        if (operation === "worker.import_part") await held(String(job_id), queries.get(job_id) ?? "", signal);
        const reply = await api.call(operation, input, signal);
        const claimed = (reply.body as { job?: { job_id: string; query: string } | null }).job;
        if (operation === "worker.claim" && claimed) queries.set(claimed.job_id, claimed.query);
        record.answered(operation, reply.status, JSON.stringify(reply.body));
        record.reported(operation, input, reply);
        return reply;
      },
    },
    sources,
    warehouse: over<Warehouse>(warehouse, {
      async select(job, sql, signal) {
        await held(job.jobId, sql, signal);
        return await warehouse.select(job, sql, signal);
      },
      async insertInto(job, what, signal) {
        await held(job.jobId, typeof what === "string" ? what : what.table, signal);
        return record.changed(job.jobId, await warehouse.insertInto(job, what, signal));
      },
      async deleteFrom(job, range, signal) {
        await held(job.jobId, range.table, signal);
        return record.changed(job.jobId, await warehouse.deleteFrom(job, range));
      },
      async stageTable(job, table, sql, signal) {
        await held(job.jobId, sql, signal);
        return await warehouse.stageTable(job, table, sql);
      },
    }),
    destinations: {
      async deliver(settings, delivery, signal) {
        await held(delivery.jobId, JSON.stringify(settings), signal);
        return await destinations.deliver(settings, delivery);
      },
    },
    outbox: memoryOutbox(new Map()),
    packResult,
    unpackResult,
    log: () => {},
  };
}
