import { posix } from "node:path";
import type { Config } from "../../../config/config.ts";
import { leave, MysqlAccess } from "../../../oracle/mysql.ts";
import type { Certificate } from "../../../proxy/mysql-tls.ts";
import type { Docker } from "../docker/engine.ts";
import { diskOf, filesOf } from "../docker/files-in.ts";
import type { RunningProcess } from "./running-process.ts";

const files = "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('datadir', 'ssl_cert', 'ssl_key')";

/** What a MySQL server in a container proves with who it is, from its disk; undefined where it has nothing of the kind. */
export async function certificateIn(
  container: ReturnType<Docker["getContainer"]>,
  access: MysqlAccess,
): Promise<Certificate | undefined> {
  const rows = await access.query(files);
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
  oracle: Config["mysql"]["oracle"],
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
