import { type Connection, createConnection } from "mysql2/promise";
import { inject, onTestFinished } from "vitest";
import type { StatementAt } from "../../contracts/in-process.ts";
import type { MysqlErrno } from "../../contracts/mysql-errors.ts";
import { type MysqlProxyOptions, startMysqlProxy } from "../../harness/proxy/mysql-proxy.ts";

/** A fault proxy before the real MySQL that refuses one statement in the server's place, once. */

/** Which one: the nth that writes, COMMIT, or the first of the call. */
export type Refused = StatementAt | "first";

interface Denial {
  at: Refused;
  errno: MysqlErrno;
  /** Of which call; absent: of any. */
  operation?: string;
}

export interface Denying {
  port: number;
  /** What was asked before each statement that writes and before COMMIT. */
  asked: StatementAt[];
  connect(database?: string): Promise<Connection>;
}

export async function denying(
  denial: Denial | null,
  more: Partial<MysqlProxyOptions> = {},
): Promise<Denying> {
  const { host, port, rootlike } = inject("mysql");
  const asked: StatementAt[] = [];
  let left = denial;
  /** The refusal, where this is its place; it comes once. */
  const denialAt = (at: Refused, operation: string) => {
    const isHere = left?.at === at && (left.operation ?? operation) === operation;
    if (left === null || !isHere) return {};
    const { errno } = left;
    left = null;
    return { denied: errno };
  };
  const proxy = await startMysqlProxy({
    host: "127.0.0.1",
    upstream: () => ({ host, port }),
    unit: "transaction",
    plan: ({ operation }) => ({
      before: () => denialAt("first", operation),
      after: () => ({}),
      statement: (at) => {
        asked.push(at);
        return denialAt(at, operation);
      },
    }),
    ...more,
  });
  onTestFinished(() => proxy.close());
  return {
    port: proxy.port,
    asked,
    async connect(database) {
      const connection = await createConnection({
        host: "127.0.0.1",
        port: proxy.port,
        ...rootlike,
        ...(database === undefined ? {} : { database }),
      });
      onTestFinished(() => connection.destroy());
      return connection;
    },
  };
}

/** All that a driver hands on of an error; undefined where there was none. */
export async function saidBy(step: Promise<unknown>): Promise<Record<string, unknown> | undefined> {
  try {
    await step;
    return undefined;
  } catch (error) {
    const { code, errno, sqlState, sqlMessage, message, fatal } = error as Record<string, unknown>;
    return { code, errno, sqlState, sqlMessage, message, fatal };
  }
}
