import type { Column } from "../../../contracts/values.ts";
import { type Build, standardBuild } from "../../../fixtures/build.ts";
import { MemoryDestinations } from "../../../fixtures/in-process/memory-destinations.ts";
import { MemoryWarehouse } from "../../../fixtures/in-process/memory-warehouse.ts";
import { Acknowledged } from "./acknowledged.ts";
import { type Client, commandLine, fluentd, issueByKey, onlooker, workflow } from "./customers.ts";
import { areOver, jobsOf, judged } from "./judged.ts";
import { openWay, type Upgrade, type Upgraded, upgrade, type Way } from "./promotion.ts";
import { customers, runWorkers, startApi } from "./service.ts";
import type { TwoServers } from "./two-servers.ts";

/** The evening of 2017-10-23 as customers, workers and the operator go through it. */

export interface Evening {
  api?: Build;
  workers?: Build;
  skips?: Upgrade["skips"];
  /** The second API process has an address of the first server of its own, and does not notice the swap. */
  bypass?: boolean;
  /** How long a job may take to its end afterwards. */
  endsMs?: number;
  /** What happens to the servers while all goes well, before the upgrade. */
  before?: (two: TwoServers) => Promise<unknown>;
  /** The least that the outage lasts; it ends when everybody was answered in it. */
  outageMs?: number;
  /** What happens to them in the outage. */
  meanwhile?: () => Promise<unknown>;
  catchUpMs?: number;
}

export interface Told extends Upgraded {
  /** What was wrong about it; none is right. */
  wrong: string[];
  record: Acknowledged;
}

/** Jobs of each customer that run when the database goes, and whose effect comes about meanwhile. */
const held = [
  { query: "INSERT INTO sink SELECT /* held */ n FROM numbers" },
  { query: "CREATE TABLE made_meanwhile AS SELECT /* held */ n FROM numbers" },
  { query: "SELECT /* held */ n FROM numbers", result: "web://web.test/rows" },
];
const workersOfEach = held.length + 2;

/** What is asked of the service while it has no database, each by whoever asks it. */
export const asked = [
  "job.issue",
  "job.list",
  "job.show",
  "job.kill",
  "td",
  "table.import_with_id",
  "worker.claim",
  "worker.heartbeat",
  "worker.register_table",
  "worker.receipt",
  "worker.finish",
];

export async function evening(two: TwoServers, wanted: Evening = {}): Promise<Told> {
  await using stack = new AsyncDisposableStack();
  const way = await openWay(two.primary);
  stack.defer(() => way.close());
  const service = await serving(two, way, wanted, stack);
  const { record, clients, load, workers, outage } = service;
  const skips = wanted.skips ?? [];
  const goesOn = async (jobs: number, otherwise: string) => {
    const done = () => customers.map(({ name }) => record.done.get(name) ?? 0);
    const from = done();
    await record.until(otherwise, () => done().every((count, i) => count >= (from[i] as number) + jobs));
  };
  await record.until("running jobs do not begin", () => outage.waiting() === held.length * clients.length);
  await wanted.before?.(two);
  await goesOn(4, "the load does not begin");
  const before = new Map(asked.map((operation) => [operation, record.asked(operation)]));
  const isAsked = (operation: string, times: number) =>
    record.asked(operation) >= (before.get(operation) as number) + times;
  const upgraded = await upgrade({
    ...two,
    way,
    skips,
    catchUpMs: wanted.catchUpMs ?? 10_000,
    async whileReadOnly() {
      outage.begin();
      await record.until("no job ends", () => isAsked("worker.finish", held.length));
    },
    async meanwhile() {
      outage.begin();
      await wanted.meanwhile?.();
      const since = performance.now();
      const areAnswered = () => asked.every((operation) => isAsked(operation, 1));
      if (!skips.includes("cutting"))
        await record.until(
          "not everybody is answered",
          () => areAnswered() && performance.now() > since + (wanted.outageMs ?? 0),
        );
    },
  });
  await goesOn(4, "the service does not come back");
  await load.end();
  const { primary } = upgraded;
  await record.until("a job does not end", async () => areOver(await jobsOf(primary)), wanted.endsMs);
  await workers.end();
  return { ...upgraded, wrong: await judged(primary, record, service.warehouse), record };
}

/** The service under load: two API processes, workers of both generations, and all clients. */
async function serving(two: TwoServers, way: Way, wanted: Evening, stack: AsyncDisposableStack) {
  const direct = wanted.bypass === true ? await openWay(two.primary) : way;
  stack.defer(() => direct.close());
  const { api = standardBuild, workers: build = standardBuild } = wanted;
  const apis = [await startApi(api, way.port), await startApi(api, direct.port)];
  for (const one of apis) stack.defer(() => one.close());
  const urls = apis.map(({ url }) => url);
  const record = new Acknowledged();
  const warehouse = warehouseWithTables();
  const outage = outageOf();
  const destinations = new MemoryDestinations();
  const given = { warehouse, destinations, record, held: outage.hold };
  const workers = stoppable((stop) => runWorkers(build, urls[0] as string, workersOfEach, given, stop));
  stack.defer(() => workers.end());
  // Else a worker that waits for it does not end.
  stack.defer(outage.begin);
  const clients = customers.map((customer, i) => ({ customer, url: urls[i] as string, record }));
  const load = stoppable(async (stop) => {
    const all = clients.map((client): Client => ({ ...client, stop }));
    const running = all.flatMap((client) =>
      held.map((job, i) => issueByKey(client, { ...job, domain_key: `held-${i}` })),
    );
    await Promise.all(running);
    await Promise.all([
      ...all.map(workflow),
      ...all.map(onlooker),
      ...all.map(commandLine),
      ...all.map(fluentd),
    ]);
  });
  stack.defer(() => load.end());
  return { record, clients, warehouse, workers, load, outage };
}

function warehouseWithTables(): MemoryWarehouse {
  const warehouse = new MemoryWarehouse();
  for (const { id } of customers) {
    const columns: Column[] = [["n", "bigint"]];
    warehouse.addTable(id, "shop", { name: "numbers", columns, rows: [[1], [2]] });
    warehouse.addTable(id, "shop", { name: "sink", columns, rows: [] });
  }
  return warehouse;
}

/** Statements that begin before the outage and end in it. */
function outageOf() {
  const { promise, resolve } = Promise.withResolvers<void>();
  const waiting = new Set<string>();
  return {
    waiting: () => waiting.size,
    begin: resolve,
    hold: async (job: string, sql: string, signal: AbortSignal) => {
      if (!sql.includes("held")) return;
      waiting.add(job);
      const aborted = Promise.withResolvers<void>();
      signal.addEventListener("abort", () => aborted.resolve(), { once: true });
      if (!signal.aborted) await Promise.race([promise, aborted.promise]);
      signal.throwIfAborted();
    },
  };
}

/** Runs until it is asked to end. */
function stoppable(run: (stop: AbortSignal) => Promise<unknown>): { end(): Promise<void> } {
  const stop = new AbortController();
  const over = run(stop.signal);
  over.catch(() => {});
  return {
    async end() {
      stop.abort();
      await over;
    },
  };
}
