import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { MysqlAccess } from "../../harness/oracle/mysql.ts";
import { dockerEngine } from "../../harness/rigs/containers/docker/engine.ts";
import { createNetwork } from "../../harness/rigs/containers/docker/network.ts";
import { ownerLabels, ownerOf } from "../../harness/rigs/containers/docker/owner.ts";
import { Pauses } from "../../harness/rigs/containers/docker/pauses.ts";
import { sweepDocker } from "../../harness/rigs/containers/docker/sweep.ts";
import { handshake } from "../../harness/rigs/containers/system/handshake.ts";
import { certificateIn } from "../../harness/rigs/containers/system/mysql.ts";
import { type Ground, startPart } from "../../harness/rigs/containers/system/part.ts";
import { Secrets } from "../../harness/secrets.ts";
import type {} from "./provided.ts";

const binlog = ["--log-bin=binlog", "--server-id=1", "--sync-binlog=0"];

/** A real MySQL and a real MariaDB for all tests of the project, with an account that may do what root may; removed at the end. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const docker = await dockerEngine();
  const owner = ownerOf(`tests-${process.pid}`);
  const secrets = new Secrets();
  const rootlike = { user: "rootlike", password: secrets.make() };
  const folder = await mkdtemp(join(process.cwd(), ".interlock/tests-"));
  const ground: Ground = {
    docker,
    network: await createNetwork(docker, owner.run, ownerLabels(owner)),
    owner,
    folder,
    redact: secrets.redact,
    readyMs: 30_000,
    stack: new AsyncDisposableStack(),
    logs: [],
    starting: [],
    checkouts: new Map(),
    onExit: () => {},
    watched: [],
    departed: [],
    telltales: new Set(),
    images: new Map(),
    pauses: new Pauses(),
    names: null,
  };
  const teardown = async () => {
    await sweepDocker(docker, ({ run }) => run === owner.run);
    await Promise.all(ground.logs.map((log) => log.close()));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const init = `CREATE USER 'rootlike'@'%' IDENTIFIED BY '${rootlike.password}';\nGRANT ALL ON *.* TO 'rootlike'@'%' WITH GRANT OPTION;\n`;
    const wish = { listens: true, port: 3306, env: () => ({}), files: { "/interlock/init.sql": init } };
    const provide = async (name: "mysql" | "mariadb") => {
      const image = { image: `interlock/${name}`, command: binlog, port: 3306, env: () => ({}) };
      const part = await startPart(name, image, wish, ground);
      const access = new MysqlAccess(part.outside, rootlike);
      await handshake(part, "the account rootlike to log in", ground, () => access.query("SELECT 1"));
      const container = docker.getContainer(part.containerId as string);
      const certificate = (await certificateIn(container, access)) ?? null;
      await access.end();
      project.provide(name, { ...part.outside, rootlike, certificate });
    };
    await Promise.all([provide("mysql"), provide("mariadb")]);
    return teardown;
  } catch (error) {
    await teardown();
    throw error;
  }
}
