import type { Generation } from "../../../../contracts/job.ts";
import type { Component, Config, Surroundings, WorkerComponent } from "../../../config/config.ts";
import type { Address, OpenDestination } from "../../../destinations/destination.ts";
import type { DestinationName } from "../../../destinations/index.ts";
import type { Witness } from "../../../history/witness.ts";
import { startMysqlProxy } from "../../../proxy/mysql-proxy.ts";
import type { Schedule } from "../../../schedule/schedule.ts";
import { startDestinations } from "./destinations.ts";
import { findImages } from "./find-images.ts";
import { greetApi, greetWorker, type Identity } from "./greet.ts";
import { openLinks, openProxy } from "./link.ts";
import { greetMysql, startMysql } from "./mysql.ts";
import { envFor, type Ground, type Part, type PartOptions, startPart } from "./part.ts";
import type { ProcessHandle } from "./process-handle.ts";
import { apiRelease, type Released, workerRelease } from "./releases.ts";
import { type RunningProcess, runningProcess } from "./running-process.ts";
import type { Stage } from "./traffic.ts";

export interface SystemOptions {
  config: Config;
  releases: Schedule["releases"];
  builds: Released;
  /** How many of each worker run. */
  workers: number;
  destinations: readonly DestinationName[];
  /** The schedule whose faults the links carry out. */
  stage: Stage;
  /** Hears every exchange until all are ready. */
  witness: Witness;
  onReady: (component: string) => void;
}

/** A worker that runs. */
export interface RunningWorker extends RunningProcess {
  generation: Generation;
  /** Which of its kind it is, from 1. */
  index: number;
}

/** The components of one run, all ready and attested. */
export interface System {
  database: RunningProcess;
  api: RunningProcess;
  workers: readonly RunningWorker[];
  /** Base URL of the API for the customer. */
  customer: string;
  destinations: ReadonlyMap<DestinationName, SeenDestination>;
  identities: readonly Identity[];
  /** Starts a process that is dead as another release of its component, on the disk that it had. */
  startAs: (handle: ProcessHandle, release: string) => Promise<void>;
}

/** A destination as the oracle reaches it, and as workers of a generation do. */
export interface SeenDestination {
  open: OpenDestination<Record<string, unknown>>;
  seenBy: (generation: Generation) => Address;
}

/** What the part of a later life is given of the earlier ones. */
type Given = Pick<PartOptions, "disk" | "log">;
/** Starts the part of a later life as another release. */
type Become = (release: string, given: Given) => Promise<Part>;

/**
 * Starts what the schedule needs in the order of need: database and destinations, then the API, then the workers. What
 * the config calls patient is started before that which it needs is ready. Every link has a fault proxy.
 */
