import { readdir, readFile } from "node:fs/promises";
import { dockerEngine } from "../../harness/rigs/containers/docker/engine.ts";
import { componentLabel, runLabel } from "../../harness/rigs/containers/docker/owner.ts";

/** What the engine holds of a run: `container api`, `network interlock-…`, `volume …`. */
export async function inEngine(run: string): Promise<string[]> {
  const docker = await dockerEngine();
  const filters = { label: [`${runLabel}=${run}`] };
  const containers = await docker.listContainers({ all: true, filters });
  const networks = await docker.listNetworks({ filters });
  const { Volumes } = await docker.listVolumes({ filters: JSON.stringify(filters) });
  return [
    ...containers.map(({ Labels }) => `container ${Labels[componentLabel]}`),
    ...networks.map(({ Name }) => `network ${Name}`),
    ...(Volumes ?? []).map(({ Name }) => `volume ${Name}`),
  ].sort();
}

/** Ends a component's container without warning, as the kernel does that has run out of memory. */
export async function killInEngine(run: string, component: string): Promise<void> {
  const docker = await dockerEngine();
  const filters = { label: [`${runLabel}=${run}`, `${componentLabel}=${component}`] };
  for (const { Id } of await docker.listContainers({ filters })) await docker.getContainer(Id).kill();
}

/** Lets a component's container stand still, or a process in it stop, as somebody at another terminal may. */
export async function holdInEngine(run: string, component: string, how: "pause" | "SIGSTOP"): Promise<void> {
  const docker = await dockerEngine();
  const filters = { label: [`${runLabel}=${run}`, `${componentLabel}=${component}`] };
  for (const { Id } of await docker.listContainers({ filters })) {
    const container = docker.getContainer(Id);
    await (how === "pause" ? container.pause() : container.kill({ signal: how }));
  }
}

/** Where this machine finds a component's container. */
export async function hostInEngine(run: string, component: string): Promise<string> {
  const docker = await dockerEngine();
  const filters = { label: [`${runLabel}=${run}`, `${componentLabel}=${component}`] };
  const [found] = await docker.listContainers({ filters });
  const [network] = Object.values(found?.NetworkSettings.Networks ?? {});
  if (network === undefined) throw new Error(`${component} of ${run} is on no network`);
  return network.IPAddress;
}

/** For a test that has failed: what is left must not trouble the next one. */
export async function removeFromEngine(run: string): Promise<void> {
  const docker = await dockerEngine();
  const filters = { label: [`${runLabel}=${run}`] };
  for (const { Id } of await docker.listContainers({ all: true, filters }))
    await docker.getContainer(Id).remove({ force: true, v: true });
  for (const { Id } of await docker.listNetworks({ filters })) await docker.getNetwork(Id).remove();
}

/** Pids of the processes of this machine that inherited a mark in their environment. */
export async function processesMarked(mark: string): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const marked = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, "latin1").catch(() => "");
      return environment.includes(mark) ? [Number(pid)] : [];
    }),
  );
  return marked.flat();
}
