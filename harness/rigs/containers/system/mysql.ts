import { posix } from "node:path";
import type { Config } from "../../../config/config.ts";
import { initFile } from "../../../oracle/init-file.ts";
import { leave, MysqlAccess } from "../../../oracle/mysql.ts";
import type { Certificate } from "../../../proxy/mysql-tls.ts";
import type { Docker } from "../docker/engine.ts";
import { diskOf, filesOf } from "../docker/files-in.ts";
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

const certificateFiles = "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('datadir', 'ssl_cert', 'ssl_key')";

/** What a MySQL server in a container proves with who it is, from its disk; undefined where it has nothing of the kind. */
export async function certificateIn(
  container: ReturnType<Docker["getContainer"]>,
  access: MysqlAccess,
): Promise<Certificate | undefined> {
  const rows = await access.query(certificateFiles);
  const settings = new Map(rows.map((row) => [row["Variable_name"], String(row["Value"])]));
  const read = async (name: "ssl_cert" | "ssl_key") => {
    const path = settings.get(name);
    if (path === undefined || path === "") return undefined;
    const disk = await diskOf(container, posix.resolve(settings.get("datadir") ?? "/", path));
    return disk && filesOf(disk.archive)[0]?.bytes.toString();
  };
  const [cert, key] = [await read("ssl_cert"), await read("ssl_key")];
  return cert === undefined || key === undefined ? undefined : { cert, key };
}

/** The same of the server that serves at present, read once of each; undefined where it runs in no container of this run. */
export function certificateOf(
  database: RunningProcess,
  oracle: Account,
  docker: Docker,
): () => Promise<Certificate | undefined> {
  let known: { id: string; certificate: Certificate | undefined } | null = null;
  return async () => {
    const [id, at] = [database.handle?.containerId ?? null, database.address()];
    if (id === null || at === null) return undefined;
    if (known?.id === id) return known.certificate;
    const access = new MysqlAccess(at, oracle);
    try {
      const certificate = await certificateIn(docker.getContainer(id), access);
      known = { id, certificate };
      return certificate;
    } finally {
      await leave(access);
    }
  };
}
