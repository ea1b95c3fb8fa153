import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Generation } from "../../../../contracts/job.ts";
import type { WorkerComponent } from "../../../config/config.ts";
import type { Address } from "../../../destinations/destination.ts";
import { InfrastructureError, reasonOf, UsageError } from "../../../errors.ts";
import type { ExchangeEvent } from "../../../history/event.ts";
import { type Passage, startHttpProxy } from "../../../proxy/http-proxy.ts";
import type { Proxy } from "../../../proxy/way.ts";
import { exchangeOf, underWay } from "./exchange-of.ts";
import type { Ground } from "./part.ts";
import { workerRelease } from "./releases.ts";
import type { SystemOptions } from "./system.ts";
import type { HttpCaller } from "./traffic.ts";
import { wayIntoTable } from "./way-into-table.ts";

/** A link to the API of its own for each caller, so that a history can say who spoke. */
export interface Link {
  /** Base URL of the API for whoever is at the other end of this link. */
  url: string;
}

/** A worker that is to run. */
export interface Instance {
  /** Name of the process. */
  name: string;
  /** The same as schedules have it. */
  planned: string;
  /** As it stands in the config. */
  worker: WorkerComponent;
  /** The release that it begins as. */
  release: string;
  /** Which of its kind it is, from 1. */
  index: number;
}

export interface WorkerLink extends Link, Instance {
  /** What it begins as. */
  build: WorkerComponent;
}

/** The link of a worker that may be started by hand, on this machine. */
export type ByHand = Link & Pick<Instance, "name" | "worker">;

/** Opens the link to the API of one caller. */
export type OpenLink = (caller: HttpCaller, listen: { contained: boolean; port?: number }) => Promise<Link>;

/** A link leads to the API that is there when a connection is made. */
export const linksTo =
  (api: () => Address | null, options: SystemOptions, ground: Ground): OpenLink =>
  (caller, listen) =>
    openLink(caller, listen, api, options, ground);

/** All links are open before anything is started, so that a port that is taken costs no time. */
export async function openLinks(options: SystemOptions, open: OpenLink) {
  const customer = await open(
    { link: "customer->api", by: "customer", generation: null },
    { contained: false },
  );
  const workers = await Promise.all(
    instancesOf(options).map((instance) => openWorkerLink(instance, options, open)),
  );
  const byHand = await Promise.all(
    Object.entries(options.byHand).map(async ([name, worker]): Promise<ByHand> => {
      const { generation, linkPort } = worker;
      // Its own where it is the only one of its name.
      const isAlone = !options.builds.workers.has(name);
      const by = isAlone ? name : `${name}-by-hand`;
      const port = isAlone && linkPort !== undefined ? { port: linkPort } : {};
      const caller: HttpCaller = { link: "worker->api", by, generation };
      return {
        ...(await open(caller, { contained: false, ...port })),
        name: by,
        worker,
      };
    }),
  );
  return { customer, workers, byHand };
}

export async function openWorkerLink(
  instance: Instance,
  { config }: Pick<SystemOptions, "config">,
  open: OpenLink,
): Promise<WorkerLink> {
  const { name, planned, worker, release, index } = instance;
  const build = workerRelease(config, worker, release) as WorkerComponent;
  const { generation, linkPort } = build;
  // A port that the config names is the first life's.
  const isFirst = planned === plannedName(generation, index);
  const port = isFirst && linkPort !== undefined ? { port: linkPort } : {};
  const caller: HttpCaller = { link: "worker->api", by: name, generation };
  return { ...(await open(caller, { contained: "image" in build, ...port })), ...instance, build };
}

const plannedName = (generation: Generation, index: number): string => `worker-${generation}-${index}`;

