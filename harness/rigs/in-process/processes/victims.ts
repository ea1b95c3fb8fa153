import { type Generation, generationOf } from "../../../../contracts/job.ts";
import type { Meant } from "../../../schedule/effect.ts";
import type { Schedule } from "../../../schedule/schedule.ts";
import { laterLife } from "../../later-life.ts";
import type { SimulatedProcess } from "../process.ts";
import type { Actions } from "../transit.ts";
import type { Apis } from "./apis.ts";
import type { OperatorAction } from "./operated.ts";
import type { Life, ProcessEvents, Victim } from "./process-events.ts";
import type { RunningReleases } from "./running-releases.ts";

export interface WorkerLife extends Life {
  generation: Generation;
}

/** The workers that a schedule begins with, by name. */
export const workersOf = ({ workload }: Schedule): [name: string, generation: Generation][] =>
  [...new Set(workload.jobs.map(({ engine }) => generationOf(engine)))].flatMap((generation) =>
    Array.from({ length: workload.workers }, (_, i): [string, Generation] => [
      `worker-${generation}-${i + 1}`,
      generation,
    ]),
  );

/** The workers that live and are of other releases than these; those that have not begun will be of these. */
export function startedOtherwise(
  { workers, running, schedule }: Pick<Processes, "workers" | "running"> & { schedule: Schedule },
  releases: Schedule["releases"]["workers"],
): { name: string; process: SimulatedProcess; release: string }[] {
  const living = [...workers].map(([name, { generation }]) => [name, generation] as const);
  return [...new Map([...workersOf(schedule), ...living])].flatMap(([name, generation]) => {
    const release = releases[generation];
    const own = running.releaseOfWorker(name, schedule.releases.workers[generation]);
    if (release === undefined || own === release) return [];
    const process = workers.get(name)?.process;
    if (process !== undefined) return [{ name, process, release }];
    running.beginAs(name, generation, release);
    return [];
  });
}

/** The processes of a world, and how each begins another life. */
export interface Processes {
  /** By name: those that are there, also while they are down. */
  workers: Map<string, WorkerLife>;
  running: RunningReleases;
  apis: Pick<Apis, "lives" | "join" | "withdraw">;
  database: () => SimulatedProcess;
  start: {
    api: (name: string) => void;
    database: () => void;
    worker: (name: string, generation: Generation) => void;
  };
}

/**
 * The process that a fault at a call hits: the one of that name, or without a name `near`, an end of the call; where
 * that is none of the kind, the first. Null where there is none of that name.
 */
export function victimOf(
  processes: Processes,
  { process: which, name: wanted }: Meant,
  near: SimulatedProcess,
): Victim | null {
  const { workers, apis, database, start } = processes;
  if (which === "api") {
    const { lives } = apis;
    const name = wanted ?? (lives.has(near.name) ? near.name : "api");
    if (!lives.has(name)) return null;
    return asVictim(processes, () => lives.get(name) as Life, {
      generation: null,
      start: start.api,
      join: (next) => apis.join(next),
      withdraw: () => apis.withdraw(name),
      leave: () => void lives.delete(name),
    });
  }
  if (which === "database")
    return asVictim(processes, () => ({ process: database(), ended: never }), {
      ...alone,
      start: start.database,
    });
  const first =
    wanted === undefined ? (workers.get(near.name) ?? [...workers.values()][0]) : workers.get(wanted);
  if (first === undefined) return null;
  const {
    generation,
    process: { name },
  } = first;
  return asVictim(processes, () => workers.get(name) as WorkerLife, {
    ...alone,
    generation,
    start: (one) => start.worker(one, generation),
    leave: () => void workers.delete(name),
  });
}

/** What is done to the process that a fault means. */
export const actionsOn = (
  events: ProcessEvents,
  victim: (which: Meant, near: SimulatedProcess) => Victim | null,
): Omit<Actions, "fired" | "cancelJob" | OperatorAction> => {
  const on = <T>(which: Meant, near: SimulatedProcess, what: (victim: Victim) => T): T | null => {
    const found = victim(which, near);
    return found === null ? null : what(found);
  };
  return {
    killProcess: (which, near, back) => on(which, near, (one) => events.kill(one, back)),
    pauseProcess: (which, near, ms) => on(which, near, (one) => events.pause(one, ms)),
    stopProcess: (which, near, graceMs, back) => on(which, near, (one) => events.stop(one, graceMs, back)),
    surgeProcess: (which, near, surge) => on(which, near, (one) => events.surge(one, surge)),
    skewProcess: (which, near, ms) => on(which, near, (one) => events.skew(one, ms)),
  };
};

/** The database has no way down of its own. */
const never = new Promise<never>(() => {});

/** What a process is to those around it. */
interface Place {
  /** Of a worker. */
  generation: Generation | null;
  /** Begins a life of this name. */
  start: (name: string) => void;
  /** A life of this name is beside it. */
  join: (name: string) => void;
  withdraw: () => void;
  leave: () => void;
}

/** Of what is given nothing to do by others, and has no next life beside it. */
const alone: Omit<Place, "start"> = { generation: null, join: () => {}, withdraw: () => {}, leave: () => {} };

function asVictim(
  { running }: Pick<Processes, "running">,
  now: () => Life,
  { generation, start, join, withdraw, leave }: Place,
): Victim {
  const { process, ended } = now();
  const { name } = process;
  return {
    process,
    ended,
    change: (release) => running.change(name, generation, release),
    nextRelease: () => running.begin(name),
    start: () => start(name),
    startBeside: (release) => {
      const next = laterLife(name);
      running.inherit(next, name);
      if (release !== undefined) running.change(next, generation, release);
      running.begin(next);
      start(next);
      join(next);
      return next;
    },
    now,
    withdraw,
    leave,
  };
}
