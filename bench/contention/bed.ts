import { setTimeout as delay } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { encode } from "@msgpack/msgpack";
import type { Pool, RowDataPacket } from "mysql2/promise";
import type { Millis } from "../../contracts/values.ts";
import { mysqlStore } from "../../fixtures/api/store/mysql.ts";
import { openPool } from "../../fixtures/api/store/mysql-connection.ts";
import { mysqlWarehouse } from "../../fixtures/api/warehouse/mysql-warehouse.ts";
import type { Build } from "../../fixtures/build.ts";
import { type MysqlAccount, provision } from "../../fixtures/mysql/provision.ts";
import { startMysqlProxy } from "../../harness/proxy/mysql-proxy.ts";
import { jobsTable } from "../../suites/incidents/reference/jobs-table.ts";
import { serviceOver } from "../../suites/incidents/reference/service.ts";

/** A real MySQL, reached through a proxy that can answer late, and the API processes of one build at a time on it. */
export interface Bed extends AsyncDisposable {
  /** Importers of one new table, each of which sends its next chunk when the one before is answered. */
  load(build: Build, wanted: Load): Promise<Loaded>;
}

export interface Load {
  importers: number;
  /** After so long none begins another one. */
  millis: Millis;
  /** How much later than it comes each reply of MySQL goes on. */
  lateMs: Millis;
}

export interface Loaded {
  /** Of each answer, in milliseconds. */
  took: number[];
  /** Answers of 5XX. */
  errors: number;
  /** Until the last answer. */
  millis: Millis;
  /** Chunks that were taken and not imported when the last was answered. */
  waiting: number;
}

/** What an API process has, and how many chunks it takes at once (fixtures/api/server.ts): with more importers there are more of them. */
const [connections, movingConnections, mostChunks] = [10, 2, 6];
const customer = { account: 1, database: "shop" };

export async function openBed(): Promise<Bed> {
  await using stack = new AsyncDisposableStack();
  const { address, pool } = stack.use(await jobsTable(null, provisioned));
  let lateMs: Millis = 0;
  const proxy = await startMysqlProxy({
    host: "127.0.0.1",
    upstream: () => address,
    plan: () => null,
    replyDelay: () => lateMs,
    unit: "transaction",
  });
  stack.defer(() => proxy.close());
  const through = { ...address, host: "127.0.0.1", port: proxy.port };
  const notImported = async (): Promise<number> => {
    const [[row]] = await pool.query<RowDataPacket[]>(
      "SELECT COUNT(*) AS n FROM chunks WHERE imported_at IS NULL",
    );
    return Number(row?.["n"]);
  };
  let tables = 0;
  const owned = stack.move();
  return {
    async load(build, wanted) {
      await using processes = new AsyncDisposableStack();
      const start = async () => {
        const [pool, moving] = [connections, movingConnections].map((count) => {
          const opened = openPool(through, { on: false }, count);
          processes.defer(() => opened.end());
          return opened;
        }) as [Pool, Pool];
        const options = { build, customer, warehouse: mysqlWarehouse(moving), mostChunks };
        return processes.use(await serviceOver(mysqlStore(pool), options));
      };
      const first = await start();
      const services = [first];
      while (services.length * mostChunks < wanted.importers) services.push(await start());
      tables += 1;
      const into = { database: customer.database, table: `orders_${tables}` };
      await first.ask("customer", "table.create", { ...into, type: "log" });
      lateMs = wanted.lateMs;
      let chunks = 0;
      const loaded = await offered(wanted, async (importer) => {
        const service = services[importer % services.length] ?? first;
        const content = gzipSync(encode({ time: 1_474_991_460, importer })).toString("base64");
        const chunk = { format: "msgpack.gz", unique_id: (chunks += 1).toString(16), content };
        return (await service.ask("customer", "table.import_with_id", { ...into, ...chunk })).status;
      });
      const waiting = await notImported();
      // What is left over would be a load on the next.
      lateMs = 0;
      while ((await notImported()) > 0) await delay(20);
      return { ...loaded, waiting };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** @param send a chunk of an importer; resolves with the status of the answer */
async function offered(
  { importers, millis }: Load,
  send: (importer: number) => Promise<number>,
): Promise<Omit<Loaded, "waiting">> {
  const took: number[] = [];
  let errors = 0;
  const began = performance.now();
  const importer = async (n: number): Promise<void> => {
    for (let sent = began; sent < began + millis; sent = performance.now()) {
      const status = await send(n);
      took.push(performance.now() - sent);
      if (status >= 500) errors += 1;
      else if (status !== 200) throw new Error(`a chunk was answered ${status}`);
    }
  };
  await Promise.all(Array.from({ length: importers }, (_, n) => importer(n)));
  return { took, errors, millis: performance.now() - began };
}

const login = (user: string): MysqlAccount => ({ user, password: `${user}-of-the-bench` });
const provisioned = provision({
  api: login("api"),
  migrations: login("migrations"),
  workers: [],
  oracle: login("oracle"),
  loader: login("loader"),
  customers: [{ account: customer.account, databases: [customer.database], login: login("account_1") }],
});
