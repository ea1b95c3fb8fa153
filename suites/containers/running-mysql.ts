import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { startImage } from "../../harness/rigs/containers/docker/container.ts";
import { dockerEngine } from "../../harness/rigs/containers/docker/engine.ts";
import type { Disk } from "../../harness/rigs/containers/docker/files-in.ts";
import { LogFile } from "../../harness/rigs/containers/docker/log-file.ts";
import { createNetwork } from "../../harness/rigs/containers/docker/network.ts";
import { ownerLabels, ownerOf } from "../../harness/rigs/containers/docker/owner.ts";
import { sweepDocker } from "../../harness/rigs/containers/docker/sweep.ts";

export interface MysqlWanted {
  /** MySQL's by default. */
  image?: string;
  init: string;
  command?: string[];
  /** Put onto its disk before it starts. */
  disk?: Disk;
}

interface StartedMysql {
  id: string;
  url: string;
}

/** A MySQL that no run has started and that listens on this machine's loopback alone; gone at the end of the block. */
export async function runningMysql(
  folder: string,
  init: string,
  command: string[] = [],
): Promise<StartedMysql & AsyncDisposable> {
  const { mysql, ...rest } = await runningMysqls(folder, { mysql: { init, command } });
  return { ...mysql, ...rest };
}

/** Several of them, which reach each other by name on a network of their own. */
export async function runningMysqls<Name extends string>(
  folder: string,
  wanted: Readonly<Record<Name, MysqlWanted>>,
): Promise<Record<Name, StartedMysql> & AsyncDisposable> {
  const docker = await dockerEngine();
  const owner = ownerOf(`tests-${crypto.randomUUID()}`);
  const names = Object.keys(wanted) as Name[];
  const logs = names.map(
    (name) =>
      new LogFile(
        join(folder, `${name}.log`),
        (text) => text,
        () => {},
      ),
  );
  const dispose = async () => {
    await sweepDocker(docker, ({ run }) => run === owner.run);
    await Promise.all(logs.map((log) => log.close()));
  };
  const starting: Promise<unknown>[] = [];
  try {
    const network = await createNetwork(docker, owner.run, ownerLabels(owner), false);
    const started = names.map(async (name, i): Promise<[Name, StartedMysql]> => {
      const { image = "interlock/mysql", init, command = [], disk } = wanted[name];
      const { id, at } = await startImage(docker, {
        name,
        image,
        ...(command.length === 0 ? {} : { command }),
        env: {},
        labels: ownerLabels(owner),
        network,
        port: 3306,
        files: { "/interlock/init.sql": init },
        disk,
        log: logs[i] as LogFile,
        starting,
        startMs: 30_000,
      });
      return [name, { id, url: `mysql://${at.host}:${at.port}` }];
    });
    const servers = Object.fromEntries(await Promise.all(started)) as Record<Name, StartedMysql>;
    return { ...servers, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    // One that is still on its way would outlive the sweep.
    await Promise.allSettled(starting);
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
