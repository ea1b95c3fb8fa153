import { dockerEngine } from "./engine.ts";
import { isDead, type Owner } from "./owner.ts";
import { type Swept, sweepDocker, sweepProcesses } from "./sweep.ts";

/** Removes what runs left whose process is gone, as after `kill -9`. */
export const sweepDead = (runsFolder: string): Promise<Swept> => sweep(runsFolder, isDead);

/** Removes what any run of this machine left or still uses. */
export const sweepAll = (runsFolder: string): Promise<Swept> => sweep(runsFolder, () => true);

async function sweep(runsFolder: string, chosen: (owner: Owner) => boolean): Promise<Swept> {
  const processes = await sweepProcesses(runsFolder, chosen);
  return { ...(await sweepDocker(await dockerEngine(), chosen)), processes };
}
