import { gzipSync } from "node:zlib";
import { encode } from "@msgpack/msgpack";
import type { Millis } from "../../../contracts/values.ts";
import { runImporter } from "../../../fixtures/api/importer/importer.ts";
import type { LogEntry, Ports } from "../../../fixtures/api/ports.ts";
import { memoryStore } from "../../../fixtures/api/store/memory.ts";
import type { Store } from "../../../fixtures/api/store/store.ts";
import { acme, serviceOver } from "../../../fixtures/api/testing/service.ts";
import { type Backlog, backlogOf, chunksOfLate, lately } from "../../../fixtures/api/upkeep/backlog.ts";
import { watchedQueues } from "../../../fixtures/api/upkeep/watched-queues.ts";
import { MemoryImporting } from "../../../fixtures/in-process/memory-importing.ts";
import { ofApiIn, type Table } from "../../../fixtures/in-process/memory-tables.ts";
import { VirtualClock } from "../../../harness/rigs/in-process/clock.ts";
import { turn } from "../../../harness/rigs/in-process/transport.ts";

/** All clients at once, and importers that take ten seconds for one import of a table: the API's own code in virtual time. */

const importMs: Millis = 10_000;
const tables = Array.from({ length: 9 }, (_, i) => `orders_${i}`);
const content = gzipSync(encode({ time: 1_567_578_480, a: 1 })).toString("base64");

export interface Flood {
  chunksASecond: number;
  /** By process: another store than the one that all have. */
  storeOf?: (store: Store, process: string) => Store;
  watch?: (ports: Ports) => () => Promise<void>;
  processes?: readonly string[];
}

export interface Running {
  /** What has been logged so far. */
  log: readonly (LogEntry & { at: Millis })[];
  setQueues: (count: number) => Promise<void>;
  backlog: () => Promise<Backlog>;
  pass: (ms: Millis) => Promise<void>;
  /** Passes seconds until it is so, at most an hour. @returns how many */
  until: (isSo: (found: Backlog) => boolean) => Promise<number>;
}

/** Begins with two queues, as on that day. */
export async function flooded({
  chunksASecond,
  storeOf = (store) => store,
  watch = watchedQueues,
  processes = ["api"],
}: Flood): Promise<Running> {
  const clock = new VirtualClock();
  const store = memoryStore();
  const importing = new MemoryImporting(store);
  const { handlers, call, ports } = await serviceOver(store, undefined, ofApiIn(new Map<string, Table>()));
  for (const table of tables) await call("table.create", { database: "shop", table, type: "log" }, acme);
  await store.transaction("given", async (tx) => tx.setQueues(2));
  const log: (LogEntry & { at: Millis })[] = [];
  const all = processes.map((name): Ports => {
    const own = slow(storeOf(store, name), clock);
    const say = (entry: LogEntry) => void log.push({ ...entry, at: clock.now() });
    return { ...ports, name, clock, store: own, importing: importing.of(clock), log: say };
  });
  for (const process of all) void runImporter(process, watch(process));
  void send(clock, chunksASecond, async (n) => {
    const process = all[n % all.length] as Ports;
    const chunk = {
      database: "shop",
      table: tables[n % tables.length] as string,
      format: "msgpack.gz",
      content,
    } as const;
    await handlers["table.import"](chunk, acme, process);
  });
  const backlog = async () => {
    const since = clock.now() - lately;
    return await store.read("test", async (tx) =>
      backlogOf(chunksOfLate(await tx.listChunkWork(since)), await tx.countQueues(), clock.now()),
    );
  };
  const pass = async (ms: Millis) => {
    for (const end = clock.now() + ms; clock.now() < end && clock.step(); ) await turn();
  };
  const until: Running["until"] = async (isSo) => {
    let seconds = 0;
    while (seconds < 3_600 && !isSo(await backlog())) {
      await pass(1_000);
      seconds += 1;
    }
    return seconds;
  };
  const setQueues = (count: number) => store.transaction("operator", async (tx) => tx.setQueues(count));
  return { log, setQueues, backlog, pass, until };
}

/** An import waits before it begins: what is in memory takes no time, and keeps all others out while it lasts. */
const slow = (store: Store, clock: VirtualClock): Store => ({
  ...store,
  transaction: async (label, work) => {
    if (label === "importer") await clock.sleep(importMs);
    return await store.transaction(label, work);
  },
});

async function send(
  clock: VirtualClock,
  chunksASecond: number,
  one: (n: number) => Promise<void>,
): Promise<void> {
  for (let n = 0; ; n += 1) {
    await clock.sleep(1_000 / chunksASecond);
    await one(n);
  }
}
