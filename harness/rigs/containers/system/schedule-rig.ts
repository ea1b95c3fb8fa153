import type { Generation } from "../../../../contracts/job.ts";
import type { Component, Config, WorkerComponent } from "../../../config/config.ts";
import { UsageError } from "../../../errors.ts";
import { exchangeOf } from "../schedule/exchange-of.ts";
import { MysqlAccess } from "../../../oracle/mysql.ts";
import { startHttpProxy } from "../../../proxy/http-proxy.ts";
import { startMysqlProxy } from "../../../proxy/mysql-proxy.ts";
import type { ProcessName, Schedule } from "../../../schedule/schedule.ts";
import { apiRelease, type Released, workerRelease } from "./find-releases.ts";
import { greetApi, greetWorker, type Identity } from "./greet.ts";
import { openLink, openProxy } from "./link.ts";
import { type GroundWish, openGround } from "./open-ground.ts";
import { type Address, type Ground, type Part, type PartWish, startPart } from "./part.ts";
import { ProcessHandle } from "./process-handle.ts";
import type { HttpCaller, ScheduleLife } from "../schedule/schedule-life.ts";
import { envOf, findImages, startMysql, startWeb } from "./system.ts";

/** What a rig for schedules is made of. */
export interface ScheduleRigWish extends Omit<GroundWish, "readyMs"> {
  config: Config;
  releases: Schedule["releases"];
  builds: Released;
  /** Workers of each generation: the most that a schedule on this rig may ask for. */
  workers: number;
}

export type Schedules = NonNullable<Config["schedules"]>;

/** A system in containers with a fault proxy on every link, on which one schedule after the other is run. */
export interface ScheduleRig extends AsyncDisposable {
  config: Config;
  schedules: Schedules;
  releases: Schedule["releases"];
  identities: readonly Identity[];
  /** Rejects when a process ends that nobody killed, or when the run is stopped from outside. */
  trouble: Promise<never>;
  /** Base URL of the API for the customer. */
  customer: string;
  workers: readonly { name: string; generation: Generation; handle: ProcessHandle }[];
  handle(name: Exclude<ProcessName, "worker">): ProcessHandle;
  /** Starts a process that is dead as another release of its component, with the reports that it had kept. */
  startAs(handle: ProcessHandle, release: string): Promise<void>;
  /** The web destination as workers of a generation reach it: host and port. */
  destination: (generation: Generation) => string;
  /** Base URL of the web destination without a proxy before it, for the oracle alone. */
  web: string;
  /** Where the API is without a proxy before it, for the oracle alone. */
  api: () => Address | null;
  /** The oracle's own way into the database; a new one after the database was started again. */
  oracle: () => MysqlAccess;
  loader: () => MysqlAccess;
  /** The schedule that is run; null between two. */
  life: ScheduleLife | null;
  /** How many schedules were run. */
  count: number;
  /** Why no further schedule can be run on it; null while one can. */
  dirty: Error | null;
}

export async function startScheduleRig(wish: ScheduleRigWish): Promise<ScheduleRig> {
  const { config, releases, recorder } = wish;
  const { schedules } = config;
  if (schedules === undefined)
    throw new UsageError("the config has no `schedules`: time scale, limits, effects");
  const open = await openGround({
    ...wish,
    readyMs: config.limits.readyMs,
  });
  const handles = new Map<string, ProcessHandle>();
  const rig: Pick<ScheduleRig, "life"> & { starting: boolean } = { life: null, starting: true };
  const { ground } = open;
  const handleOf = (part: Part) => {
    const handle = new ProcessHandle(part, ground);
    handles.set(part.name, handle);
    return handle;
  };
  try {
    const build = buildSystem({ ...wish, schedules }, ground, rig, handleOf);
    ground.starting.push(build);
    const system = await Promise.race([build, open.trouble]);
    rig.starting = false;
    recorder.record({
      kind: "component",
      component: "rig",
      what: "ready",
      detail: `${handles.size} processes`,
    });
    return Object.assign(rig, {
      config,
      schedules,
      releases,
      ...system,
      trouble: open.trouble,
      handle: (name: string) => handles.get(name === "database" ? "mysql" : name) as ProcessHandle,
      count: 0,
      dirty: null,
      [Symbol.asyncDispose]: () => open[Symbol.asyncDispose](),
    });
  } catch (error) {
    await open[Symbol.asyncDispose]();
    throw error;
  }
}

/** What the part of a later life is given of the earlier ones. */
type Given = Pick<PartWish, "disk" | "log">;
/** Starts the part of a later life as another release. */
type Become = (release: string, given: Given) => Promise<Part>;
type Running = Pick<ScheduleRig, "life"> & { starting: boolean };

