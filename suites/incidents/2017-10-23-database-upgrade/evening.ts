import { setTimeout as wait } from "node:timers/promises";
import type { Column } from "../../../contracts/values.ts";
import { type Build, standardBuild } from "../../../fixtures/build.ts";
import { MemoryDestinations } from "../../../fixtures/in-process/memory-destinations.ts";
import { MemoryWarehouse } from "../../../fixtures/in-process/memory-warehouse.ts";
import { Acknowledged } from "./acknowledged.ts";
import {
  type Client,
  commandLine,
  fluentd,
  issueByKey,
  lookMs,
  onlooker,
  untilAnswered,
  workflow,
} from "./customers.ts";
import { type Found, foundOn } from "./found.ts";
import { areOver, judged } from "./judged.ts";
import { numbers, orderedTables, orderer, orderHeld, ordersHeld, sources } from "./orders.ts";
import { owner } from "./owners.ts";
import { openWay, type Upgrade, type Upgraded, upgrade, type Way } from "./promotion.ts";
import { type Watch, watchedSource } from "./semi-synchronous.ts";
import { customers, dueClock, runWorkers, startApi } from "./service.ts";
import {
  columns,
  jobsThatRead,
  loader,
  loadSpecial,
  readsMeanwhile,
  specialSessions,
  target,
} from "./sessions.ts";
import type { TwoServers } from "./two-servers.ts";

/** The evening of 2017-10-23 as customers, workers and the operator go through it. */

export interface Evening {
  api?: Build;
  workers?: Build;
  skips?: Upgrade["skips"];
  /** The second API process has an address of the first server of its own, and does not notice the swap. */
  bypass?: boolean;
  /** How long what was begun may take to its end afterwards. */
  endsMs?: number;
  /** What happens to the servers while all goes well, before the upgrade. */
  before?: (two: TwoServers) => Promise<unknown>;
  /** What happens to them under load, before the operator begins. */
  underLoad?: (two: TwoServers, record: Acknowledged, watch: Watch) => Promise<unknown>;
  /** The least that the outage lasts; it ends when everybody was answered in it. */
  outageMs?: number;
  /** What happens to them in the outage. */
  meanwhile?: (two: TwoServers) => Promise<unknown>;
  /** What happens once the replica takes writes. */
  promoted?: (two: TwoServers, record: Acknowledged) => Promise<unknown>;
  catchUpMs?: number;
}

export interface Told extends Upgraded {
  /** What was wrong about it; none is right. */
  wrong: string[];
  record: Acknowledged;
  /** How many due times fell into the outage. */
  delayed: number;
}

/** Jobs of each customer that run when the database goes, and whose effect comes about meanwhile. */
const held = [
  { query: "INSERT INTO sink SELECT /* held */ n FROM numbers" },
  { query: "CREATE TABLE made_meanwhile AS SELECT /* held */ n FROM numbers" },
];
const jobsMeanwhile = held.length + jobsThatRead + ordersHeld;
const workersOfEach = jobsMeanwhile + 3;

/** What is asked of the service while it has no database, each by whoever asks it. */
export const asked = [
  "job.issue",
  "job.list",
  "job.show",
  "job.kill",
  "job.result_export",
  "connector.issue",
  "export.run",
  "table.partialdelete",
  "td",
  "table.import_with_id",
  "bulk_import.create",
  "bulk_import.upload_part",
  "bulk_import.freeze",
  "bulk_import.perform",
  "bulk_import.commit",
  "bulk_import.show",
  "schedule.history",
  "worker.claim",
  "worker.heartbeat",
  "worker.import_part",
  "worker.register_table",
  "worker.receipt",
  "worker.finish",
];

export async function evening(two: TwoServers, wanted: Evening = {}): Promise<Told> {
  await using stack = new AsyncDisposableStack();
  const way = await openWay(two.primary);
  stack.defer(() => way.close());
  const watch = watchedSource(two.primary);
  stack.defer(() => watch.end());
  const service = await serving(two, way, wanted, stack);
  const { record, running, load, workers, outage, clock } = service;
  const skips = wanted.skips ?? [];
  const goesOn = async (jobs: number, otherwise: string) => {
    const done = () => customers.map(({ name }) => record.done.get(name) ?? 0);
    const from = done();
    await record.until(otherwise, () => done().every((count, i) => count >= (from[i] as number) + jobs));
  };
  await record.until("running jobs do not begin", outage.isAwaited);
  await wanted.before?.(two);
  await goesOn(4, "the load does not begin");
  await wanted.underLoad?.(two, record, watch);
  const before = new Map(asked.map((operation) => [operation, record.asked(operation)]));
  const isAsked = (operation: string, times: number) =>
    record.asked(operation) >= (before.get(operation) as number) + times;
  let from = Number.POSITIVE_INFINITY;
  const upgraded = await upgrade({
    ...two,
    way,
    watch,
    skips,
    catchUpMs: wanted.catchUpMs ?? 10_000,
    promoted: async () => wanted.promoted?.(two, record),
    async whileReadOnly() {
      outage.begin();
      await record.until("no job ends", () => isAsked("worker.finish", held.length));
    },
    async meanwhile() {
      from = clock.now();
      outage.cut();
      await wanted.meanwhile?.(two);
      const since = performance.now();
      const areAnswered = () => asked.every((operation) => isAsked(operation, 1));
      if (!skips.includes("cutting"))
        await record.until(
          "not everybody is answered",
          () => areAnswered() && performance.now() > since + (wanted.outageMs ?? 0),
        );
    },
  });
  const to = clock.now();
  await goesOn(4, "the service does not come back");
  const found = () => foundOn(upgraded.primary, service);
  await load.end();
  clock.stop();
  await untilLoaded(record, found, clock.now(), wanted.endsMs);
  await running.end();
  await record.until("a job does not end", async () => areOver((await found()).jobs), wanted.endsMs);
  await workers.end();
  const { runs, ...last } = await found();
  const delayed = runs.filter(({ at }) => at >= from && at < to).length;
  return { ...upgraded, wrong: judged({ ...last, runs }, record), record, delayed };
}

