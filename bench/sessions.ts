import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type ConnectionOptions, createConnection, createPool } from "mysql2/promise";
import { sessionPinsSchema } from "../harness/config/session-pins.ts";
import { median } from "../harness/quantile.ts";
import { Session } from "../harness/query-plans/session.ts";
import type { SessionCheck } from "../harness/sessions/judge.ts";
import { watchServer } from "../harness/sessions/watch-server.ts";
import type { Bar } from "./bar.ts";
import type { Bench } from "./bench.ts";
import { mysqlContainer } from "./mysql-container.ts";
import { type Carried, capacity, offer } from "./open-loop.ts";

/**
 * The condition of 2019: a client that encrypts by default, and a connection for each operation. The load is fixed by what
 * the pinned setting manages; counts and backlogs are compared, no times.
 */
const share = 0.75;
const loadMs = 10_000;
const probes = 5;
const probeMs = 1_000;
const atOnce = 32;
const patienceMs = 1_000;
/** Operations that the session check looks at, one after the other. */
const looked = 50;

const importer = { user: "importer", password: "of-the-bench" };
const looks = { user: "looks", password: "of-the-check" };
const init = `CREATE USER 'importer'@'%' IDENTIFIED BY '${importer.password}';
CREATE USER 'looks'@'%' IDENTIFIED BY '${looks.password}';
CREATE DATABASE queue;
CREATE TABLE queue.tasks (id INT PRIMARY KEY AUTO_INCREMENT, body VARBINARY(200) NOT NULL);
GRANT INSERT ON queue.tasks TO 'importer'@'%';
GRANT SELECT ON performance_schema.* TO 'looks'@'%';
`;

const insert = "INSERT INTO queue.tasks (body) VALUES ('a record')";

/** The load as pinned, encrypted, and encrypted on connections that are kept. */
type CarriedBy = Readonly<Record<"pinned" | "encrypted" | "pooled", Carried>>;
type Operate = () => Promise<void>;
type Place = { host: string; port: number };

const pinned: ConnectionOptions = {};
/** As MySQL's own client does from 5.7 on: encrypted where the server can, whoever the server is. */
const changed: ConnectionOptions = { ssl: { rejectUnauthorized: false } };

/** An operation of the API: a task is put into the queue, on a connection of its own. */
const submit =
  (at: Place, how: ConnectionOptions): Operate =>
  async () => {
    const connection = await createConnection({ ...at, ...importer, ...how });
    try {
      await connection.query(insert);
    } finally {
      await connection.end();
    }
  };

export async function measureSessions(bench: Bench): Promise<Bar[]> {
  await using server = await startMysql(bench);
  bench.note("looking at the sessions of both settings");
  const checks = [await check(server.at, pinned), await check(server.at, changed)] as const;
  const [plain, encrypted] = [submit(server.at, pinned), submit(server.at, changed)] as const;
  bench.note("what each setting manages");
  const most = await managed(plain, encrypted);
  const load = { rate: most[0] * share, millis: loadMs, atOnce, patienceMs };
  bench.note(`offering ${load.rate.toFixed(0)} operations a second to each`);
  const pool = createPool({ ...server.at, ...importer, ...changed, connectionLimit: atOnce });
  const carried: CarriedBy = {
    pinned: await offer({ ...load, operate: plain }),
    encrypted: await offer({ ...load, operate: encrypted }),
    pooled: await offer({ ...load, operate: async () => void (await pool.query(insert)) }),
  };
  await pool.end();
  return [checkBar(...checks), loadBar(load.rate, most, carried)];
}

/** Operations a second of each, by turns. */
async function managed(...both: readonly [Operate, Operate]): Promise<readonly [number, number]> {
  const rates: [number[], number[]] = [[], []];
  for (let i = 0; i < probes; i += 1)
    for (const k of [0, 1] as const) rates[k].push(await capacity(probeMs, atOnce, both[k]));
  return [median(rates[0]), median(rates[1])];
}

function checkBar(asPinned: SessionCheck, encrypts: SessionCheck): Bar {
  const red = redOf(encrypts);
  return {
    bar: "session check of an API that encrypts by default",
    line: "as pinned green; encrypted red for TLS alone, although every call works",
    measured: `${redOf(asPinned).length} findings as pinned; encrypted: ${red.join(", ") || "none"}; ${looked} calls of each, all answered`,
    met: isWhole(asPinned) && isWhole(encrypts) && redOf(asPinned).length === 0 && red.join() === "tls",
  };
}

const redOf = ({ users }: SessionCheck): string[] =>
  users.flatMap(({ findings }) => findings.map(({ what }) => what));
/** Each of its connections was seen. */
const isWhole = ({ users, lacks }: SessionCheck): boolean =>
  lacks.length === 0 && users.every((one) => one.lacks.length === 0 && one.connections === looked);

function loadBar(rate: number, [plain, encrypted]: readonly [number, number], by: CarriedBy): Bar {
  const told = Object.entries(by).map(
    ([how, { offered, failed, late, mostWaiting }]) =>
      `${how}: ${failed} of ${offered} failed, ${late} late, ${mostWaiting} waiting at most`,
  );
  const isCarried = ({ failed, late, mostWaiting }: Carried): boolean =>
    failed + late === 0 && mostWaiting < rate;
  return {
    bar: "2019: TLS by default with a connection for each operation, one load in one run",
    line: `at ${share} of what the pinned setting manages: carried as pinned, and encrypted through a pool (none late, never a second's load waiting); with TLS and a connection for each at least half late`,
    measured: `${rate.toFixed(0)}/s (pinned manages ${plain.toFixed(0)}/s, encrypted ${encrypted.toFixed(0)}/s); ${told.join("; ")}`,
    met:
      isCarried(by.pinned) &&
      isCarried(by.pooled) &&
      by.encrypted.failed + by.encrypted.late >= by.encrypted.offered / 2,
  };
}

/** @returns what is found of operations of which none fails */
const check = (login: Place, how: ConnectionOptions): Promise<SessionCheck> =>
  watchServer({
    login: { ...login, ...looks },
    listen: { host: "127.0.0.1", port: 0 },
    pins: sessionPinsSchema.parse({
      pinned: { importer: { tls: "off", characterSet: "utf8mb4", statements: "text" } },
    }),
    during: async (at) => {
      const operate = submit(at, how);
      for (let i = 0; i < looked; i += 1) await operate();
    },
  });

async function startMysql({ config, folder }: Bench): Promise<AsyncDisposable & { at: Place }> {
  await using stack = new AsyncDisposableStack();
  const file = join(resolve(folder), "sessions.sql");
  await writeFile(file, init);
  const volume = `--volume=${file}:/interlock/init.sql:ro`;
  const server = stack.use(await mysqlContainer(config, [volume], ["--performance-schema=ON"]));
  const at = { host: "127.0.0.1", port: await server.port() };
  await untilItAnswers(at);
  const owned = stack.move();
  return { at, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function untilItAnswers(at: Place): Promise<void> {
  const until = performance.now() + 30_000;
  for (;;) {
    try {
      await using _ = await Session.open({ ...at, ...looks });
      return;
    } catch (error) {
      if (performance.now() > until) throw error;
      await delay(50);
    }
  }
}
