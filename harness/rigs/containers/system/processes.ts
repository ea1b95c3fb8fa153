import type { Component, Surroundings, WorkerComponent } from "../../../config/config.ts";
import type { Address } from "../../../destinations/destination.ts";
import type { StartedBuild } from "../../../history/event.ts";
import { startMysqlProxy } from "../../../proxy/mysql-proxy.ts";
import { greetApi } from "./greet.ts";
import { openProxy } from "./link.ts";
import { envFor, type Ground, type Part, type PartOptions, startPart } from "./part.ts";
import { apiRelease, workerRelease } from "./releases.ts";
import { lifeOf, type RunningProcess, runningProcess } from "./running-process.ts";
import type { SystemOptions } from "./system.ts";
import { connectionIn } from "./traffic.ts";

/** What the part of a later life is given of the earlier ones. */
type Given = Pick<PartOptions, "disk" | "log">;
/** A part of a later life, and what is known of its build. */
export interface Became {
  part: Part;
  build: StartedBuild;
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
      replyDelay: () => stage.replyDelay?.() ?? 0,
      onThread: (thread) => stage.connections.set(connectionIn(lifeOf(database), thread), name),
      plan: (call) =>
        call.operation === "session" ? null : (stage.traffic?.mysqlPlan(link, name, call) ?? null),
    }),
  );
}

/** Starts the API, before a database proxy of its own. */
export async function startApi(options: SystemOptions, databaseOf: DatabaseOf, ground: Ground) {
  const { config, builds } = options;
  const mysql = await databaseOf({ name: "api", link: "api->database", contained: "image" in builds.api });
  const around = { name: "api", mysql, api: "", folder: ground.folder };
  const start = (build: Component, given: Given = {}) =>
    startPart("api", build, { ...given, listens: true, env: envFor(build, around) }, ground);
  const part = await start(builds.api);
  const become: Become = async (release, given) => {
    const next = await start(apiRelease(config, release) as Component, given);
    const { digest, image } = await greetApi(next, release, ground);
    return { part: next, build: { release, digest, image } };
  };
  return { part, process: runningProcess(part, ground), become };
}

/** Starts a worker at its link, before a database proxy of its own. */
export async function startWorker(
  { name, worker, url }: { name: string; worker: WorkerComponent; url: string },
  { config }: SystemOptions,
  databaseOf: DatabaseOf,
  ground: Ground,
) {
  const mysql = await databaseOf({ name, link: "worker->warehouse", contained: "image" in worker });
  const around: Omit<Surroundings, "port"> = { name, mysql, api: url, folder: ground.folder };
  const start = (build: Component, given: Given = {}) =>
    startPart(name, build, { ...given, listens: false, env: envFor(build, around) }, ground);
  const become: Become = async (release, given) => {
    const next = await start(workerRelease(config, worker, release) as WorkerComponent, given);
    // Its first claim may be long in coming, and says which build it is.
    return { part: next, build: { release, digest: next.labelledDigest, image: next.imageId } };
  };
  return { part: await start(worker), become };
}
