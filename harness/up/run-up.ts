import type { Config, WorkerComponent } from "../config/config.ts";
import { destinationNames } from "../destinations/index.ts";
import { asOne, UsageError } from "../errors.ts";
import type { HistoryEvent, OnEvent } from "../history/event.ts";
import { keepSeen } from "../history/write.ts";
import { visit } from "../rigs/containers/schedule/visit.ts";
import { openRig } from "../rigs/containers/system/open-rig.ts";
import type { Secrets } from "../secrets.ts";
import { type Addresses, addressesOf } from "./addresses.ts";

export interface UpOptions {
  config: Config;
  secrets: Secrets;
  /** API release. */
  api: string;
  /** Workers of the config that are not started. */
  without: readonly string[];
  runsFolder: string;
  progress: { phase: (line: string) => void; ready: (component: string) => void };
  signal: AbortSignal;
  /** Told how to reach the system; its visitors are heard until it resolves. */
  during: (addresses: Addresses) => Promise<void>;
  onEvent: OnEvent;
}

/** What was done to a system while it was up. */
export interface Visited {
  /** File of its history. */
  file: string;
  events: readonly HistoryEvent[];
}

/** Brings the system of a config up, leaves it to others until they are done, and removes it. */
export async function runUp(options: UpOptions): Promise<Visited> {
  const { config, secrets, api, without, runsFolder, progress, signal, during, onEvent } = options;
  const started = startedOf(config, without);
  progress.phase(`starting MySQL, the API and ${Object.keys(started).join(", ") || "no worker"}`);
  try {
    await using rig = await openRig({
      config: { ...config, workers: started },
      releases: { api, workers: { v5: config.current, v6: config.current } },
      engines: Object.values(started).flatMap(({ engines }) => engines),
      destinations: destinationNames.filter((name) => config.destinations[name] !== undefined),
      workers: 1,
      byHand: config.workers,
      runsFolder,
      redact: secrets.redact,
      onReady: progress.ready,
      onPhase: progress.phase,
      signal,
    });
    const { folder } = rig;
    const visited = await keepSeen({ folder, secrets }, async ({ onTrouble }) => ({
      events: await visit(rig, { during: () => during(addressesOf(rig, config)), onEvent, onTrouble }),
    }));
    progress.phase("removing the system");
    return visited;
  } catch (error) {
    throw asOne(error);
  }
}

/** @throws UsageError where a worker that is not to be started is none of the config */
export function mustStart({ workers }: Config, without: readonly string[]): void {
  const unknown = without.filter((name) => !Object.hasOwn(workers, name));
  if (unknown.length > 0)
    throw new UsageError(
      `--without ${unknown.join(" ")}: the config has the workers ${Object.keys(workers).join(", ")}`,
    );
}

/** What runs already is pointed at its link by whoever runs it: it is not waited for. */
const startedOf = ({ workers }: Config, without: readonly string[]): Record<string, WorkerComponent> =>
  Object.fromEntries(
    Object.entries(workers).filter(([name, worker]) => !without.includes(name) && !("url" in worker)),
  );
