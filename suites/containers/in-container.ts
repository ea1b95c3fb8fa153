import { text } from "node:stream/consumers";
import { dockerEngine } from "../../harness/rigs/containers/docker/engine.ts";
import { componentLabel, runLabel } from "../../harness/rigs/containers/docker/owner.ts";

/** Runs a program in a component's container. @returns what it said */
export async function inContainer(run: string, component: string, argv: readonly string[]): Promise<string> {
  const docker = await dockerEngine();
  const label = [`${runLabel}=${run}`, `${componentLabel}=${component}`];
  const [found] = await docker.listContainers({ filters: { label } });
  const exec = await docker.getContainer(found?.Id ?? "").exec({
    Cmd: [...argv],
    AttachStdout: true,
    AttachStderr: true,
    Tty: true,
  });
  const said = await text(await exec.start({ Tty: true }));
  const { ExitCode } = await exec.inspect();
  if (ExitCode !== 0) throw new Error(`${argv[0]} in ${component}: ${said}`);
  return said.trim();
}

/** Runs statements in the MySQL of a run, in one session, with every right. */
export const asRoot = (run: string, component: string, sql: string): Promise<string> =>
  inContainer(run, component, ["mysql", "-uroot", "-S", "/run/mysqld/mysqld.sock", "-e", sql]);
