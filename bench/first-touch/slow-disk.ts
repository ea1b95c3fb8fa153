import { readFile, stat, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { execa } from "execa";
import type { MysqlAddress } from "../../fixtures/api/store/session.ts";
import { everything, withEverything } from "../../suites/incidents/reference/everything.ts";
import type { Bench } from "../bench.ts";
import { mysqlContainer } from "../mysql-container.ts";

/** A MySQL that reads from its disk at a limited rate, and past the machine's cache. */
export interface SlowDisk extends AsyncDisposable {
  /** Of an account that may do everything. */
  address(): MysqlAddress;
  /** After it nothing is in the server's memory. */
  restart(): Promise<void>;
}

const command = [
  "--innodb-flush-method=O_DIRECT",
  "--innodb-buffer-pool-chunk-size=1M",
  "--innodb-buffer-pool-size=512M",
  "--innodb-buffer-pool-load-at-startup=OFF",
  "--innodb-buffer-pool-dump-at-shutdown=OFF",
];

/** @param readsPerSecond of any size, from the disk that the engine's containers lie on */
export async function slowDisk({ config, folder }: Bench, readsPerSecond: number): Promise<SlowDisk> {
  await using stack = new AsyncDisposableStack();
  const file = join(resolve(folder), "first-touch.sql");
  await writeFile(file, withEverything);
  const flags = [
    `--volume=${file}:/interlock/init.sql:ro`,
    `--device-read-iops=${await diskOfEngine()}:${readsPerSecond}`,
  ];
  const server = stack.use(await mysqlContainer(config, flags, command));
  let port = 0;
  const address = () => ({ host: "127.0.0.1", port, ...everything });
  const started = async () => {
    port = await server.port();
    await server.untilItGreets();
  };
  await started();
  const owned = stack.move();
  return {
    address,
    async restart() {
      await execa("docker", ["restart", "--time", "60", server.id]);
      await started();
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The kernel limits whole disks, no parts of them. */
async function diskOfEngine(): Promise<string> {
  const { stdout: root } = await execa("docker", ["info", "--format", "{{.DockerRootDir}}"]);
  const { dev } = await stat(root);
  const block = `/sys/dev/block/${dev >> 8}:${dev & 0xff}`;
  const { stdout: place } = await execa("realpath", [block]);
  const isPart = await readFile(join(place, "partition")).then(
    () => true,
    () => false,
  );
  return `/dev/${basename(isPart ? join(place, "..") : place)}`;
}
