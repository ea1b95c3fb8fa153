import { gzipSync } from "node:zlib";
import { encode } from "@msgpack/msgpack";
import { knownForMs } from "../../../contracts/operations/streaming-import.ts";
import type { Millis } from "../../../contracts/values.ts";
import { importWaiting } from "../../../fixtures/api/importer/importer.ts";
import { memoryStore } from "../../../fixtures/api/store/memory.ts";
import type { Store } from "../../../fixtures/api/store/store.ts";
import { acme, serviceOver } from "../../../fixtures/api/testing/service.ts";
import type { Warehouse } from "../../../fixtures/api/warehouse/warehouse.ts";
import { ofApiIn, type Table, tableKey } from "../../../fixtures/in-process/memory-tables.ts";

/** The API that takes chunks, as it was and as it is. */

export const minute: Millis = 60_000;
export const hour: Millis = 60 * minute;

export const content = gzipSync(encode({ time: 1_567_578_480, a: 1 }));

export interface Api {
  /** How long a chunk is known by its id. */
  knownMs: Millis;
  /** Whether the warehouse knows it longer. */
  remembers: boolean;
}
export const ofThatDay: Api = { knownMs: 20 * minute, remembers: false };
export const repaired: Api = { knownMs: knownForMs, remembers: true };

/** With a table `shop.orders`. */
export async function serve({ knownMs, remembers }: Api, store: Store = memoryStore()) {
  const tables = new Map<string, Table>();
  const kept = ofApiIn(tables);
  const append: Warehouse["append"] = (owner, table, batch) =>
    kept.append(owner, table, remembers ? batch : { ...batch, key: batch.chunk });
  const { app, call, clock, ports } = await serviceOver(store, undefined, { ...kept, append });
  await call("table.create", { database: "shop", table: "orders", type: "log" }, acme);
  return {
    app,
    call,
    clock,
    /** As its upkeep does. */
    forget: () => store.transaction("forget", async (tx) => tx.forgetChunks(clock.at - knownMs, 1_000)),
    importAll: () => importWaiting(ports),
    rows: () => tables.get(tableKey(1, "shop", "orders"))?.rows.length ?? 0,
  };
}
