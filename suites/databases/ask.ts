import { setTimeout as wait } from "node:timers/promises";
import { type Connection, createConnection, type RowDataPacket } from "mysql2/promise";
import { type Difference, type Server, saidOn } from "./difference.ts";

/** A server that may be asked, and started again. */
export interface Asked {
  server: Server;
  address: () => { host: string; port: number };
  rootlike: { user: string; password: string };
  restart: () => Promise<void>;
}

/** What a server says to the steps of a question, in a database of its own. */
export async function answerOf({ steps }: Pick<Difference, "steps">, asked: Asked): Promise<string> {
  await using connections = new Connections(asked);
  await connections.named("root");
  const pending: Pending[] = [];
  let last: string | undefined;
  for (const [on, sql = ""] of steps) {
    const statement = saidOn(sql, asked.server);
    if (on === "restart") {
      connections.forget();
      await asked.restart();
    } else if (on === "full") {
      last = await connections.untilRefused();
    } else if (on.endsWith("~")) {
      const connection = await connections.named(on.slice(0, -1));
      pending.push(started(connection, statement));
      await settled(pending, await connections.named("watch"));
    } else {
      last = await said(await connections.named(on), statement);
    }
  }
  if (pending.length === 0) return last ?? "";
  await settled(pending, await connections.named("watch"));
  const isLast = steps.at(-1)?.[0].endsWith("~");
  return [...pending.map(({ end }) => end ?? "waits"), ...(isLast ? [] : [last])].join("; ");
}

class Connections implements AsyncDisposable {
  readonly #asked: Asked;
  readonly #open = new Map<string, Connection>();

  constructor(asked: Asked) {
    this.#asked = asked;
  }

  async named(name: string): Promise<Connection> {
    const connection = this.#open.get(name) ?? (await this.#connect(name));
    this.#open.set(name, connection);
    return connection;
  }

  async untilRefused(): Promise<string> {
    for (let n = 0; n < 20; n += 1) {
      try {
        await this.named(`plain ${n}`);
      } catch (error) {
        return wordsOf(error);
      }
    }
    return "all are taken";
  }

  forget(): void {
    for (const connection of this.#open.values()) connection.destroy();
    this.#open.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // It was there before the places were taken; the others' locks end with them.
    const root = await this.named("root");
    this.#open.delete("root");
    this.forget();
    await root.query("DROP DATABASE IF EXISTS asked");
    for (const name of ["read_only", "max_connections"]) await root.query(`SET GLOBAL ${name} = DEFAULT`);
    root.destroy();
  }

  async #connect(name: string): Promise<Connection> {
    const { address, rootlike } = this.#asked;
    const login = name.startsWith("plain") ? { user: "plain" } : rootlike;
    const connection = await createConnection({ ...address(), ...login, charset: "utf8mb4" });
    connection.on("error", () => {});
    if (name.startsWith("plain")) return connection;
    await connection.query("CREATE DATABASE IF NOT EXISTS asked");
    await connection.query("USE asked");
    return connection;
  }
}

interface Pending {
  thread: number;
  end?: string;
}

function started(connection: Connection, sql: string): Pending {
  const pending: Pending = { thread: connection.threadId };
  void said(connection, sql).then((end) => {
    pending.end = end;
  });
  return pending;
}

/** InnoDB says who waits by what it knew up to so long ago, in milliseconds. */
const oldestWord = 100;

/** Until each has ended, or waits for a lock by the server's own word: also where it has just been let go on. */
async function settled(pending: readonly Pending[], watch: Connection): Promise<void> {
  let openSince = performance.now();
  for (; ; await wait(20)) {
    const open = pending.filter(({ end }) => end === undefined).map(({ thread }) => thread);
    if (open.length === 0) return;
    const [rows] = await watch.query<RowDataPacket[]>(
      "SELECT id FROM information_schema.processlist WHERE id IN (?) AND state = 'User lock' UNION SELECT trx_mysql_thread_id FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT' AND trx_mysql_thread_id IN (?)",
      [open, open],
    );
    if (rows.length < open.length) openSince = performance.now();
    if (performance.now() - openSince > 2 * oldestWord) return;
  }
}

/** Rows, `ok`, or the error. */
async function said(connection: Connection, sql: string): Promise<string> {
  try {
    const [answer] = await connection.query({ sql, rowsAsArray: true, timeout: 10_000 });
    if (!Array.isArray(answer)) return "ok";
    return (
      (answer as unknown as (string | number | null)[][])
        .map((row) => row.map(printed).join(", "))
        .join(" / ") || "no row"
    );
  } catch (error) {
    return wordsOf(error);
  }
}

const printed = (value: string | number | null): string => (value === null ? "NULL" : String(value));

/** Without the advice that an error of syntax gives, and without what follows the place. */
function wordsOf(error: unknown): string {
  const { errno, sqlState, sqlMessage, message } = error as Record<string, unknown>;
  const near = /near '(.*?)'? at line/s.exec(String(sqlMessage))?.[1];
  const text =
    errno === 1064 && near !== undefined ? `near '${near.split(/\s/)[0]}'` : (sqlMessage ?? message);
  return `${String(errno)} ${String(sqlState)} ${String(text)}`;
}
