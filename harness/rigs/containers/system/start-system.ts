import type { Millis } from "../../../../contracts/values.ts";
import type { Component, Config } from "../../../config/config.ts";
import { apisOf } from "../../../schedule/schedule.ts";
import { laterLife } from "../../later-life.ts";
import { startDestinations } from "./destinations.ts";
import { findImages } from "./find-images.ts";
import { departedAmong, greetApi, greetWorker, type Identity } from "./greet.ts";
import { type ByHand, linksTo, type OpenLink, openLinks, openWorkerLink, type WorkerLink } from "./link.ts";
import { greetMysql, startMysql } from "./mysql.ts";
import type { Ground, Part } from "./part.ts";
import { asStarted, type DatabaseOf, openDatabaseProxy, Seats, startApi, startWorker } from "./processes.ts";
import { type RunningProcess, runningProcess } from "./running-process.ts";
import type { Beside, RunningWorker, System, SystemOptions, ToldByHand } from "./system.ts";

/**
 * Starts what the schedule needs in the order of need: database and destinations, then the API, then the workers. What
 * the config calls patient is started before that which it needs is ready. Every link has a fault proxy.
 */
export async function startSystem(options: SystemOptions, ground: Ground): Promise<System> {
  const { config, builds } = options;
  await findImages(imagesOf(options), ground.docker);
  const seats = new Seats();
  let api: RunningProcess | null = null;
  const open = linksTo(() => api?.address() ?? null, options, ground);
  const links = await openLinks(options, open);
  const isReady: IsReady = (process) => {
    options.onReady(process.name);
    return process;
  };

  const { databaseStarted, databaseReady } = startDatabase(config, ground, isReady);
  const destinationsReady = startDestinations(options, ground, isReady);
  const databaseOf: DatabaseOf = async (user) =>
    openDatabaseProxy(user, (await databaseStarted).process, options, ground);
  let heardBefore: number | null = null;
  const { apiStarted, apiReady, apisReady } = startApis(options, databaseOf, seats, ground, {
    mayStart: async () => {
      await databaseStarted;
      if (!builds.api.patient) await Promise.all([databaseReady, destinationsReady]);
    },
    mayAnswer: databaseReady,
    onStarted: (first) => {
      api ??= first;
    },
    onReady: (first) => {
      heardBefore ??= options.witness.count;
      return isReady(first);
    },
  });
  const seated = seatingOf(seats, open, databaseOf, options, ground);
  const workersReady = links.workers.map(async (link) => {
    await (link.build.patient ? apiStarted : apisReady);
    const { part, seat } = await seated(link);
    // Its time to get ready begins when the API is: else a worker would be blamed for an API that is not.
    await apiReady;
    const who = { worker: link.build, release: link.release, patienceMs: patienceOf(config) };
    const { identity, claim } = await greetWorker(part, who, options.witness, ground);
    return { process: isReady(seat()), identity, claim };
  });

  const [database, destinations, ofApis, ...ofWorkers] = await Promise.all([
    databaseReady,
    destinationsReady,
    apisReady,
    ...workersReady,
  ]);
  const claims = ofWorkers.map(({ claim }) => claim);
  ground.departed.push(...departedAmong(claims, options.witness.after(heardBefore ?? 0)));
  return {
    database,
    api: (ofApis[0] as Ready).process,
    apis: ofApis.map(({ process }) => process),
    workers: ofWorkers.map(({ process }) => process),
    customer: links.customer.url,
    byHand: links.byHand.map((link) => toldByHand(link, database, ground)),
    destinations,
    identities: [...ofApis, ...ofWorkers].map(({ identity }) => identity),
    releaseOf: (handle) => seats.releaseOf(handle),
    startAs: (handle, release) => seats.startAs(handle, release, config.schedules?.outbox),
    startBeside: (handle, release) => seats.startBeside(handle, release),
  };
}

interface Ready {
  process: RunningProcess;
  identity: Identity;
}

interface ApiCues {
  /** Resolves when the first may be started. */
  mayStart: () => Promise<unknown>;
  /** The same when it can be expected to answer. */
  mayAnswer: Promise<unknown>;
  onStarted: (process: RunningProcess) => void;
  onReady: (process: RunningProcess) => RunningProcess;
}

/** Starts the processes of the API one after the other, so that each finds the database as the one before has left it. */
function startApis(
  options: SystemOptions,
  databaseOf: DatabaseOf,
  seats: Seats,
  ground: Ground,
  { mayStart, mayAnswer, onStarted, onReady }: ApiCues,
) {
  const start = async ([name, release]: readonly [string, string]) => {
    const { part, process, become } = await startApi(name, release, options, databaseOf, ground);
    seats.put(process, { release, become, beside: null });
    onStarted(process);
    const ready = async (): Promise<Ready> => {
      await mayAnswer;
      const identity = await greetApi(part, release, ground);
      return { process: onReady(process), identity };
    };
    return { ready };
  };
  const [, ...others] = apisOf(options.releases);
  const apiStarted = mayStart().then(() => start(["api", options.releases.api]));
  const apiReady = apiStarted.then(({ ready }) => ready());
  const apisReady = others.reduce<Promise<Ready[]>>(
    async (before, other) => {
      const ready = await before;
      return [...ready, await (await start(other)).ready()];
    },
    apiReady.then((ready) => [ready]),
  );
  return { apiStarted, apiReady, apisReady };
}

/** A worker that was started. It runs as one of the system once it is seated; until then whoever greets it tells of its end. */
interface Seated {
  part: Part;
  seat: () => RunningWorker;
}

/** Starts workers at their links, each with a way to begin its next life beside it. */
function seatingOf(
  seats: Seats,
  open: OpenLink,
  databaseOf: DatabaseOf,
  options: SystemOptions,
  ground: Ground,
): (link: WorkerLink) => Promise<Seated> {
  const seated = async (link: WorkerLink): Promise<Seated> => {
    const { name, planned, worker: configured, release, index } = link;
    const { part, become } = await startWorker(link, options, databaseOf, ground);
    const { generation } = configured;
    const beside = async (later: string): Promise<Beside> => {
      const names = { name: laterLife(name), planned: laterLife(planned) };
      const next = { ...names, worker: configured, release: later, index };
      const found = await seated(await openWorkerLink(next, options, open));
      return { worker: found.seat(), build: asStarted(found.part, later) };
    };
    const seat = () => {
      const worker = { ...runningProcess(part, ground), generation, index, planned };
      seats.put(worker, { release, become, beside });
      return worker;
    };
    return { part, seat };
  };
  return seated;
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
  ...builds.beside,
  ...builds.workers,
  ...builds.later,
];
