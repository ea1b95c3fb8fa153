import type { Generation } from "../../../../contracts/job.ts";
import type { ProcessName } from "../../../schedule/schedule.ts";
import { laterLife } from "../../later-life.ts";
import type { SimulatedProcess } from "../process.ts";
import type { Actions } from "../transit.ts";
import type { Life, ProcessEvents, Victim } from "./process-events.ts";
import type { RunningReleases } from "./running-releases.ts";

export interface WorkerLife extends Life {
  generation: Generation;
}

/** The processes of a world, and how each begins another life. */
export interface Processes {
  /** By name: those that are there, also while they are down. */
  workers: Map<string, WorkerLife>;
  running: RunningReleases;
  apis: ReadonlyMap<string, Life>;
  database: () => SimulatedProcess;
  start: {
    api: (name: string) => void;
    database: () => void;
    worker: (name: string, generation: Generation) => void;
  };
}

/**
 * The process that something befalls at a call. The one that is meant is `near`, an end of the call; where none of its
 * ends is of that kind, the first.
 */
export function victimOf(processes: Processes, which: ProcessName, near: SimulatedProcess): Victim {
  const { workers, apis, database, start } = processes;
  if (which === "api") {
    const name = apis.has(near.name) ? near.name : "api";
    return asVictim(
      processes,
      () => apis.get(name) as Life,
      null,
      () => start.api(name),
    );
  }
  if (which === "database")
    return asVictim(processes, () => ({ process: database(), ended: never }), null, start.database);
  const first = (workers.get(near.name) ?? [...workers.values()][0]) as WorkerLife;
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
  victim: (which: ProcessName, near: SimulatedProcess) => Victim,
): Omit<Actions, "fired" | "cancelJob"> => ({
  killProcess: (which, near, back) => events.kill(victim(which, near), back),
  pauseProcess: (which, near, ms) => events.pause(victim(which, near), ms),
  stopProcess: (which, near, graceMs, back) => events.stop(victim(which, near), graceMs, back),
  surgeProcess: (which, near, surge) => events.surge(victim(which, near), surge),
  skewProcess: (which, near, ms) => events.skew(victim(which, near), ms),
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
