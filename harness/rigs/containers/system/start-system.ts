import type { Millis } from "../../../../contracts/values.ts";
import type { Component, Config } from "../../../config/config.ts";
import { startDestinations } from "./destinations.ts";
import { findImages } from "./find-images.ts";
import { departedAmong, greetApi, greetWorker } from "./greet.ts";
import { type ByHand, openLinks } from "./link.ts";
import { greetMysql, startMysql } from "./mysql.ts";
import type { Ground } from "./part.ts";
import type { ProcessHandle } from "./process-handle.ts";
import { type Become, type DatabaseOf, openDatabaseProxy, startApi, startWorker } from "./processes.ts";
import { type RunningProcess, runningProcess } from "./running-process.ts";
import type { System, SystemOptions, ToldByHand } from "./system.ts";

/**
 * Starts what the schedule needs in the order of need: database and destinations, then the API, then the workers. What
 * the config calls patient is started before that which it needs is ready. Every link has a fault proxy.
 */
export async function startSystem(options: SystemOptions, ground: Ground): Promise<System> {
  const { config, builds } = options;
  await findImages(imagesOf(options), ground.docker);
  const becoming = new Map<ProcessHandle, Become>();
  let api: RunningProcess | null = null;
  const links = await openLinks(options, () => api?.address() ?? null, ground);
  const isReady: IsReady = (process) => {
    options.onReady(process.name);
    return process;
  };

  const { databaseStarted, databaseReady } = startDatabase(config, ground, isReady);
  const destinationsReady = startDestinations(options, ground, isReady);
  const databaseOf: DatabaseOf = async (user) =>
    openDatabaseProxy(user, (await databaseStarted).process, options, ground);

  const apiStarted = (async () => {
    await databaseStarted;
    if (!builds.api.patient) await Promise.all([databaseReady, destinationsReady]);
    const started = await startApi(options, databaseOf, ground);
    api = started.process;
    if (started.process.handle !== null) becoming.set(started.process.handle, started.become);
    return started;
  })();
  let heardBefore = 0;
  const apiReady = Promise.all([apiStarted, databaseReady]).then(async ([{ part, process }]) => {
    const identity = await greetApi(part, options.releases.api, ground);
    heardBefore = options.witness.count;
    return { process: isReady(process), identity };
  });
  const workersReady = links.workers.map(async (link) => {
    await (link.worker.patient ? apiStarted : apiReady);
    const { part, become } = await startWorker(link, options, databaseOf, ground);
    // Its time to get ready begins when the API is: else a worker would be blamed for an API that is not.
    await apiReady;
    const { generation } = link.worker;
    const release = options.releases.workers[generation] ?? config.current;
    const who = { worker: link.worker, release, patienceMs: patienceOf(config) };
    const { identity, claim } = await greetWorker(part, who, options.witness, ground);
    const process = runningProcess(part, ground);
    if (process.handle !== null) becoming.set(process.handle, become);
    return { process: { ...isReady(process), generation, index: link.index }, identity, claim };
  });

  const [database, destinations, ofApi, ...ofWorkers] = await Promise.all([
    databaseReady,
    destinationsReady,
    apiReady,
    ...workersReady,
  ]);
  const claims = ofWorkers.map(({ claim }) => claim);
  ground.departed.push(...departedAmong(claims, options.witness.after(heardBefore)));
  return {
    database,
    api: ofApi.process,
    workers: ofWorkers.map(({ process }) => process),
    customer: links.customer.url,
    byHand: links.byHand.map((link) => toldByHand(link, database, ground)),
    destinations,
    identities: [ofApi, ...ofWorkers].map(({ identity }) => identity),
    startAs: async (handle, release) => {
      const become = becoming.get(handle) as Become;
      return (await handle.become(config.schedules?.outbox, (given) => become(release, given))).build;
    },
  };
}

/** As a program on this machine is told it; it reaches the database without a proxy, since nothing is to break. */
function toldByHand(
  { name, worker, url: api }: ByHand,
  database: RunningProcess,
  { folder }: Ground,
): ToldByHand {
  const { generation, engines } = worker;
  const mysql = database.address() ?? { host: "127.0.0.1", port: 0 };
  const around = { name, mysql, api, folder, port: 0 };
  return { name, generation, engines, api, env: "url" in worker ? null : worker.env(around) };
}

/** Whoever is started, told when it is ready. */
type IsReady = <P extends { name: string }>(process: P) => P;

function startDatabase(config: Config, ground: Ground, isReady: IsReady) {
  const databaseStarted = startMysql("mysql", config.mysql, ground).then((part) => ({
    part,
    process: runningProcess(part, ground),
  }));
  const databaseReady = databaseStarted.then(async ({ part, process }) => {
    await greetMysql(part, config.mysql, ground);
    return isReady(process);
  });
  return { databaseStarted, databaseReady };
}

/** How long callers of the API wait for an answer, where the config says it. */
const patienceOf = ({ schedules }: Config): Millis | undefined =>
  schedules === undefined ? undefined : schedules.limits.requestMs * schedules.timeScale;

const imagesOf = ({ config, builds, destinations }: SystemOptions): (readonly [string, Component])[] => [
  ["mysql", config.mysql],
  ...destinations.map((name) => [`destination-${name}`, config.destinations[name] as Component] as const),
  ["api", builds.api],
  ...builds.workers,
  ...builds.later,
];
