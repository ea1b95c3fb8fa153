import type { Millis } from "../../../contracts/values.ts";
import { type Accounts, seedAccounts } from "../../../fixtures/api/accounts.ts";
import { createHandlers } from "../../../fixtures/api/handlers.ts";
import { createApp } from "../../../fixtures/api/http/app.ts";
import { fileReply } from "../../../fixtures/api/http/file-reply.ts";
import { noImporting } from "../../../fixtures/api/importer/importing.ts";
import type { LogEntry } from "../../../fixtures/api/ports.ts";
import { resultFile } from "../../../fixtures/api/results/result-file.ts";
import { memoryResults } from "../../../fixtures/api/results/result-store.ts";
import { readChunk } from "../../../fixtures/api/rules/chunk.ts";
import type { Store } from "../../../fixtures/api/store/store.ts";
import { type Room, withRoom } from "../../../fixtures/api/upkeep/watched-room.ts";
import { noWarehouse } from "../../../fixtures/api/warehouse/warehouse.ts";
import type { Build } from "../../../fixtures/build.ts";

interface Wanted {
  store: Store;
  accounts: Accounts;
  leaseMs: Millis;
  room?: Room | undefined;
  /** The real one where none is given. */
  clock?: { now(): Millis } | undefined;
  log?: (entry: LogEntry) => void;
}

/** One API process of a build, with its accounts there. */
export async function apiOf(build: Build, wanted: Wanted): Promise<ReturnType<typeof createApp>> {
  const { store, accounts, leaseMs, room, clock = { now: () => Date.now() }, log = () => {} } = wanted;
  await seedAccounts(store, accounts, clock.now());
  const ports = build.apiPorts({
    clock,
    stop: new AbortController().signal,
    store,
    results: memoryResults(),
    warehouse: noWarehouse,
    importing: noImporting,
    readChunk,
    resultFile,
    fileReply,
    leaseMs,
    build: { component: "api", release: "test", digest: "test" },
    log,
  });
  const handlers = createHandlers(build.api);
  return createApp(room === undefined ? handlers : withRoom(handlers, room), ports);
}
