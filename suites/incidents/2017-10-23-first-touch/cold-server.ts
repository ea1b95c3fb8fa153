import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { Pool, RowDataPacket } from "mysql2/promise";
import { openPool } from "../../../fixtures/api/store/mysql-connection.ts";
import { onceItAnswers, runningMysql } from "../../containers/running-mysql.ts";
import { putEndedJobs } from "../reference/ended-jobs.ts";
import { everything, withEverything } from "../reference/everything.ts";

/** A server with ended jobs on its disk, as one is that was just promoted: nothing of them is in its memory. */
export interface ColdServer extends AsyncDisposable {
  /** Ids of some of the ended jobs, from everywhere in the table. */
  jobs: readonly string[];
  /** Started anew. The pools of before are closed. */
  restart(): Promise<Cold>;
}

export interface Cold {
  /** Whose statements the API's are; another one's statements are the test's own. */
  open(connections: number): Pool;
  /** Pages that it has read from its disk since it started. */
  pagesRead(): Promise<number>;
  /** Of all rows of jobs, without the indices. */
  pagesOfJobs: number;
}

/** All of it fits, so that no page is read twice; what it had in memory when it stopped is not read at its start. */
const command = [
  "--innodb-buffer-pool-size=256M",
  "--innodb-buffer-pool-load-at-startup=OFF",
  "--innodb-buffer-pool-dump-at-shutdown=OFF",
];

export async function coldServer(ended: number): Promise<ColdServer> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "interlock-cold-"));
  stack.defer(() => rm(folder, { recursive: true }));
  const { id, url } = stack.use(await runningMysql(folder, withEverything, command));
  const all = await filled(poolAt(Number(new URL(url).port), 1), ended);

  let pools: Pool[] = [];
  const close = async () => {
    await Promise.all(pools.map((pool) => pool.end()));
    pools = [];
  };
  stack.defer(close);
  const owned = stack.move();
  return {
    jobs: all.filter((_, i) => i % (ended / 10) === 0),
    async restart() {
      await close();
      await execa("docker", ["restart", "--time", "60", id]);
      const { stdout } = await execa("docker", ["port", id, "3306/tcp"]);
      const open = (connections: number) => {
        const pool = poolAt(Number(stdout.split(":").at(-1)), connections);
        pools.push(pool);
        return pool;
      };
      const own = open(1);
      await onceItAnswers(() => own.query("SELECT 1"));
      const number = async (sql: string, column: string) => {
        const [[row]] = await own.query<RowDataPacket[]>(sql);
        return Number(row?.[column]);
      };
      return {
        open,
        pagesRead: () => number("SHOW GLOBAL STATUS LIKE 'Innodb_pages_read'", "Value"),
        pagesOfJobs: await number(
          `SELECT stat_value AS pages FROM mysql.innodb_index_stats
           WHERE database_name = '${everything.database}' AND table_name = 'jobs' AND index_name = 'PRIMARY' AND stat_name = 'size'`,
          "pages",
        ),
      };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const poolAt = (port: number, connections: number): Pool =>
  openPool({ host: "127.0.0.1", port, ...everything }, { on: false }, connections);

async function filled(pool: Pool, ended: number): Promise<readonly string[]> {
  try {
    await onceItAnswers(() => pool.query("SELECT 1"));
    return await putEndedJobs(pool, ended);
  } finally {
    await pool.end();
  }
}
