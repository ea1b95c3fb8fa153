import { gzipSync } from "node:zlib";
import { encode } from "@msgpack/msgpack";
import { expect, test } from "vitest";
import { knownForMs } from "../../../contracts/operations/streaming-import.ts";
import type { Millis } from "../../../contracts/values.ts";
import { importWaiting } from "../../../fixtures/api/importer/importer.ts";
import { memoryStore } from "../../../fixtures/api/store/memory.ts";
import { acme, serviceOver } from "../../../fixtures/api/testing/service.ts";
import type { Warehouse } from "../../../fixtures/api/warehouse/warehouse.ts";
import { ofApiIn, type Table, tableKey } from "../../../fixtures/in-process/memory-tables.ts";

/** How often one chunk is imported that is sent again and again, because a load balancer hides that it was stored. */

const minute: Millis = 60_000;
const hour: Millis = 60 * minute;
/** After so long the load balancer answers 504, and the client begins to wait. */
const cutMs: Millis = minute;

/** When a client sends a chunk that is never acknowledged, by its waits between two tries. */
function tries(waitBefore: (nth: number) => Millis, until: Millis): Millis[] {
  const times: Millis[] = [];
  for (let at = 0, nth = 1; at <= until; nth += 1) {
    times.push(at);
    at += cutMs + waitBefore(nth);
  }
  return times;
}
const fixed = (ms: Millis) => (): Millis => ms - cutMs;
const doubling = (nth: number): Millis => 1_000 * 2 ** (nth - 1);

const content = gzipSync(encode({ time: 1_567_578_480, a: 1 })).toString("base64");
const chunk = { database: "shop", table: "orders", format: "msgpack.gz", content } as const;

interface Api {
  /** How long a chunk is known by its id. */
  knownMs: Millis;
  /** Whether the warehouse knows it longer. */
  remembers: boolean;
}
const ofThatDay: Api = { knownMs: 20 * minute, remembers: false };
const repaired: Api = { knownMs: knownForMs, remembers: true };

/** How often its one record is in the table in the end. */
async function imported({ knownMs, remembers }: Api, times: readonly Millis[]): Promise<number> {
  const tables = new Map<string, Table>();
  const kept = ofApiIn(tables);
  const append: Warehouse["append"] = (owner, table, batch) =>
    kept.append(owner, table, remembers ? batch : { ...batch, key: batch.chunk });
  const { call, clock, ports, store } = await serviceOver(memoryStore(), undefined, { ...kept, append });
  await call("table.create", { database: "shop", table: "orders", type: "log" }, acme);
  const began = clock.at;
  for (const at of times) {
    clock.at = began + at;
    await store.transaction("forget", async (tx) => tx.forgetChunks(clock.at - knownMs, 1_000));
    await call("table.import_with_id", { ...chunk, unique_id: "5f1d" }, acme);
    await importWaiting(ports);
  }
  return tables.get(tableKey(1, "shop", "orders"))?.rows.length ?? 0;
}

test.each<[string, Millis[], number]>([
  ["a fixed interval just above the window", tries(fixed(22 * minute), 5 * hour + 27 * minute), 15],
  ["fluentd 1.x for the seven hours", tries(doubling, 7 * hour), 5],
  ["fluentd 1.x until it gives up", tries(doubling, 72 * hour), 8],
  ["an interval within the window", tries(fixed(19 * minute), 18 * minute), 1],
])("%s: duplicates on the API of that day, none on the repaired one", async (_, times, before) => {
  expect([await imported(ofThatDay, times), await imported(repaired, times)]).toEqual([before, 1]);
});

test("a client that comes back after the window of a week adds nothing", async () => {
  const times = [0, knownForMs + hour];
  expect(await imported(repaired, times)).toBe(1);
  expect(await imported({ ...repaired, remembers: false }, times)).toBe(2);
});
