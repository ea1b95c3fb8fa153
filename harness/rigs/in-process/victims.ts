import type { Generation } from "../../../contracts/job.ts";
import type { ProcessName } from "../../schedule/schedule.ts";
import { laterLife } from "../later-life.ts";
import type { SimulatedProcess } from "./process.ts";
import type { Life, ProcessEvents, Victim } from "./process-events.ts";
import type { RunningReleases } from "./running-releases.ts";
import type { Actions } from "./transit.ts";

export interface WorkerLife extends Life {
  generation: Generation;
}

/** The processes of a world, and how each begins another life. */
export interface Processes {
  /** By name: those that are there, also while they are down. */
  workers: Map<string, WorkerLife>;
  running: RunningReleases;
  api: () => Life;
  database: () => SimulatedProcess;
  start: { api(): void; database(): void; worker(name: string, generation: Generation): void };
}

/**
 * The process that something befalls at a call of the caller. The worker that is meant is the one whose call it is; on
 * the customer's and the API's own links the first.
 */
export function victimOf(processes: Processes, which: ProcessName, caller: SimulatedProcess): Victim {
  const { workers, api, database, start } = processes;
  if (which === "api") return asVictim(processes, api, null, start.api);
  if (which === "database")
    return asVictim(processes, () => ({ process: database(), ended: never }), null, start.database);
  const first = (workers.get(caller.name) ?? [...workers.values()][0]) as WorkerLife;
  const { name } = first.process;
  return asVictim(
    processes,
    () => workers.get(name) as WorkerLife,
    first.generation,
    () => start.worker(name, first.generation),
  );
}

/** What is done to the process that a fault means. */
export const actionsOn = (
  events: ProcessEvents,
  victim: (which: ProcessName, caller: SimulatedProcess) => Victim,
): Omit<Actions, "fired" | "cancelJob"> => ({
  killProcess: (which, caller, back) => events.kill(victim(which, caller), back),
  pauseProcess: (which, caller, ms) => events.pause(victim(which, caller), ms),
  stopProcess: (which, caller, graceMs, back) => events.stop(victim(which, caller), graceMs, back),
  surgeProcess: (which, caller, surge) => events.surge(victim(which, caller), surge),
  skewProcess: (which, caller, ms) => events.skew(victim(which, caller), ms),
});

/** The database has no way down of its own. */
const never = new Promise<never>(() => {});

function asVictim(
  { workers, running, start: begin }: Processes,
  now: () => Life,
  generation: Generation | null,
  start: () => void,
): Victim {
  const { process, ended } = now();
  const { name } = process;
  return {
    process,
    ended,
    change: (release) => running.change(name, generation, release),
    nextRelease: () => running.begin(name),
    start,
    startBeside: (release) => {
      if (generation === null) throw new Error(`${name} has no next life beside it`);
      const next = laterLife(name);
      running.inherit(next, name);
      if (release !== undefined) running.change(next, generation, release);
      running.begin(next);
      begin.worker(next, generation);
      return next;
    },
    now,
    leave: () => void workers.delete(name),
  };
}
