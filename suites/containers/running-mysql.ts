import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { startImage } from "../../harness/rigs/containers/docker/container.ts";
import { dockerEngine } from "../../harness/rigs/containers/docker/engine.ts";
import { LogFile } from "../../harness/rigs/containers/docker/log-file.ts";
import { createNetwork } from "../../harness/rigs/containers/docker/network.ts";
import { ownerLabels, ownerOf } from "../../harness/rigs/containers/docker/owner.ts";
import { sweepDocker } from "../../harness/rigs/containers/docker/sweep.ts";

/** A MySQL that no run has started and that listens on this machine's loopback alone; gone at the end of the block. */
export async function runningMysql(
  folder: string,
  init: string,
  command: string[] = [],
): Promise<{ id: string; url: string } & AsyncDisposable> {
  const docker = await dockerEngine();
  const owner = ownerOf(`tests-${crypto.randomUUID()}`);
  const log = new LogFile(
    join(folder, "mysql.log"),
    (text) => text,
    () => {},
  );
  const dispose = async () => {
    await sweepDocker(docker, ({ run }) => run === owner.run);
    await log.close();
  };
  try {
    const network = await createNetwork(docker, owner.run, ownerLabels(owner), false);
    const { id, at } = await startImage(docker, {
      name: "mysql",
      image: "interlock/mysql",
      ...(command.length === 0 ? {} : { command }),
      env: {},
      labels: ownerLabels(owner),
      network,
      port: 3306,
      files: { "/interlock/init.sql": init },
      log,
      starting: [],
      startMs: 30_000,
    });
    return { id, url: `mysql://${at.host}:${at.port}`, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** What a driver says while a server starts. */
const starting = ["PROTOCOL_CONNECTION_LOST", "ECONNREFUSED", "ECONNRESET"];

/** What comes of it once a server that is starting answers; any other error is thrown. */
export async function onceItAnswers<T>(open: () => Promise<T>): Promise<T> {
  for (; ; await wait(20)) {
    try {
      return await open();
    } catch (error) {
      const { code, cause } = error as { code?: string; cause?: { code?: string } };
      if (!starting.includes(code ?? cause?.code ?? "")) throw error;
    }
  }
}
