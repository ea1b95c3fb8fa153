import type { Config } from "../../../config/config.ts";
import { initFile } from "../../../oracle/init-file.ts";
import { leave, MysqlAccess } from "../../../oracle/mysql.ts";
import { handshake } from "./handshake.ts";
import { envFor, type Ground, type Part, startPart } from "./part.ts";
import type { RunningProcess } from "./running-process.ts";

type Account = Config["mysql"]["oracle"];

const mysqlPort = 3306;

/** Resolves when the server has an address, which is before it answers. */
export function startMysql(name: string, component: Config["mysql"], ground: Ground): Promise<Part> {
  const files = initFile(component.init);
  const around = { name, mysql: { host: "", port: mysqlPort }, api: "", folder: ground.folder };
  return startPart(
    name,
    component,
    { listens: true, port: mysqlPort, files, env: envFor(component, around) },
    ground,
  );
}

export async function greetMysql(part: Part, { oracle }: Config["mysql"], ground: Ground): Promise<void> {
  const access = new MysqlAccess(part.outside, oracle);
  try {
    await handshake(part, `the account ${oracle.user} to log in and get an answer`, ground, () =>
      access.query("SELECT 1"),
    );
  } finally {
    await leave(access);
  }
}

/** An account's way into a server whose port changes when it is started again. */
export function lastingAccess(
  database: RunningProcess,
  account: Account,
  { stack }: Pick<Ground, "stack">,
): () => MysqlAccess {
  const threads = new Set<number>();
  let port = 0;
  let access: MysqlAccess | null = null;
  stack.defer(async () => {
    if (access !== null) await leave(access);
  });
  return () => {
    const where = database.address();
    if (access !== null && (where === null || where.port === port)) return access;
    if (access !== null) void leave(access);
    port = where?.port ?? 0;
    access = new MysqlAccess(where ?? { host: "127.0.0.1", port }, account, threads);
    return access;
  };
}
