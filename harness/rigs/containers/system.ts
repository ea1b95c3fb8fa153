import { setTimeout as delay } from "node:timers/promises";
import type { Component, Config, Surroundings, WorkerComponent } from "../../config.ts";
import { UsageError } from "../../errors.ts";
import type { Recorder } from "../../history/recorder.ts";
import { MysqlAccess } from "../../oracle/mysql.ts";
import { type Docker, engineTrouble } from "./engine.ts";
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

/** Starts what the config names in the order of need: databases and destinations, then the API, then the workers. */
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
  await findImages(config, apiComponent, ground.docker);
  let api: Part | undefined;
  const upstream = () => {
    if (api === undefined) throw new Error("the API is not there yet");
    return api.outside;
  };
  const links = await openLinks(config, upstream, ground, recorder);
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
  const [mysql, destination, web] = await Promise.all([
    startMysql("mysql", config.mysql, ground).then(ready),
    startMysql("destination-mysql", config.destinations.mysql, ground).then(ready),
    startWeb(config.destinations.web, ground).then(ready),
  ]);
  const around = (name: string, api: string) => (contained: boolean, port: number) => ({
    name,
    port,
    mysql: seenFrom(contained, mysql),
    api,
    folder: ground.folder,
  });

  const wish = { listens: true, env: envOf(apiComponent, around("api", "")) };
  api = await startPart("api", apiComponent, wish, ground);
  const identities = [await greetApi(api, release, ground)];
  ready(api);

  const workers = await Promise.all(
    links.workers.map(async ({ name, worker, link }) => {
      const env = envOf(worker, around(name, link.url));
      const part = await startPart(name, worker, { listens: false, env }, ground);
      identities.push(await greetWorker(part, worker, recorder, ground));
      return { part: ready(part), worker };
    }),
  );
  return { mysql, destination, web, api, customer: links.customer, workers, identities };
}

/** A missing image is told before anything is started. */
async function findImages(config: Config, api: Component, docker: Docker): Promise<void> {
  const components: [string, Component][] = [
    ["mysql", config.mysql],
    ["destination-mysql", config.destinations.mysql],
    ["destination-web", config.destinations.web],
    ["api", api],
    ...Object.entries(config.workers),
  ];
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
async function openLinks(config: Config, api: () => Address, ground: Ground, recorder: Recorder) {
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

export async function startMysql(
  name: string,
  component: Config["mysql"] | Config["destinations"]["mysql"],
  ground: Ground,
): Promise<Part> {
  const files: Record<string, string> =
    component.init === undefined ? {} : { "/interlock/init.sql": component.init };
  const env = envOf(component, (_, port) => ({
    name,
    port,
    mysql: { host: "", port },
    api: "",
    folder: ground.folder,
  }));
  const part = await startPart(name, component, { listens: true, port: 3306, files, env }, ground);
  const access = new MysqlAccess(part.outside, component.oracle);
  try {
    await handshake(part, `the account ${component.oracle.user} to log in and get an answer`, ground, () =>
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

async function startWeb(component: Component, ground: Ground): Promise<Part> {
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
