import { setTimeout as delay } from "node:timers/promises";
import type { Millis } from "../../../contracts/values.ts";
import { type Accounts, seedAccounts } from "../../../fixtures/api/accounts.ts";
import { createHandlers } from "../../../fixtures/api/handlers.ts";
import { createApp } from "../../../fixtures/api/http/app.ts";
import { fileReply } from "../../../fixtures/api/http/file-reply.ts";
import { inputOf } from "../../../fixtures/api/http/input.ts";
import { runImporter } from "../../../fixtures/api/importer/importer.ts";
import { noImporting, pollingImporting } from "../../../fixtures/api/importer/importing.ts";
import { withShedding } from "../../../fixtures/api/importer/shedding.ts";
import type { LogEntry } from "../../../fixtures/api/ports.ts";
import { errorRecords } from "../../../fixtures/api/results/error-records.ts";
import { resultFile } from "../../../fixtures/api/results/result-file.ts";
import { memoryResults } from "../../../fixtures/api/results/result-store.ts";
import { readChunk } from "../../../fixtures/api/rules/chunk.ts";
import { issueDue, runScheduler } from "../../../fixtures/api/scheduler/scheduler.ts";
import { randomSecrets } from "../../../fixtures/api/secrets.ts";
import type { Store } from "../../../fixtures/api/store/store.ts";
import { type Room, withRoom } from "../../../fixtures/api/upkeep/watched-room.ts";
import { noWarehouse, type Warehouse } from "../../../fixtures/api/warehouse/warehouse.ts";
import type { Build } from "../../../fixtures/build.ts";

interface Wanted {
  store: Store;
  accounts: Accounts;
  leaseMs: Millis;
  room?: Room | undefined;
  /** How its operations ask for room. */
  guarded?: typeof withRoom | undefined;
  /** The real one where none is given. */
  clock?: { now(): Millis } | undefined;
  log?: (entry: LogEntry) => void;
  /** Where its importer puts rows; none is run where there is none. */
  warehouse?: Warehouse | undefined;
  /** By which it issues the jobs of scheduled queries; where there is none, it does so by itself never. */
  dueClock?: { now(): Millis } | undefined;
  /** How often its importer and its scheduler look that nobody wakes. */
  lookMs?: Millis | undefined;
  /** How many chunks it takes at once; any number where none is given. */
  mostChunks?: number | undefined;
}

export type App = ReturnType<typeof createApp>;

const lookingEach = (ms: Millis) =>
  pollingImporting((either) => delay(ms, undefined, { signal: either }).catch(() => {}));

interface Process {
  app: App;
  /** Issues the jobs of scheduled queries that are due. */
  issueDue: () => Promise<void>;
  end: () => Promise<void>;
}

/** The same with an importer and a scheduler; `end` waits until those have finished what they have begun. */
export async function processOf(build: Build, wanted: Wanted): Promise<Process> {
  const { store, accounts, leaseMs, room, clock = { now: () => Date.now() }, log = () => {} } = wanted;
  const { warehouse, dueClock, lookMs = 1_000, guarded = withRoom } = wanted;
  const stop = new AbortController();
  await seedAccounts(store, accounts, clock.now());
  const ports = build.apiPorts({
    name: "api",
    clock,
    stop: stop.signal,
    store,
    results: memoryResults(),
    inputOf,
    warehouse: warehouse ?? noWarehouse,
    importing: warehouse === undefined ? noImporting : lookingEach(lookMs),
    scheduling: noImporting,
    notices: null,
    readChunk,
    errorRecords,
    secrets: randomSecrets,
    resultFile,
    fileReply,
    leaseMs,
    build: { component: "api", release: "test", digest: "test" },
    log,
  });
  const handlers = withShedding(createHandlers(build.api), wanted.mostChunks ?? Number.POSITIVE_INFINITY);
  const app = createApp(room === undefined ? handlers : guarded(handlers, room), ports);
  const requireRoom = async (bytes: number) => room?.require(bytes);
  const { scheduled } = build.api;
  const importer = warehouse && runImporter(ports);
  const scheduler =
    dueClock &&
    runScheduler({ ...ports, clock: dueClock, scheduling: lookingEach(lookMs) }, scheduled, requireRoom);
  const end = async () => {
    stop.abort();
    await Promise.all([importer, scheduler]);
  };
  return { app, issueDue: () => issueDue(ports, scheduled, requireRoom), end };
}
