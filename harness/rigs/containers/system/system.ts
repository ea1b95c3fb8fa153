import { setTimeout as delay } from "node:timers/promises";
import type { Component, Config, Surroundings, WorkerComponent } from "../../../config/config.ts";
import { UsageError } from "../../../errors.ts";
import type { Recorder } from "../../../history/recorder.ts";
import { MysqlAccess } from "../../../oracle/mysql.ts";
import { type Docker, engineTrouble } from "../docker/engine.ts";
import { greetApi, greetWeb, greetWorker, type Identity } from "./greet.ts";
import { handshake } from "./handshake.ts";
import { type Link, type LinkWish, openLink } from "./link.ts";
import { type Address, type Ground, noImage, type Part, startPart } from "./part.ts";

const goodbyeMs = 1_000;

/** The parts of one run, all ready and attested. */
export interface System {
  mysql: Part;
  destination: Part;
  web: Part;
  api: Part;
  customer: Link;
  workers: { part: Part; worker: WorkerComponent }[];
  identities: Identity[];
}

export const seenFrom = (contained: boolean, part: Part): Address => (contained ? part.inside : part.outside);

/**
 * Starts what the config names in the order of need: databases and destinations, then the API, then the workers. What
 * the config calls patient is started before that which it needs is ready.
 */
export async function startSystem(
  config: Config,
  release: string,
  ground: Ground,
  recorder: Recorder,
  onReady: (name: string) => void,
): Promise<System> {
  const apiComponent = config.api[release];
  if (apiComponent === undefined) {
    throw new UsageError(
      `no API release ${release} in the config; it has ${Object.keys(config.api).join(", ")}`,
    );
  }
  const named: NamedComponent[] = [
    ["mysql", config.mysql],
    ["destination-mysql", config.destinations.mysql],
    ["destination-web", config.destinations.web],
    ["api", apiComponent],
    ...Object.entries(config.workers),
  ];
  await findImages(named, ground.docker);
  let apiAddress: Address | null = null;
  const links = await openLinks(config, () => apiAddress, ground, recorder);
  const ready = (part: Part): Part => {
    recorder.record({
      kind: "component",
      component: part.name,
      what: "ready",
      detail: part.imageId ?? "not an image",
    });
    onReady(part.name);
    void part.exited?.then((how) => ground.onExit(part.name, how, part));
    return part;
  };
  const mysqlStarted = startMysqlPart("mysql", config.mysql, ground);
  const mysqlReady = mysqlStarted.then((part) => greetMysql(part, config.mysql, ground)).then(ready);
  const destinationsReady = Promise.all([
    startMysql("destination-mysql", config.destinations.mysql, ground).then(ready),
    startWeb(config.destinations.web, ground).then(ready),
  ]);
  const around = (name: string, mysql: Part, api: string) => (contained: boolean, port: number) => ({
    name,
    port,
    mysql: seenFrom(contained, mysql),
    api,
    folder: ground.folder,
  });

  const apiStarted = (async () => {
    const mysql = await mysqlStarted;
    if (!apiComponent.patient) await Promise.all([mysqlReady, destinationsReady]);
    const env = envOf(apiComponent, around("api", mysql, ""));
    const part = await startPart("api", apiComponent, { listens: true, env }, ground);
    apiAddress = part.outside;
    return part;
  })();
  const apiReady = Promise.all([apiStarted, mysqlReady]).then(async ([part]) => {
    const identity = await greetApi(part, release, ground);
    return { part: ready(part), identity };
  });
  const workersReady = links.workers.map(async ({ name, worker, link }) => {
    await (worker.patient ? apiStarted : apiReady);
    const env = envOf(worker, around(name, await mysqlStarted, link.url));
    const part = await startPart(name, worker, { listens: false, env }, ground);
    // Its time to get ready begins when the API is: else a worker would be blamed for an API that is not.
    await apiReady;
    const identity = await greetWorker(part, { worker, release: name }, recorder, ground);
    return { part: ready(part), worker, identity };
  });

  const [mysql, [destination, web], api, ...workers] = await Promise.all([
    mysqlReady,
    destinationsReady,
    apiReady,
    ...workersReady,
  ]);
  const identities = [api, ...workers].map(({ identity }) => identity);
  return { mysql, destination, web, api: api.part, customer: links.customer, workers, identities };
}

type NamedComponent = readonly [name: string, component: Component];

/** A missing image is told before anything is started. */
export async function findImages(components: readonly NamedComponent[], docker: Docker): Promise<void> {
  for (const [name, component] of components) {
    if (!("image" in component)) continue;
    try {
      await docker.getImage(component.image).inspect();
    } catch (error) {
      const missing = (error as { statusCode?: number }).statusCode === 404;
      throw missing ? noImage(name, component.image) : engineTrouble("it to answer", error);
    }
  }
}

/** All links are open before anything is started, so that a port that is taken costs no time. */
async function openLinks(config: Config, api: () => Address | null, ground: Ground, recorder: Recorder) {
  const open = (wish: Omit<LinkWish, "api">) => openLink({ ...wish, api }, ground, recorder);
  const customer = await open({ from: "customer", generation: null, contained: false });
  const workers = await Promise.all(
    Object.entries(config.workers).map(async ([name, worker]) => {
      const { generation, linkPort } = worker;
      const port = linkPort === undefined ? {} : { port: linkPort };
      const link = await open({ from: name, generation, contained: "image" in worker, ...port });
      return { name, worker, link };
    }),
  );
  return { customer, workers };
}

export const envOf =
  (component: Component, around: (contained: boolean, port: number) => Surroundings) =>
  ({ contained, port }: { contained: boolean; port: number }): Record<string, string> =>
    "env" in component ? component.env(around(contained, port)) : {};

type MysqlComponent = Config["mysql"] | Config["destinations"]["mysql"];

export async function startMysql(name: string, component: MysqlComponent, ground: Ground): Promise<Part> {
  return greetMysql(await startMysqlPart(name, component, ground), component, ground);
}

/** Resolves when the server has an address, which is before it answers. */
function startMysqlPart(name: string, component: MysqlComponent, ground: Ground): Promise<Part> {
  const files: Record<string, string> =
    component.init === undefined ? {} : { "/interlock/init.sql": component.init };
  const env = envOf(component, (_, port) => ({
    name,
    port,
    mysql: { host: "", port },
    api: "",
    folder: ground.folder,
  }));
  return startPart(name, component, { listens: true, port: 3306, files, env }, ground);
}

async function greetMysql(part: Part, { oracle }: MysqlComponent, ground: Ground): Promise<Part> {
  const access = new MysqlAccess(part.outside, oracle);
  try {
    await handshake(part, `the account ${oracle.user} to log in and get an answer`, ground, () =>
      access.query("SELECT 1"),
    );
  } finally {
    await leave(access);
  }
  return part;
}

/** Says goodbye to a server; one that does not hear it is not waited for. */
export const leave = (access: MysqlAccess): Promise<unknown> =>
  Promise.race([access.end().catch(() => {}), delay(goodbyeMs, undefined, { ref: false })]);

export async function startWeb(component: Component, ground: Ground): Promise<Part> {
  const env = envOf(component, (_, port) => ({
    name: "destination-web",
    port,
    mysql: { host: "", port: 0 },
    api: "",
    folder: ground.folder,
  }));
  const part = await startPart("destination-web", component, { listens: true, env }, ground);
  await greetWeb(part, ground);
  return part;
}
