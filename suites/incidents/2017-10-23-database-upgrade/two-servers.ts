import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { Pool, RowDataPacket } from "mysql2/promise";
import { migrate, readMigrations } from "../../../fixtures/api/migrate.ts";
import { openPool } from "../../../fixtures/api/store/mysql-connection.ts";
import { onceItAnswers, runningMysqls } from "../../containers/running-mysql.ts";

/** A primary and its read replica, both real; the replica follows by GTID. */
export interface TwoServers extends AsyncDisposable {
  primary: Server;
  replica: Server;
  /** Both are as in the beginning: no row, the first primary is the primary and the other one follows it. */
  reset(): Promise<void>;
}

export interface Server {
  name: "first" | "second";
  /** The container. */
  id: string;
  address: { host: string; port: number };
  /** Who carries out the upgrade, and may do no more than that needs. */
  operator: Pool;
  /** Who may do everything: of the test alone. */
  everything: Pool;
}

const schema = "jobs";
const password = "of-a-test";
/** What the API may do. Without more, a server that only reads refuses its writes. */
export const apiAccount = { user: "api", password, database: schema };

/** Not in the log of changes: each server has its own, and the replica needs none of the primary's. */
const init = `SET sql_log_bin = 0;
CREATE DATABASE IF NOT EXISTS ${schema};
CREATE USER 'api'@'%' IDENTIFIED BY '${password}';
GRANT SELECT, INSERT, UPDATE, DELETE ON ${schema}.* TO 'api'@'%';
CREATE USER 'replication'@'%' IDENTIFIED BY '${password}';
GRANT REPLICATION SLAVE ON *.* TO 'replication'@'%';
CREATE USER 'operator'@'%' IDENTIFIED BY '${password}';
GRANT PROCESS, RELOAD, REPLICATION CLIENT, CONNECTION_ADMIN, REPLICATION_SLAVE_ADMIN, SYSTEM_VARIABLES_ADMIN ON *.* TO 'operator'@'%';
GRANT SELECT ON performance_schema.replication_applier_status_by_worker TO 'operator'@'%';
CREATE USER 'everything'@'%' IDENTIFIED BY '${password}';
GRANT ALL ON *.* TO 'everything'@'%';
`;

/** The first server acknowledges nothing that the second one has not received. */
const semiSynchronous = {
  first: [
    "--plugin-load-add=semisync_source.so",
    "--rpl-semi-sync-source-enabled=1",
    // Else it acknowledges all the same after 10 s.
    "--rpl-semi-sync-source-timeout=3600000",
  ],
  second: ["--plugin-load-add=semisync_replica.so", "--rpl-semi-sync-replica-enabled=1"],
};

interface Wanted {
  isSemiSynchronous?: boolean;
  /** Of the first server, where it is of another version than the second one. */
  image?: string;
}

export async function twoServers({ isSemiSynchronous = false, image }: Wanted = {}): Promise<TwoServers> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "interlock-upgrade-"));
  stack.defer(() => rm(folder, { recursive: true }));
  const wanted = async (number: number, more: readonly string[]) => ({
    init,
    command: [
      `--server-id=${number}`,
      "--log-bin=binlog",
      "--sync-binlog=0",
      "--gtid-mode=ON",
      "--enforce-gtid-consistency=ON",
      "--relay-log=relay",
      ...(isSemiSynchronous ? more : []),
    ],
    disk: await identity(folder, number),
  });
  const { first, second } = semiSynchronous;
  const ofFirst = image === undefined ? {} : { image };
  const servers = { first: { ...(await wanted(1, first)), ...ofFirst }, second: await wanted(2, second) };
  const running = stack.use(await runningMysqls(folder, servers));
  const server = async (name: Server["name"]): Promise<Server> => {
    const { id, url } = running[name];
    const { hostname: host, port } = new URL(url);
    const address = { host, port: Number(port) };
    const open = (user: string) => {
      const pool = openPool({ ...address, user, password, database: "" }, { on: false }, 4);
      stack.defer(() => pool.end().catch(() => {}));
      return pool;
    };
    const found = { name, id, address, operator: open("operator"), everything: open("everything") };
    await onceItAnswers(() => found.everything.query("SELECT 1"));
    return found;
  };
  const [primary, replica] = await Promise.all([server("first"), server("second")]);
  await follow(replica, primary);
  const migrator = openPool(
    { ...primary.address, user: "everything", password, database: schema },
    { on: false },
    1,
  );
  await migrate({ pool: migrator, secret: password }, await readMigrations(), 0);
  await migrator.end();
  const [[all]] = await primary.everything.query<RowDataPacket[]>("SELECT @@global.gtid_executed AS gtids");
  await replica.everything.query({
    sql: "SELECT WAIT_FOR_EXECUTED_GTID_SET(?, 30)",
    values: [all?.["gtids"]],
  });

  const owned = stack.move();
  return {
    primary,
    replica,
    async reset() {
      await Promise.all([primary, replica].map(emptied));
      await follow(replica, primary);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The image has the identity of the server that was made in it; two with the same one do not speak to each other. */
async function identity(folder: string, number: number) {
  const file = "auto.cnf";
  await writeFile(
    join(folder, file),
    `[auto]\nserver-uuid=00000000-0000-4000-8000-${String(number).padStart(12, "0")}\n`,
  );
  const { stdout } = await execa("tar", ["--create", "--mode=0644", `--directory=${folder}`, file], {
    encoding: "buffer",
  });
  return { path: "/var/lib/interlock-mysql", archive: Buffer.from(stdout) };
}

/** From here on `replica` takes what `primary` has and will have, and nothing else. */
async function follow({ everything }: Server, primary: Server): Promise<void> {
  await everything.query(
    `CHANGE REPLICATION SOURCE TO SOURCE_HOST = '${primary.name}', SOURCE_PORT = 3306, SOURCE_USER = 'replication', SOURCE_PASSWORD = '${password}', SOURCE_AUTO_POSITION = 1, SOURCE_SSL = 1, SOURCE_CONNECT_RETRY = 1`,
  );
  await everything.query("START REPLICA");
  await everything.query("SET GLOBAL super_read_only = ON");
}

async function emptied({ everything }: Server): Promise<void> {
  await everything.query("SET GLOBAL read_only = OFF");
  await everything.query("STOP REPLICA");
  await everything.query("RESET REPLICA ALL");
  const [tables] = await everything.query<RowDataPacket[]>(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ? AND table_name NOT IN ('migrations', 'settings')",
    [schema],
  );
  const connection = await everything.getConnection();
  try {
    await connection.query("SET sql_log_bin = 0, foreign_key_checks = 0");
    for (const { name } of tables) await connection.query(`TRUNCATE ${schema}.\`${name}\``);
  } finally {
    connection.destroy();
  }
  await everything.query("RESET BINARY LOGS AND GTIDS");
}