async function buildSystem(
  wish: ScheduleRigWish & { schedules: Schedules },
  ground: Ground,
  rig: Running,
  handleOf: (part: Part) => ProcessHandle,
) {
  const { config, releases, recorder, schedules } = wish;
  const { api: component, workers: builds } = wish.builds;
  const named = [...builds].map(([generation, build]) => [`worker-${generation}`, build] as const);
  const web = config.destinations.web;
  const others = [
    ["mysql", config.mysql],
    ["destination-web", web],
    ["api", component],
  ] as const;
  await findImages([...others, ...named, ...wish.builds.later], ground.docker);
  const [mysql, sink] = await Promise.all([
    startMysql("mysql", config.mysql, ground).then(handleOf),
    startWeb(web, ground),
  ]);
  void sink.exited?.then((how) => ground.onExit(sink.name, how, sink));
  const toSink = async ([generation, build]: readonly [Generation, WorkerComponent]) => {
    const name = `worker-${generation} -> ${sink.name}`;
    const { host, port } = await openProxy(name, { contained: "image" in build }, ground, (listen) =>
      startHttpProxy({
        ...listen,
        upstream: () => sink.outside,
        plan: (request) => rig.life?.deliveryPlan(request) ?? null,
        onPassage: () => {},
      }),
    );
    return [generation, `${host}:${port}`] as const;
  };
  const destinations = new Map(await Promise.all([...builds].map(toSink)));
  const database = (name: string, link: "api->database" | "worker->warehouse", contained: boolean) =>
    openProxy(`${name} -> mysql`, { contained }, ground, (listen) =>
      startMysqlProxy({
        ...listen,
        upstream: () => mysql.address,
        unit: link === "api->database" ? "transaction" : "connection",
        effects: schedules.effects,
        plan: (call) =>
          call.operation === "session" ? null : (rig.life?.mysqlPlan(link, name, call) ?? null),
      }),
    );
  const toApi = async (caller: HttpCaller, contained: boolean, api: () => Address | null) => {
    const { generation } = caller;
    const from = { from: caller.by, generation, contained, api };
    return openLink(
      {
        ...from,
        plan: (request) => rig.life?.httpPlan(caller, request) ?? null,
        // Until all are ready everything is on record: a worker is known by its first claim.
        onPassage: (passage) => {
          if (rig.starting) recorder.record(exchangeOf({ link: `${caller.by} -> api`, generation }, passage));
        },
      },
      ground,
      recorder,
    );
  };

  const contained = "image" in component;
  const apiMysql = await database("api", "api->database", contained);
  const around = { name: "api", mysql: apiMysql, api: "", folder: ground.folder };
  const startApi = async (build: Component, release: string, given: Given = {}) => {
    const env = envOf(build, (_, port) => ({ ...around, port }));
    const part = await startPart("api", build, { ...given, listens: true, env }, ground);
    return { part, identity: await greetApi(part, release, ground) };
  };
  const { part: apiPart, identity } = await startApi(component, releases.api);
  const identities = [identity];
  const api = handleOf(apiPart);
  const becoming = new Map<ProcessHandle, Become>();
  becoming.set(api, async (release, given) => {
    const { part } = await startApi(apiRelease(config, release) as Component, release, given);
    return part;
  });
  const customer = await toApi(
    { link: "customer->api", by: "customer", generation: null },
    false,
    () => api.address,
  );

  const startWorker = async (name: string, worker: WorkerComponent) => {
    const { generation } = worker;
    const isContained = "image" in worker;
    const release = releases.workers[generation] ?? config.current;
    const link = await toApi({ link: "worker->api", by: name, generation }, isContained, () => api.address);
    const warehouse = await database(name, "worker->warehouse", isContained);
    const told = { name, mysql: warehouse, api: link.url, folder: ground.folder };
    const startBuild = (build: WorkerComponent, given: Given = {}) => {
      const env = envOf(build, (_, port) => ({ ...told, port }));
      return startPart(name, build, { ...given, listens: false, env }, ground);
    };
    const part = await startBuild(worker);
    identities.push(await greetWorker(part, { worker, release }, recorder, ground));
    const handle = handleOf(part);
    becoming.set(handle, (other, given) =>
      startBuild(workerRelease(config, generation, other) as WorkerComponent, given),
    );
    return { name, generation, handle };
  };
  const workers = await Promise.all(
    [...builds].flatMap(([generation, build]) =>
      Array.from({ length: wish.workers }, (_, i) => startWorker(`worker-${generation}-${i + 1}`, build)),
    ),
  );
  const access = (account: { user: string; password: string }) => lastingAccess(mysql, account, ground);
  return {
    identities,
    customer: customer.url,
    workers,
    destination: (generation: Generation) => destinations.get(generation) ?? "",
    web: `http://${sink.outside.host}:${sink.outside.port}`,
    api: () => api.address,
    oracle: access(config.mysql.oracle),
    loader: access(config.mysql.loader),
    startAs: (handle: ProcessHandle, release: string) =>
      handle.become(schedules.outbox, (given) => (becoming.get(handle) as Become)(release, given)),
  };
}

/** An account's way into a server whose port changes when it is started again. */
function lastingAccess(
  mysql: ProcessHandle,
  account: { user: string; password: string },
  { stack }: Ground,
): () => MysqlAccess {
  let port = 0;
  let access: MysqlAccess | null = null;
  const leave = async (): Promise<void> => access?.end().catch(() => {});
  stack.defer(leave);
  return () => {
    const where = mysql.address;
    if (access !== null && (where === null || where.port === port)) return access;
    void leave();
    port = where?.port ?? 0;
    access = new MysqlAccess(where ?? { host: "127.0.0.1", port }, account);
    return access;
  };
}