/** Every worker as often as it is to run; one alone bears the config's name, several are counted. */
function instancesOf({ config, releases, builds, workers: count }: SystemOptions): Instance[] {
  return [...builds.workers].flatMap(([name, build]) => {
    if (count > 1 && "url" in build)
      throw new UsageError(`${name}: a worker that runs already is one; the schedule asks for ${count}`);
    const worker = config.workers[name] as WorkerComponent;
    const { generation } = worker;
    return Array.from({ length: count }, (_, i) => ({
      name: count === 1 ? name : `${name}-${i + 1}`,
      planned: plannedName(generation, i + 1),
      worker,
      release: releases.workers[generation] ?? config.current,
      index: i + 1,
    }));
  });
}

/** Until all are ready every exchange is heard by the witness; then the schedule that is under way records its own. */
async function openLink(
  caller: HttpCaller,
  listen: { contained: boolean; port?: number },
  api: () => Address | null,
  { stage, witness }: SystemOptions,
  ground: Ground,
): Promise<Link> {
  const address = await openProxy(`${caller.by} -> api`, listen, ground, (at) =>
    startHttpProxy({
      ...at,
      upstream: api,
      plan: (request) => {
        const way = caller.link === "worker->api" ? wayIntoTable(request.method, request.url) : null;
        // It is no call of the worker's own: it delivers, with its customer's key.
        if (way !== null) return stage.traffic?.deliveryPlan("service", { ...request, url: way }) ?? null;
        if (stage.traffic !== null) return stage.traffic.httpPlan(caller, request);
        witness.record(exchangeOf(caller, { ...request, ...underWay }, 0));
        return null;
      },
      onPassage: (passage) => {
        if (stage.traffic === null) witness.record(heard(caller, passage));
      },
    }),
  );
  return { url: `http://${address.host}:${address.port}` };
}

/** A call has no time of a schedule: what is told is how long after it the service answered a caller that had gone. */
function heard(caller: HttpCaller, passage: Passage): ExchangeEvent {
  const seen = exchangeOf(caller, passage, 0);
  return passage.status === null && passage.served !== null ? { ...seen, servedAt: passage.millis } : seen;
}

/** Of the URL to which the API sends notices. */
export const noticesPath = "/notices";

/**
 * Opens the link over which a process of the API tells of scheduled queries, and the receiver behind it, which takes all.
 *
 * @returns the URL as the process sees it
 */
export async function openNotices(
  name: string,
  contained: boolean,
  { stage }: Pick<SystemOptions, "stage">,
  ground: Ground,
): Promise<string> {
  const receiver = createServer((request, response) => {
    request.resume();
    request.once("end", () => response.writeHead(204).end());
  });
  await once(receiver.listen(0, "127.0.0.1"), "listening");
  ground.stack.defer(() => {
    receiver.closeAllConnections();
    receiver.close();
  });
  const { port } = receiver.address() as AddressInfo;
  const address = await openProxy(`${name} -> notices`, { contained }, ground, (listen) =>
    startHttpProxy({
      ...listen,
      upstream: () => ({ host: "127.0.0.1", port }),
      plan: (request) => stage.traffic?.noticePlan?.(name, request) ?? null,
      onPassage: () => {},
    }),
  );
  return `http://${address.host}:${address.port}${noticesPath}`;
}

/** Starts a proxy where its caller can reach it; it ends with the run. @returns its address as the caller sees it */
export async function openProxy(
  name: string,
  { contained, port }: { contained: boolean; port?: number },
  { network, stack }: Pick<Ground, "network" | "stack">,
  start: (listen: { host: string; port?: number }) => Promise<Proxy>,
): Promise<Address> {
  const listenOn = contained ? network.listenOn : "127.0.0.1";
  try {
    const proxy = await start({ host: listenOn, ...(port === undefined ? {} : { port }) });
    stack.defer(() => proxy.close());
    return { host: contained ? network.hostSeenFromInside : "127.0.0.1", port: proxy.port };
  } catch (error) {
    throw new InfrastructureError(
      {
        component: `link ${name}`,
        expected: `port ${port ?? "any"} of ${listenOn} to be free`,
        happened: reasonOf(error),
        next:
          port === undefined
            ? "`ip addr` shows this machine's addresses"
            : `end whoever listens there (ss -ltnp 'sport = :${port}') or change linkPort`,
      },
      error,
    );
  }
}
