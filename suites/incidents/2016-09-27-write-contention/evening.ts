import { gzipSync } from "node:zlib";
import { encode } from "@msgpack/msgpack";
import type { ModelCall } from "../../../contracts/model/call.ts";
import { judgeCalls } from "../../../contracts/model/model.ts";
import { visibleWithinMs } from "../../../contracts/operations/streaming-import.ts";
import type { OperationId } from "../../../contracts/operations.ts";
import { limits } from "../../../contracts/testing/model-calls.ts";
import type { Millis } from "../../../contracts/values.ts";
import { mysqlStore } from "../../../fixtures/api/store/mysql.ts";
import type { Store } from "../../../fixtures/api/store/store.ts";
import type { Build } from "../../../fixtures/build.ts";
import { type Service, serviceOver } from "../reference/service.ts";
import type { ContendedTable } from "./table.ts";

/** The evening of 2016-09-27: many import into one table, and one transaction of it is held up on its way to the database. */

/** Times are shown in whole seconds. */
const clockErrorMs: Millis = 1_000;
/** Records of each importer, which has a column of its own. */
export const records = 3;
const columnOf = (importer: number) => `c${importer}`;

const chunkOf = (importer: number): string =>
  gzipSync(
    Buffer.concat(
      Array.from({ length: records }, (_, i) =>
        encode({ time: 1_474_991_460 + i, importer, [columnOf(importer)]: i }),
      ),
    ),
  ).toString("base64");

export interface Wanted {
  build: Build;
  /** Whose first transaction is held up before its COMMIT: that of a request, of the importer, or none. */
  held: "table.import_with_id" | "importer" | null;
  importers: number;
  /** Jobs that are issued behind them: it is held up until these are answered; without any, until all importers are. */
  jobs?: number;
  /** How many chunks the process takes at once; any number where none is given. */
  mostChunks?: number;
}

type Counts = Readonly<Record<string, number>>;

export interface Told {
  /** How many were answered with each status: the other importers, and those who issued a job. */
  chunks: Counts;
  jobs: Counts;
  /** What kept the database from answering, as the API's log says. */
  causes: string[];
  /** What the one is answered that was held up. */
  first: number;
  /** Those that were refused, sent again one after the other once nothing is held up. */
  again: Counts;
  /** When all is imported, in the warehouse and as the customer is shown it. */
  rows: { rows: number; importers: number };
  shown: { count: unknown; columns: string[] };
  /** What the contract does not allow of all this. */
  departures: string[];
}

export async function evening(place: ContendedTable, wanted: Wanted): Promise<Told> {
  const { build, held, importers, jobs = 0, mostChunks } = wanted;
  await place.clear();
  const holding = holdUp(mysqlStore(place.pool), held);
  const { customer, warehouse } = place;
  const clock = new LaterClock();
  await using service = await serviceOver(holding.store, { build, customer, warehouse, clock, mostChunks });
  const callers = new Callers(service, place, clock);
  await callers.make();
  const first = callers.send(0);
  if (held !== null) await holding.reached;
  const others = Promise.all(Array.from({ length: importers - 1 }, (_, i) => callers.send(i + 1)));
  const issued = await Promise.all(Array.from({ length: jobs }, () => callers.issue()));
  if (jobs === 0) await others;
  // Importing goes on: nothing that was taken waits for the one that is held up.
  if (held === "table.import_with_id") await place.untilImported();
  const causes = service.log.flatMap(({ event, code }) =>
    event === "storage_problem" ? [String(code)] : [],
  );
  holding.letGo();
  const answered = await others;
  const refused = answered.flatMap((status, i) => (status === 200 ? [] : [i + 1]));
  const again: number[] = [];
  for (const importer of refused) again.push(await callers.send(importer));
  const told = {
    chunks: counted(answered),
    jobs: counted(issued),
    causes: [...new Set(causes)].sort(),
    first: await first,
    again: counted(again),
  };
  await place.untilImported();
  const shown = await callers.show();
  clock.passes(visibleWithinMs + 2 * clockErrorMs);
  await callers.show();
  return { ...told, rows: await place.rows(), shown, departures: callers.departures() };
}

/** The real clock, until it is put forward. */
class LaterClock {
  #passed: Millis = 0;
  now = (): Millis => Date.now() + this.#passed;
  passes(ms: Millis): void {
    this.#passed += ms;
  }
}

const counted = (statuses: readonly number[]): Counts =>
  Object.fromEntries(
    [...Map.groupBy(statuses, (status) => status)].map(([status, all]) => [status, all.length]),
  );

interface Holding {
  store: Store;
  /** Resolves when it is held up. */
  reached: Promise<void>;
  letGo: () => void;
}

/** As where the network is lost between an API server and its database: its locks are held, and its COMMIT does not come. */
function holdUp(store: Store, held: string | null): Holding {
  const reached = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  let isFirst = true;
  return {
    store: {
      ...store,
      transaction: (label, work) =>
        store.transaction(label, async (tx) => {
          const done = await work(tx);
          if (label !== held || !isFirst) return done;
          isFirst = false;
          reached.resolve();
          await gate.promise;
          return done;
        }),
    },
    reached: reached.promise,
    letGo: gate.resolve,
  };
}

/** Those who call the API in that evening, all for one customer, and what each was answered. */
class Callers {
  readonly #service: Service;
  readonly #into: { database: string; table: string };
  readonly #clock: LaterClock;
  readonly #calls: ModelCall[] = [];

  constructor(service: Service, { customer: { database }, table }: ContendedTable, clock: LaterClock) {
    this.#service = service;
    this.#into = { database, table };
    this.#clock = clock;
  }

  make = () => this.#ask("table.create", { ...this.#into, type: "log" });

  /** A chunk of an importer, under its id: sent again it is the same. @returns the status of the answer */
  async send(importer: number): Promise<number> {
    const chunk = { unique_id: importer.toString(16).padStart(32, "0"), format: "msgpack.gz" };
    const content = chunkOf(importer);
    return (await this.#ask("table.import_with_id", { ...this.#into, ...chunk, content })).status;
  }

  async issue(): Promise<number> {
    const { database } = this.#into;
    return (await this.#ask("job.issue", { type: "presto", database, query: "SELECT 1" })).status;
  }

  /** As a new job would see the table. */
  async show(): Promise<Told["shown"]> {
    const { body } = await this.#ask("table.show", this.#into);
    const columns = JSON.parse(String(body["schema"])) as [string, string][];
    return { count: body["count"], columns: columns.map(([name]) => name).sort() };
  }

  departures(): string[] {
    const { departures, unjudged } = judgeCalls(this.#calls, this.#calls[0]?.sent ?? 0, {
      ...limits,
      clockErrorMs,
      rowsOf: () => null,
    });
    const told = departures.map(({ call, problem }) => `${call.operation}: ${problem}`);
    return [...new Set([...told, ...(unjudged > 0 ? [`${unjudged} calls could not be judged`] : [])])];
  }

  async #ask(operation: OperationId, request: Record<string, unknown>) {
    const sent = this.#clock.now();
    const { status, body } = await this.#service.ask("customer", operation, request);
    this.#calls.push({
      operation,
      by: "customer",
      account: { name: "acme", cluster: "cdh4" },
      generation: null,
      sent,
      returned: this.#clock.now(),
      request,
      status,
      reply: body,
      excused: false,
    });
    return { status, body };
  }
}
