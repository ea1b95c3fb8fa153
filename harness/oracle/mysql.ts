import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { createPool, type Pool, type RowDataPacket } from "mysql2/promise";
import type { Column, Row, Value } from "../../contracts/values.ts";
import { type KnownServer, serverOf } from "./servers.ts";

/** mysql2 has no time-out of its own: a paused server would hang the run for ever. */
const queryMs = 15_000;

const sqlMode = "STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION";

const rowsAtOnce = 5_000;

/** What an answer may hold: a table is at most as large as a few results of the largest size. */
const answerBytes = 256 * 2 ** 20;
const answerRows = 2_000_000;

/** A table that is to be made. */
export interface NewTable {
  columns: readonly Column[];
  rows: readonly Row[];
  /** SQL types of columns that are stored in another than the usual one. */
  stored?: Readonly<Record<string, string>> | undefined;
  /** Columns that get a unique key. */
  unique?: readonly string[] | undefined;
}

export interface Server {
  host: string;
  port: number;
}

/** One account's own way into a MySQL server, for the oracle and for loading: never the system's connections. */
export class MysqlAccess {
  /** The server's ids of all its connections so far. */
  readonly threads: ReadonlySet<number>;
  readonly #pool: Pool;
  #known: Promise<KnownServer> | null = null;

  /** @param threads takes in the server's ids of its connections */
  constructor(server: Server, account: { user: string; password: string }, threads = new Set<number>()) {
    this.threads = threads;
    this.#pool = createPool({
      ...server,
      ...account,
      connectionLimit: 8,
      connectTimeout: 5_000,
      charset: "utf8mb4",
      timezone: "Z",
      dateStrings: true,
      supportBigNumbers: true,
      stream: metered(server),
    });
    // Before its first statement: values are escaped for this mode, whatever the server's own is.
    this.#pool.pool.on("connection", (connection) => {
      threads.add(connection.threadId);
      connection.query(`SET SESSION sql_mode = '${sqlMode}', time_zone = '+00:00'`);
    });
  }

  async query(sql: string, values: readonly unknown[] = []): Promise<RowDataPacket[]> {
    const [rows] = await this.#pool.query<RowDataPacket[]>({ sql, values: [...values], timeout: queryMs });
    return rows;
  }

  /** The rows of a table in the order of `columns`, or null if there is no such table. */
  async rows(schema: string, table: string, columns: readonly Column[]): Promise<Row[] | null> {
    const names = columns.map(([name]) => quote(name)).join(", ");
    try {
      const [rows] = await this.#pool.query<RowDataPacket[][]>({
        sql: `SELECT ${names} FROM ${quote(schema)}.${quote(table)} LIMIT ${answerRows + 1}`,
        rowsAsArray: true,
        timeout: queryMs,
      });
      if (rows.length > answerRows) throw new Error(`${schema}.${table} has more than ${answerRows} rows`);
      return rows as unknown as Value[][];
    } catch (error) {
      if ((error as { code?: string }).code === "ER_NO_SUCH_TABLE") return null;
      throw error;
    }
  }

  /** A new table. */
  async createTable(schema: string, table: string, { columns, rows, stored = {}, unique = [] }: NewTable) {
    const definitions = columns.map(
      ([name, type]) => `${quote(name)} ${stored[name] ?? sqlType(type, unique.includes(name))}`,
    );
    if (unique.length > 0) definitions.push(`UNIQUE KEY (${unique.map(quote).join(", ")})`);
    const place = `${quote(schema)}.${quote(table)}`;
    const { exactCollation } = await this.known();
    await this.query(
      `CREATE TABLE ${place} (${definitions.join(", ")}) CHARACTER SET utf8mb4 COLLATE ${exactCollation}`,
    );
    for (let start = 0; start < rows.length; start += rowsAtOnce) {
      await this.query(`INSERT INTO ${place} VALUES ?`, [rows.slice(start, start + rowsAtOnce)]);
    }
  }

  /** What is known of this server. */
  known(): Promise<KnownServer> {
    this.#known ??= this.#ask();
    return this.#known;
  }

  async #ask(): Promise<KnownServer> {
    const [said] = await this.query("SELECT VERSION() AS version");
    return serverOf(String(said?.["version"]));
  }

  end(): Promise<void> {
    return this.#pool.end();
  }
}

/** Sockets that end with an error before the driver has kept too much of one answer: it keeps them whole. */
const metered =
  ({ host, port }: Server) =>
  (): Socket => {
    const socket = connect({ host, port, noDelay: true });
    let asked = 0;
    let bytes = 0;
    socket.on("data", (chunk: Buffer) => {
      // A client speaks again when it has its answer.
      bytes = socket.bytesWritten === asked ? bytes + chunk.length : chunk.length;
      asked = socket.bytesWritten;
      if (bytes > answerBytes)
        socket.destroy(new Error(`MySQL answered with more than ${answerBytes} bytes`));
    });
    return socket;
  };

const goodbyeMs = 1_000;

/** Says goodbye to a server; one that does not hear it is not waited for. */
export const leave = async (access: MysqlAccess): Promise<void> => {
  await Promise.race([access.end().catch(() => {}), delay(goodbyeMs, undefined, { ref: false })]);
};

export const quote = (name: string): string => `\`${name.replaceAll("`", "``")}\``;

/** How columns of results are stored in tables that the oracle makes. */
const sqlTypes: Readonly<Record<string, string>> = {
  bigint: "BIGINT",
  double: "DOUBLE",
  date: "DATE",
  timestamp: "DATETIME(6)",
  time: "TIME(6)",
  string: "LONGTEXT",
};

/** A text that is part of a key needs a length; decimals are called as in SQL. */
const sqlType = (type: string, inKey: boolean): string =>
  inKey && type === "string" ? "VARCHAR(200)" : (sqlTypes[type] ?? type);
