import { Readable } from "node:stream";
import { TDClient } from "td";
import { expect, test } from "vitest";
import { listen } from "../../../fixtures/api/http/listener.ts";
import { memoryStore } from "../../../fixtures/api/store/memory.ts";
import type { Store } from "../../../fixtures/api/store/store.ts";
import { credentials } from "../../../fixtures/api/testing/service.ts";
import { balance } from "../../../fixtures/clients/load-balancer.ts";
import { type Api, content, minute, ofThatDay, repaired, serve } from "./api.ts";

/** A real client behind a load balancer that ends its request: over HTTP, by npm td. */

/** A store that has committed a chunk, and does not say so until it is released. */
function lateStore() {
  const store = memoryStore();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const { promise: stored, resolve: onStored } = Promise.withResolvers<void>();
  const late: Store = {
    ...store,
    transaction: async (label, work) => {
      const result = await store.transaction(label, work);
      if (label !== "table.import_with_id") return result;
      onStored();
      await released;
      return result;
    },
  };
  return { late, release, stored };
}

test.each<[string, Api, number]>([
  ["of that day", ofThatDay, 2],
  ["as repaired", repaired, 1],
])(
  "a chunk is stored, its sender is told 504, and sends it again after 22 minutes: the API %s",
  async (_, api, times) => {
    const { late, release, stored } = lateStore();
    const { app, clock, forget, importAll, rows } = await serve(api, late);
    const listener = await listen(app, "127.0.0.1", 0);
    try {
      await using balancer = await balance(listener.port, 100);
      const host = `127.0.0.1:${balancer.port}`;
      const client = new TDClient(credentials.acme.replace("TD1 ", ""), { host, protocol: "http" });
      const sent = () =>
        new Promise<unknown>((resolve, reject) => {
          const body = Readable.from([content]);
          client.import("shop", "orders", "msgpack.gz", body, content.byteLength, "5f1d", (error, value) =>
            error === null ? resolve(value) : reject(error),
          );
        });
      await expect(sent()).rejects.toThrow("504");
      await stored;
      await importAll();
      expect(rows()).toBe(1);
      release();

      clock.at += 22 * minute;
      await forget();
      expect(JSON.parse(String(await sent()))).toMatchObject({ unique_id: "5f1d" });
      await importAll();
      expect(rows()).toBe(times);
    } finally {
      await listener.drain(0);
    }
  },
);