export async function startSystem(options: SystemOptions, ground: Ground): Promise<System> {
  const { config, builds } = options;
  await findImages(
    [
      ["mysql", config.mysql],
      ...options.destinations.map((name) => [`destination-${name}`, config.destinations[name] as Component] as const),
      ["api", builds.api],
      ...builds.workers,
      ...builds.later,
    ],
    ground.docker,
  );
  const becoming = new Map<ProcessHandle, Become>();
  let api: RunningProcess | null = null;
  const links = await openLinks(options, () => api?.address() ?? null, ground);
  const isReady = <P extends { name: string }>(process: P): P => {
    options.onReady(process.name);
    return process;
  };

  const databaseStarted = startMysql("mysql", config.mysql, ground).then((part) => ({
    part,
    process: runningProcess(part, ground),
  }));
  const databaseReady = databaseStarted.then(async ({ part, process }) => {
    await greetMysql(part, config.mysql, ground);
    return isReady(process);
  });
  const destinationsReady = startDestinations(options, ground, isReady);
  const databaseOf = async (name: string, link: "api->database" | "worker->warehouse", contained: boolean) =>
    openDatabaseProxy({ name, link, contained }, (await databaseStarted).process, options, ground);

  const apiStarted = (async () => {
    await databaseStarted;
    if (!builds.api.patient) await Promise.all([databaseReady, destinationsReady]);
    const started = await startApi(options, databaseOf, ground);
    api = started.process;
    if (started.process.handle !== null) becoming.set(started.process.handle, started.become);
    return started;
  })();
  const apiReady = Promise.all([apiStarted, databaseReady]).then(async ([{ part, process }]) => {
    const identity = await greetApi(part, options.releases.api, ground);
    return { process: isReady(process), identity };
  });
  const workersReady = links.workers.map(async (link) => {
    await (link.worker.patient ? apiStarted : apiReady);
    const { part, become } = await startWorker(link, options, databaseOf, ground);
    // Its time to get ready begins when the API is: else a worker would be blamed for an API that is not.
    await apiReady;
    const { generation } = link.worker;
    const release = options.releases.workers[generation] ?? config.current;
    const identity = await greetWorker(part, { worker: link.worker, release }, options.witness, ground);
    const process = runningProcess(part, ground);
    if (process.handle !== null) becoming.set(process.handle, become);
    return { process: { ...isReady(process), generation, index: link.index }, identity };
  });

  const [database, destinations, ofApi, ...ofWorkers] = await Promise.all([
    databaseReady,
    destinationsReady,
    apiReady,
    ...workersReady,
  ]);
  return {
    database,
    api: ofApi.process,
    workers: ofWorkers.map(({ process }) => process),
    customer: links.customer.url,
    destinations,
    identities: [ofApi, ...ofWorkers].map(({ identity }) => identity),
    startAs: (handle, release) =>
      handle.become(config.schedules?.outbox, (given) => (becoming.get(handle) as Become)(release, given)),
  };
}

type DatabaseOf = (
  name: string,
  link: "api->database" | "worker->warehouse",
  contained: boolean,
) => Promise<Address>;

/** A proxy of its own before the database for each process that uses it, so that its calls can be told from others'. */
async function openDatabaseProxy(
  { name, link, contained }: { name: string; link: "api->database" | "worker->warehouse"; contained: boolean },
  database: RunningProcess,
  { config, stage }: SystemOptions,
  ground: Ground,
): Promise<Address> {
  return openProxy(`${name} -> mysql`, { contained }, ground, (listen) =>
    startMysqlProxy({
      ...listen,
      upstream: () => database.address(),
      unit: link === "api->database" ? "transaction" : "connection",
      effects: config.schedules?.effects ?? {},
      plan: (call) =>
        call.operation === "session" ? null : (stage.traffic?.mysqlPlan(link, name, call) ?? null),
    }),
  );
}

async function startApi(options: SystemOptions, databaseOf: DatabaseOf, ground: Ground) {
  const { config, builds } = options;
  const mysql = await databaseOf("api", "api->database", "image" in builds.api);
  const around = { name: "api", mysql, api: "", folder: ground.folder };
  const start = (build: Component, given: Given = {}) =>
    startPart("api", build, { ...given, listens: true, env: envFor(build, around) }, ground);
  const part = await start(builds.api);
  const become: Become = async (release, given) => {
    const next = await start(apiRelease(config, release) as Component, given);
    await greetApi(next, release, ground);
    return next;
  };
  return { part, process: runningProcess(part, ground), become };
}

async function startWorker(
  { name, worker, url }: { name: string; worker: WorkerComponent; url: string },
  { config }: SystemOptions,
  databaseOf: DatabaseOf,
  ground: Ground,
) {
  const mysql = await databaseOf(name, "worker->warehouse", "image" in worker);
  const around: Omit<Surroundings, "port"> = { name, mysql, api: url, folder: ground.folder };
  const start = (build: Component, given: Given = {}) =>
    startPart(name, build, { ...given, listens: false, env: envFor(build, around) }, ground);
  const become: Become = (release, given) =>
    start(workerRelease(config, worker, release) as WorkerComponent, given);
  return { part: await start(worker), become };
}