/** What was begun before has come to its end, and what was due up to a moment has its job. */
async function untilLoaded(
  record: Acknowledged,
  found: () => Promise<Found>,
  dueBy: number,
  endsMs?: number,
): Promise<void> {
  const isLoaded = () => record.loaded.size >= specialSessions;
  await record.until("a session does not come to its end", isLoaded, endsMs);
  const isIssued = async () => {
    const { scheduled } = await found();
    return scheduled.length > 0 && scheduled.every(({ nextAt }) => nextAt !== null && nextAt > dueBy);
  };
  await record.until("due times wait for ever", isIssued, endsMs);
  const isImported = async () => (await found()).chunks.every((chunk) => chunk.isImported);
  await record.until("chunks wait for ever", isImported, endsMs);
}

/** The service under load: two API processes, workers of both generations, and all clients. */
async function serving(two: TwoServers, way: Way, wanted: Evening, stack: AsyncDisposableStack) {
  const direct = wanted.bypass === true ? await openWay(two.primary) : way;
  stack.defer(() => direct.close());
  const { api = standardBuild, workers: build = standardBuild } = wanted;
  const warehouse = warehouseWithTables();
  const clock = dueClock();
  const beside = { warehouse, dueClock: clock };
  const apis = [await startApi(api, way.port, beside), await startApi(api, direct.port, beside)];
  for (const one of apis) stack.defer(() => one.close());
  const urls = apis.map(({ url }) => url);
  const record = new Acknowledged();
  const outage = outageOf();
  const destinations = new MemoryDestinations();
  const given = { warehouse, destinations, sources, record, held: outage.hold };
  const workers = stoppable((stop) => runWorkers(build, urls[0] as string, workersOfEach, given, stop));
  stack.defer(() => workers.end());
  // Else a worker that waits for it does not end.
  stack.defer(outage.cut);
  const clients = customers.map((customer, i) => ({
    customer,
    url: urls[i] as string,
    record,
    outage: outage.begun,
  }));
  const started = (run: (all: readonly Client[]) => Promise<unknown>) => {
    const one = stoppable((stop) => run(clients.map((client): Client => ({ ...client, stop }))));
    stack.defer(() => one.end());
    return one;
  };
  const running = started(runningOf);
  const load = started((all) => loadOf(all, outage.isAwaited));
  return { record, warehouse, destinations, running, workers, load, outage, clock };
}

/** What is under way when the database goes, and comes to its end afterwards. */
async function runningOf(all: readonly Client[]): Promise<void> {
  await Promise.all(all.map((client) => untilAnswered(client, `/v3/table/create/shop/${target}/log`, {})));
  const jobs = all.flatMap((client) =>
    held.map((job, i) => issueByKey(client, { ...job, domain_key: `held-${i}` })),
  );
  await Promise.all([...jobs, ...all.map(loadSpecial), ...all.map(orderHeld)]);
}

/** @param hasBegun whether all that is to be under way is: then the rest begins */
async function loadOf(all: readonly Client[], hasBegun: () => boolean): Promise<void> {
  while (!hasBegun() && all.every(({ stop }) => !stop.aborted)) await wait(lookMs);
  const kinds = [workflow, onlooker, commandLine, fluentd, loader, owner, orderer];
  await Promise.all(kinds.flatMap((kind) => all.map(kind)));
}

function warehouseWithTables(): MemoryWarehouse {
  const warehouse = new MemoryWarehouse();
  const ofNumbers: Column[] = [["n", "bigint"]];
  const loaded = columns.map((name): Column => [name, name === "time" ? "bigint" : "string"]);
  for (const { id } of customers) {
    warehouse.addTable(id, "shop", { name: "numbers", columns: ofNumbers, rows: numbers });
    warehouse.addTable(id, "shop", { name: "sink", columns: ofNumbers, rows: [] });
    warehouse.addTable(id, "shop", { name: target, columns: loaded, rows: [] });
    for (const table of orderedTables) warehouse.addTable(id, "shop", table);
  }
  return warehouse;
}

/** Work that begins before the outage and ends in it: statements as soon as it begins, parts when the connections are cut. */
function outageOf() {
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const { promise: isCut, resolve } = Promise.withResolvers<void>();
  const waiting = new Set<string>();
  return {
    isAwaited: () => waiting.size >= jobsMeanwhile * customers.length,
    begin,
    begun,
    cut: () => {
      begin();
      resolve();
    },
    hold: async (job: string, what: string, signal?: AbortSignal) => {
      const until = readsMeanwhile.test(what) ? isCut : /\bheld/.test(what) ? begun : null;
      if (until === null) return;
      waiting.add(job);
      const aborted = Promise.withResolvers<void>();
      signal?.addEventListener("abort", () => aborted.resolve(), { once: true });
      if (signal?.aborted !== true) await Promise.race([until, aborted.promise]);
      signal?.throwIfAborted();
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
