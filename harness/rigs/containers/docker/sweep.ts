import pRetry from "p-retry";
import type { Docker } from "./engine.ts";
import { type Owner, ownerFromLabels, runLabel } from "./owner.ts";

export interface Swept {
  containers: number;
  networks: number;
  processes: number;
}

/** What carries Interlock's own label, and nothing else. */
const filters = { label: [runLabel] };
type Labelled = { Labels?: Record<string, string> | undefined };
export type Choice = (owner: Owner) => boolean;
const belongsTo =
  (chosen: Choice) =>
  ({ Labels }: Labelled) =>
    chosen(ownerFromLabels(Labels ?? {}));

/** Removes what the chosen runs left in the engine; anonymous volumes go along. */
export async function sweepDocker(docker: Docker, chosen: Choice): Promise<Omit<Swept, "processes">> {
  const containers = await sweepContainers(docker, chosen);
  const networks = (await docker.listNetworks({ filters })).filter(belongsTo(chosen));
  const gone = await Promise.all(networks.map(({ Id }) => removeNetwork(docker, Id)));
  return { containers, networks: gone.filter(Boolean).length };
}

export async function sweepContainers(docker: Docker, chosen: Choice): Promise<number> {
  const containers = (await docker.listContainers({ all: true, filters })).filter(belongsTo(chosen));
  await Promise.all(
    containers.map(({ Id }) => gone(docker.getContainer(Id).remove({ force: true, v: true }))),
  );
  return containers.length;
}

/**
 * Two sweeps may meet: the other may still be removing the network's last container, and then the engine refuses.
 * A stranger's container that somebody connected to the network is taken off it and lives on. @returns whether it is gone
 */
async function removeNetwork(docker: Docker, id: string): Promise<boolean> {
  const network = docker.getNetwork(id);
  let foundEmpty = 0;
  return pRetry(
    async () => {
      try {
        await gone(network.remove());
        return true;
      } catch (error) {
        const details = await network.inspect().catch(() => ({ Containers: {} }));
        const connected = Object.keys(details.Containers ?? {});
        for (const Container of connected)
          await network.disconnect({ Container, Force: true }).catch(() => {});
        if (connected.length === 0) foundEmpty += 1;
        if (foundEmpty === miscounted && isSaidToBeUsed(error)) return false;
        throw error;
      }
    },
    { retries: 10, minTimeout: 50, maxTimeout: 300, shouldRetry: ({ error }) => isSaidToBeUsed(error) },
  );
}

/**
 * Docker 20.10 can lose count of a network's endpoints when several come and go at once. A network that was found empty
 * so often and is still said to be used cannot be removed before the engine is started anew, and does no harm.
 */
const miscounted = 5;

const isSaidToBeUsed = (error: unknown): boolean =>
  (error as { statusCode?: number }).statusCode === 403 && /active endpoints/.test((error as Error).message);

/** What another sweep has just removed, or is removing, is as good as removed. */
const gone = async (removal: Promise<unknown>): Promise<void> => {
  try {
    await removal;
  } catch (error) {
    const { statusCode } = error as { statusCode?: number };
    if (statusCode !== 404 && statusCode !== 409) throw error;
  }
};
