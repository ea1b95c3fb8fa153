import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { sessionPinsSchema } from "../../harness/config/session-pins.ts";
import { Session } from "../../harness/query-plans/session.ts";
import { judgeSessions, type SessionCheck } from "../../harness/sessions/judge.ts";
import { Looker } from "../../harness/sessions/look.ts";
import { startWatch } from "../../harness/sessions/watch.ts";
import { onceItAnswers, runningMysql } from "../containers/running-mysql.ts";

/** A real MySQL that tells of its connections, and an application of the tests before it. */

/** The application's account and the one that looks, which may read what is kept of connections, and nothing else. */
export const accounts = {
  app: { user: "app", password: "of-the-app" },
  looks: { user: "looks", password: "of-the-check" },
  blind: { user: "blind", password: "of-nobody" },
};
const init = `${Object.values(accounts)
  .map(({ user, password }) => `CREATE USER '${user}'@'%' IDENTIFIED BY '${password}';\n`)
  .join("")}CREATE DATABASE shop;
CREATE TABLE shop.orders (id INT PRIMARY KEY AUTO_INCREMENT, item VARCHAR(40) COLLATE utf8mb4_0900_bin NOT NULL);
GRANT ALL ON shop.* TO 'app'@'%';
GRANT SELECT ON performance_schema.* TO 'looks'@'%';
`;

export type Place = { host: string; port: number };

export interface Bed extends AsyncDisposable {
  server: Place;
  session: Session;
}

export async function openBed(command: string[] = ["--performance-schema=ON"]): Promise<Bed> {
  await using ended = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "interlock-sessions-"));
  ended.defer(() => rm(folder, { recursive: true }));
  const { url } = ended.use(await runningMysql(folder, init, command));
  const { hostname, port } = new URL(url);
  const server = { host: hostname, port: Number(port) };
  const session = ended.use(await onceItAnswers(() => Session.open({ ...server, ...accounts.looks })));
  const all = ended.move();
  return { server, session, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/** Opens the way to the bed's server on which each connection is looked at. */
export async function watched({ server, session }: Bed) {
  const looker = await Looker.open(session);
  if (typeof looker === "string") throw new Error(looker);
  const watch = await startWatch({
    host: "127.0.0.1",
    upstream: () => server,
    lookAt: (connection) => looker.look(connection),
  });
  onTestFinished(() => watch[Symbol.asyncDispose]());
  const at = { host: "127.0.0.1", port: watch.port, ...accounts.app, database: "shop" };
  return { at, watch };
}

export interface Options {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
}

/** What is found of an application by what is pinned of its account. */
export async function checked(
  bed: Bed,
  pins: object,
  act: (at: Options) => Promise<unknown>,
): Promise<SessionCheck> {
  const { at, watch } = await watched(bed);
  await act(at);
  return judgeSessions(await watch.finish(), sessionPinsSchema.parse({ pinned: { app: pins } }));
}
