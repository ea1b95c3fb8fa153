import { setTimeout as delay } from "node:timers/promises";
import type { Pool, RowDataPacket } from "mysql2/promise";
import type { Millis } from "../../contracts/values.ts";
import { mysqlStore } from "../../fixtures/api/store/mysql.ts";
import { openPool } from "../../fixtures/api/store/mysql-connection.ts";
import type { MysqlAddress } from "../../fixtures/api/store/session.ts";
import { warm } from "../../fixtures/api/upkeep/warm.ts";
import { standardBuild } from "../../fixtures/build.ts";
import { withNotifications } from "../../fixtures/mutants/2017-10-23/notifications.ts";
import { startMysqlProxy } from "../../harness/proxy/mysql-proxy.ts";
import { quantile } from "../../harness/quantile.ts";
import { seeded } from "../../harness/seeded.ts";
import { putEndedJobs } from "../../suites/incidents/reference/ended-jobs.ts";
import { type Service, serviceOver } from "../../suites/incidents/reference/service.ts";
import type { SlowDisk } from "./slow-disk.ts";

/** How a server is before a load, which it is started anew for. */
export interface Condition {
  /** MiB of its memory. */
  pool: number;
  /** Whether its tables are read before the first call. */
  isWarmed: boolean;
  /** By which each of its replies comes later, by the proxy. */
  lateMs: Millis;
}

/** What came of a load. */
export interface Seen {
  /** Of looks at old jobs, which have nothing to do with ends. */
  p99: Millis;
  asked: number;
  /** Of those, what was not answered 200. */
  refused: number;
  /** Ends that were answered, and how long the slowest took. */
  ends: number;
  slowestEnd: Millis;
  /** Pages that the server read from its disk meanwhile. */
  reads: number;
  /** How long reading before took. */
  warmedIn: Millis;
}

const loadMs: Millis = 12_000;
/** A look at an old job at this rate, whatever became of those before; an end of a new one so long after the one before. */
const [lookMs, endMs]: [Millis, Millis] = [50, 500];
const connections = 10;

/**
 * @param ended jobs that it has then
 * @returns some of their ids, from everywhere in the table
 */
export async function fill(disk: SlowDisk, ended: number): Promise<readonly string[]> {
  const pool = openPool(disk.address(), { on: false }, 1);
  try {
    const all = await putEndedJobs(pool, ended);
    const random = seeded(1);
    return Array.from(
      { length: 2 * (loadMs / lookMs) },
      () => all[Math.floor(random() * all.length)] as string,
    );
  } finally {
    await pool.end();
  }
}

/** One load on a server that begins with nothing in memory. */
export async function load(
  disk: SlowDisk,
  { pool: size, isWarmed, lateMs }: Condition,
  build: { hasNotifications: boolean; jobs: readonly string[] },
): Promise<Seen> {
  await using stack = new AsyncDisposableStack();
  await disk.restart();
  const open = (address: MysqlAddress, count: number): Pool => {
    const pool = openPool(address, { on: false }, count);
    stack.defer(() => pool.end());
    return pool;
  };
  const own = open(disk.address(), 1);
  await own.query("SET GLOBAL innodb_buffer_pool_size = ?", [size * 2 ** 20]);
  const began = performance.now();
  if (isWarmed) await warm(own);
  const warmedIn = performance.now() - began;

  const proxy = await startMysqlProxy({
    host: "127.0.0.1",
    upstream: () => disk.address(),
    plan: () => null,
    replyDelay: () => lateMs,
    unit: "transaction",
  });
  stack.defer(() => proxy.close());
  const through = { ...disk.address(), port: proxy.port };
  const apiPorts = build.hasNotifications ? withNotifications(open(through, 2)) : standardBuild.apiPorts;
  const service = stack.use(
    await serviceOver(mysqlStore(open(through, connections)), { build: { ...standardBuild, apiPorts } }),
  );
  const before = await pagesRead(own);
  const [looks, ends] = await Promise.all([looksAt(service, build.jobs), endsOf(service)]);
  return { ...looks, ...ends, reads: (await pagesRead(own)) - before, warmedIn };
}

async function pagesRead(pool: Pool): Promise<number> {
  const [rows] = await pool.query<RowDataPacket[]>("SHOW GLOBAL STATUS LIKE 'Innodb_pages_read'");
  return Number(rows[0]?.["Value"]);
}

async function looksAt(
  service: Service,
  jobs: readonly string[],
): Promise<Pick<Seen, "p99" | "asked" | "refused">> {
  const took: number[] = [];
  let refused = 0;
  const look = async (job: string): Promise<void> => {
    const sent = performance.now();
    const { status } = await service.show(job);
    took.push(performance.now() - sent);
    if (status !== 200) refused += 1;
  };
  const looks: Promise<void>[] = [];
  const until = performance.now() + loadMs;
  for (const job of jobs) {
    if (performance.now() >= until) break;
    looks.push(look(job));
    await delay(lookMs);
  }
  await Promise.all(looks);
  return { p99: quantile(took, 0.99), asked: took.length, refused };
}

async function endsOf(service: Service): Promise<Pick<Seen, "ends" | "slowestEnd">> {
  let [ends, slowestEnd] = [0, 0];
  for (const until = performance.now() + loadMs; performance.now() < until; await delay(endMs)) {
    const sent = performance.now();
    await service.issue();
    const { body } = await service.claim();
    if (typeof body["job"] === "object" && body["job"] !== null) {
      const { status } = await service.finish(body["job"] as Parameters<Service["finish"]>[0]);
      if (status === 200) ends += 1;
    }
    slowestEnd = Math.max(slowestEnd, performance.now() - sent);
  }
  return { ends, slowestEnd };
}
