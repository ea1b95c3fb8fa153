import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Docker } from "./engine.ts";
import { bornAt, type Owner, ownerFromLabels, runLabel } from "./owner.ts";

export interface Swept {
  containers: number;
  networks: number;
  processes: number;
}

/** What carries Interlock's own label, and nothing else. */
const filters = { label: [runLabel] };
type Labelled = { Labels?: Record<string, string> | undefined };
type Choice = (owner: Owner) => boolean;
const belongsTo =
  (chosen: Choice) =>
  ({ Labels }: Labelled) =>
    chosen(ownerFromLabels(Labels ?? {}));

/** Removes what the chosen runs left in the engine; anonymous volumes go along. */
export async function sweepDocker(docker: Docker, chosen: Choice): Promise<Omit<Swept, "processes">> {
  const containers = await sweepContainers(docker, chosen);
  const networks = (await docker.listNetworks({ filters })).filter(belongsTo(chosen));
  await Promise.all(networks.map(({ Id }) => gone(docker.getNetwork(Id).remove())));
  return { containers, networks: networks.length };
}

export async function sweepContainers(docker: Docker, chosen: Choice): Promise<number> {
  const containers = (await docker.listContainers({ all: true, filters })).filter(belongsTo(chosen));
  await Promise.all(
    containers.map(({ Id }) => gone(docker.getContainer(Id).remove({ force: true, v: true }))),
  );
  return containers.length;
}

/** Two sweeps may meet: what the other has just removed, or is removing, is as good as removed. */
const gone = async (removal: Promise<unknown>): Promise<void> => {
  try {
    await removal;
  } catch (error) {
    const { statusCode } = error as { statusCode?: number };
    if (statusCode !== 404 && statusCode !== 409) throw error;
  }
};

/** A process that a run started on this machine, noted in the run's folder before anything else is done with it. */
export interface ProcessNote {
  pid: number;
  born: string;
  owner: Owner;
}

export const processNote = (pid: number, owner: Owner): ProcessNote => ({ pid, born: bornAt(pid), owner });

/** Ends the noted processes whose run is dead: the same pid and the same birth, so never somebody else's. */
export async function sweepProcesses(runsFolder: string, chosen: Choice): Promise<number> {
  let ended = 0;
  for (const run of await readdir(runsFolder).catch(() => [])) {
    const folder = join(runsFolder, run, "processes");
    for (const name of await readdir(folder).catch(() => [])) {
      const file = join(folder, name);
      const note = JSON.parse(await readFile(file, "utf8")) as ProcessNote;
      if (!chosen(note.owner)) continue;
      if (note.born !== "" && bornAt(note.pid) === note.born) {
        process.kill(note.pid, "SIGKILL");
        ended += 1;
      }
      await rm(file, { force: true });
    }
  }
  return ended;
}
