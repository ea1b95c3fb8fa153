import type { Component, Surroundings, WorkerComponent } from "../../../config/config.ts";
import type { Address } from "../../../destinations/destination.ts";
import type { StartedBuild } from "../../../history/event.ts";
import { startMysqlProxy } from "../../../proxy/mysql-proxy.ts";
import { greetApi } from "./greet.ts";
import { openNotices, openProxy, type WorkerLink } from "./link.ts";
import { certificateOf } from "./mysql.ts";
import { envFor, type Ground, type Part, type PartOptions, startPart } from "./part.ts";
import type { ProcessHandle } from "./process-handle.ts";
import { apiRelease, workerRelease } from "./releases.ts";
import { lifeOf, type RunningProcess, runningProcess } from "./running-process.ts";
import type { Beside, SystemOptions } from "./system.ts";
import { connectionIn } from "./traffic.ts";

/** What the part of a later life is given of the earlier ones. */
type Given = Pick<PartOptions, "disk" | "log">;
/** A part of a later life that runs, and who it proves to be once it answers. */
export interface Became {
  part: Part;
  build: () => Promise<StartedBuild>;
}
/** Starts the part of a later life as another release. */
export type Become = (release: string, given: Given) => Promise<Became>;

/** A process that uses the database, and on which link. */
interface DatabaseUser {
  name: string;
  link: "api->database" | "worker->warehouse";
  contained: boolean;
}

/** Opens the way to the database for one process. @returns its address as the process sees it */
export type DatabaseOf = (user: DatabaseUser) => Promise<Address>;

/** A proxy of its own before the database for each process that uses it, so that its calls can be told from others'. */
export async function openDatabaseProxy(
  { name, link, contained }: DatabaseUser,
  database: RunningProcess,
  { config, stage, wayToDatabase = (at) => at }: SystemOptions,
  ground: Ground,
): Promise<Address> {
  return openProxy(`${name} -> mysql`, { contained }, ground, (listen) =>
    startMysqlProxy({
      ...listen,
      upstream: () => wayToDatabase(database.address()),
      refusal: () => stage.traffic?.faults.refusalOn(link, performance.now()) ?? null,
      unit: link === "api->database" ? "transaction" : "connection",
      effects: config.schedules?.effects ?? {},
      certificate: certificateOf(database, config.mysql.oracle, ground.docker),
      replyDelay: () => stage.replyDelay?.() ?? 0,
      onThread: (thread) => stage.connections.set(connectionIn(lifeOf(database), thread), name),
      plan: (call) =>
        call.operation === "session" ? null : (stage.traffic?.mysqlPlan(link, name, call) ?? null),
    }),
  );
}

/** Starts a process of the API, before a database proxy of its own. */
export async function startApi(
  name: string,
  release: string,
  options: Pick<SystemOptions, "config" | "stage">,
  databaseOf: DatabaseOf,
  ground: Ground,
) {
  const { config } = options;
  const first = apiRelease(config, release) as Component;
  const contained = "image" in first;
  const mysql = await databaseOf({ name, link: "api->database", contained });
  const told = config.notices && { notices: await openNotices(name, contained, options, ground) };
  const around = { name, mysql, api: "", folder: ground.folder, ...told };
  const start = (build: Component, given: Given = {}) =>
    startPart(name, build, { ...given, listens: true, env: envFor(build, around) }, ground);
  const part = await start(first);
  const become: Become = async (later, given) => {
    const next = await start(apiRelease(config, later) as Component, given);
    const build = async () => {
      const { digest, image } = await greetApi(next, later, ground);
      return { release: later, digest, image };
    };
    return { part: next, build };
  };
  return { part, process: runningProcess(part, ground), become };
}

/** Starts a worker at its link, before a database proxy of its own. */
export async function startWorker(
  { name, worker, build: first, url }: WorkerLink,
  { config }: Pick<SystemOptions, "config">,
  databaseOf: DatabaseOf,
  ground: Ground,
) {
  const mysql = await databaseOf({ name, link: "worker->warehouse", contained: "image" in first });
  const around: Omit<Surroundings, "port"> = { name, mysql, api: url, folder: ground.folder };
  const start = (build: Component, given: Given = {}) =>
    startPart(name, build, { ...given, listens: false, env: envFor(build, around) }, ground);
  const become: Become = async (release, given) => {
    const next = await start(workerRelease(config, worker, release) as WorkerComponent, given);
    // Its first claim may be long in coming, and says which build it is.
    return { part: next, build: async () => asStarted(next, release) };
  };
  return { part: await start(first), become };
}

/** What is known of a worker's build before it claims. */
export const asStarted = ({ labelledDigest, imageId }: Part, release: string): StartedBuild => ({
  release,
  digest: labelledDigest,
  image: imageId,
});

/** A process of which another life can begin. */
interface Seat {
  /** What it is of. */
  release: string;
  become: Become;
  /** Starts its next life beside it; null where it has none. */
  beside: ((release: string) => Promise<Beside>) | null;
}

/** The processes of a system that can be killed, whatever they are, and how each comes to its next life. */
export class Seats {
  readonly #all = new Map<ProcessHandle, Seat>();

  /** What runs in no container of the run has no other life. */
  put({ handle }: RunningProcess, seat: Seat): void {
    if (handle !== null) this.#all.set(handle, seat);
  }

  releaseOf(handle: ProcessHandle): string {
    return this.#of(handle).release;
  }

  /**
   * It is dead: its next life is of this release, with a folder of the disk that it had. A step may kill it before it
   * answers, and holds all calls until it has, those that it needs to answer too: null where it was killed.
   */
  async startAs(
    handle: ProcessHandle,
    release: string,
    folder: string | undefined,
  ): Promise<StartedBuild | null> {
    const seat = this.#of(handle);
    const { build } = await handle.become(folder, (given) => seat.become(release, given));
    seat.release = release;
    const { life } = handle;
    try {
      return await build();
    } catch (error) {
      if (handle.life === life) throw error;
      return null;
    }
  }

  /** Of the same release, unless another one is named. */
  startBeside(handle: ProcessHandle, release?: string): Promise<Beside> {
    const seat = this.#of(handle);
    if (seat.beside === null) throw new Error(`${handle.name} has no next life beside it`);
    return seat.beside(release ?? seat.release);
  }

  #of(handle: ProcessHandle): Seat {
    return this.#all.get(handle) as Seat;
  }
}
