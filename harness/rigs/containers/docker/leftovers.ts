import { InfrastructureError } from "../../../errors.ts";
import { dockerEngine, engineTrouble } from "./engine.ts";
import { isDead, type Owner } from "./owner.ts";
import { sweepProcesses } from "./process-notes.ts";
import { type Swept, sweepDocker } from "./sweep.ts";

/** The engine answers, and does not remove what a run has left. */
class NotSwept extends InfrastructureError {
  override name = "NotSwept";
}

/** Removes what runs left whose process is gone, as after `kill -9`. */
export const sweepDead = (runsFolder: string): Promise<Swept> => sweep(runsFolder, isDead);

/** The sweep before a run. What an earlier run has left is in nobody's way: names and ports are each run's own. */
export async function sweepBefore(runsFolder: string, note: (line: string) => void): Promise<void> {
  try {
    await sweepDead(runsFolder);
  } catch (error) {
    if (!(error instanceof NotSwept)) throw error;
    note(`going on beside what a run has left: ${error.trouble.happened}`);
  }
}

/** Removes what any run of this machine left or still uses. */
export const sweepAll = (runsFolder: string): Promise<Swept> => sweep(runsFolder, () => true);

async function sweep(runsFolder: string, chosen: (owner: Owner) => boolean): Promise<Swept> {
  const processes = await sweepProcesses(runsFolder, chosen);
  const docker = await dockerEngine();
  try {
    return { ...(await sweepDocker(docker, chosen)), processes };
  } catch (error) {
    throw new NotSwept(engineTrouble("it to remove what runs have left", error).trouble, error);
  }
}
