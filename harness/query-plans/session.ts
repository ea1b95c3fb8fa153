import { type Connection, createConnection, type RowDataPacket } from "mysql2/promise";
import { InfrastructureError, reasonOf } from "../errors.ts";

export interface Login {
  host: string;
  port: number;
  user: string;
  password: string;
}

/** A statement that is planned takes no time; statistics of a large table take some. */
const queryMs = 60_000;

/** One connection by itself: what is set in it holds for what is asked next. */
export class Session implements AsyncDisposable {
  readonly #connection: Connection;

  private constructor(connection: Connection) {
    this.#connection = connection;
  }

  static async open({ host, port, user, password }: Login): Promise<Session> {
    try {
      const connection = await createConnection({
        host,
        port,
        user,
        password,
        connectTimeout: 5_000,
        charset: "utf8mb4",
        supportBigNumbers: true,
        bigNumberStrings: true,
        dateStrings: true,
      });
      // A connection that is lost while nobody asks: the next question fails, and says so.
      connection.on("error", () => {});
      return new Session(connection);
    } catch (error) {
      throw new InfrastructureError(
        {
          component: `MySQL at ${host}:${port}`,
          expected: `the account ${user} to log in`,
          happened: reasonOf(error),
          next: "see whether it runs there, and whether the account may log in from here",
        },
        error,
      );
    }
  }

  async query(sql: string, values: readonly unknown[] = []): Promise<RowDataPacket[]> {
    const [rows] = await this.#connection.query<RowDataPacket[]>({
      sql,
      values: [...values],
      timeout: queryMs,
    });
    return rows;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connection.end().catch(() => this.#connection.destroy());
  }
}

/** What a server answers instead of rows; anything else that goes wrong is thrown on. */
export function refusal(error: unknown): string {
  const { sqlMessage, errno } = error as { sqlMessage?: string; errno?: number };
  if (sqlMessage === undefined || errno === undefined) throw error;
  return `${sqlMessage} (${errno})`;
}
