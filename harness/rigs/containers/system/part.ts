import { join } from "node:path";
import type { Component, Surroundings } from "../../../config/config.ts";
import type { Address } from "../../../destinations/destination.ts";
import { InfrastructureError, reasonOf, UsageError } from "../../../errors.ts";
import type { ExchangeEvent } from "../../../history/event.ts";
import { setup } from "../../../installation.ts";
import { freePort, startCommand } from "../docker/command.ts";
import { startImage } from "../docker/container.ts";
import type { Docker } from "../docker/engine.ts";
import type { Disk } from "../docker/files-in.ts";
import { LogFile } from "../docker/log-file.ts";
import type { Watched } from "../docker/machine-watch.ts";
import type { NameWatch } from "../docker/name-watch.ts";
import type { RunNetwork } from "../docker/network.ts";
import { componentLabel, type Owner, ownerLabels } from "../docker/owner.ts";
import type { Pauses } from "../docker/pauses.ts";
import { openRelay } from "../docker/relay.ts";
import { type Checkouts, folderOf } from "./checkouts.ts";

/** What every part of one run is started with. */
export interface Ground {
  docker: Docker;
  network: RunNetwork;
  owner: Owner;
  /** The run's folder, for logs and notes. */
  folder: string;
  redact: (text: string) => string;
  readyMs: number;
  /** What has to be closed or ended, besides containers and logs. */
  stack: AsyncDisposableStack;
  /** Logs end when what they follow has ended, so they are closed last. */
  logs: LogFile[];
  /** Starts of containers, finished or not. */
  starting: Promise<unknown>[];
  /** Components of which the use of the machine is measured. */
  watched: Watched[];
  pauses: Pauses;
  checkouts: Checkouts;
  /** Records lookups of names that no component of the run has; null where they cannot be recorded. */
  names: NameWatch | null;
  /** What the API answered against its contract before any schedule was under way. */
  departed: ExchangeEvent[];
  /** Components that wrote a secret to their logs. */
  telltales: Set<string>;
  /** The image of each part that is a container, by content. */
  images: Map<string, string>;
  /** Told when a part that was ready ends; one that ends before is told by its handshake. */
  onExit: (name: string, how: string, part: Part) => void;
  /** Aborted when the run is being taken down: from then on nothing is started. */
  over?: AbortSignal;
}

/** A component of the run that has been started, and is not necessarily ready yet. */
export interface Part {
  name: string;
  /** Where this process finds it. */
  outside: Address;
  /** Where a container of the run finds it. */
  inside: Address;
  /** Whether it runs on the run's own network, and so sees the others by their inside addresses. */
  contained: boolean;
  imageId: string | null;
  /** Null where it does not run in a container of this run. */
  containerId: string | null;
  /** Of a program of this run; null where it is none. */
  pid: number | null;
  /** The digest that the image's maker wrote on it; null where there is none. */
  labelledDigest: string | null;
  exited: Promise<string> | null;
  /** The last lines of its log; complete once it has exited. */
  tail: readonly string[];
  /** Its whole log; null where it runs already and keeps its own. */
  log: string | null;
}

/** What a part is told, worked out for the place where it runs. */
export interface PartOptions {
  env: (from: { contained: boolean; port: number }) => Record<string, string>;
  files?: Record<string, string>;
  /** False for a part that only calls and listens nowhere. */
  listens: boolean;
  /** Port inside an image where it is not the component's own to say. */
  port?: number;
  /** What a container finds on its disk besides its image. */
  disk?: Disk | undefined;
  /** Name of its log, where that is not its own. */
  log?: string;
}

/** Where whoever runs on the run's own network, or outside of it, finds a part. */
export const seenFrom = (contained: boolean, part: Pick<Part, "inside" | "outside">): Address =>
  contained ? part.inside : part.outside;

/** The environment that the config gives a component, by what the component is told of its surroundings. */
export const envFor =
  (component: Component, around: Omit<Surroundings, "port">): PartOptions["env"] =>
  ({ port }) =>
    "env" in component ? component.env({ ...around, port }) : {};

export async function startPart(
  name: string,
  component: Component,
  options: PartOptions,
  ground: Ground,
): Promise<Part> {
  ground.over?.throwIfAborted();
  if ("url" in component) return runningPart(name, component.url, options, ground);
  const path = join(ground.folder, "logs", `${options.log ?? name}.log`);
  const log = new LogFile(path, ground.redact, () => ground.telltales.add(name));
  ground.logs.push(log);
  const start = "image" in component ? startContained : startProcess;
  try {
    const started = await start(name, component as never, options, ground, log);
    if (started.imageId !== null) ground.images.set(name, started.imageId);
    const exited = started.exited.then(async (how) => {
      await log.settled();
      return how;
    });
    return { ...started, name, exited, tail: log.tail, log: path };
  } catch (error) {
    await log.settled();
    throw notStarted(name, component, error, { tail: log.tail, path });
  }
}

type Started = Pick<
  Part,
  "outside" | "inside" | "contained" | "imageId" | "containerId" | "pid" | "labelledDigest"
> & {
  exited: Promise<string>;
};

async function startContained(
  name: string,
  component: Extract<Component, { image: string }>,
  options: PartOptions,
  ground: Ground,
  log: LogFile,
): Promise<Started> {
  const { docker, network, owner, readyMs } = ground;
  const port = options.port ?? component.port;
  const started = await startImage(docker, {
    name,
    image: component.image,
    ...(component.command === undefined ? {} : { command: component.command }),
    env: options.env({ contained: true, port }),
    labels: { ...ownerLabels(owner), [componentLabel]: name },
    network,
    port: options.listens ? port : null,
    files: options.files ?? {},
    disk: options.disk,
    log,
    starting: ground.starting,
    startMs: readyMs,
  });
  return {
    outside: started.at,
    inside: { host: name, port },
    contained: true,
    imageId: started.imageId,
    containerId: started.id,
    pid: null,
    labelledDigest: started.imageLabels["interlock.digest"] ?? null,
    exited: started.exited,
  };
}

async function startProcess(
  name: string,
  component: Extract<Component, { command: string[] }>,
  options: PartOptions,
  ground: Ground,
  log: LogFile,
): Promise<Started> {
  const port = options.listens ? await freePort() : 0;
  const env = options.env({ contained: false, port });
  const inside = await seenFromInside({ host: "127.0.0.1", port }, options, ground);
  ground.over?.throwIfAborted();
  const cwd = folderOf(component, ground.checkouts);
  const running = await startCommand(name, component.command, env, ground, log, cwd);
  ground.stack.defer(() => running.stop());
  return {
    outside: { host: "127.0.0.1", port },
    inside,
    contained: false,
    imageId: null,
    containerId: null,
    pid: running.pid,
    labelledDigest: null,
    exited: running.exited,
  };
}

async function runningPart(name: string, text: string, options: PartOptions, ground: Ground): Promise<Part> {
  const url = new URL(text);
  const outside = {
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: Number(url.port) || (url.protocol === "mysql:" ? 3306 : 80),
  };
  return {
    name,
    outside,
    inside: await seenFromInside(outside, options, ground),
    contained: false,
    imageId: null,
    containerId: null,
    pid: null,
    labelledDigest: null,
    exited: null,
    tail: [],
    log: null,
  };
}

/** What containers cannot call, this machine's loopback and what is beyond an internal network, gets a relay at the gateway. */
async function seenFromInside(outside: Address, options: PartOptions, ground: Ground): Promise<Address> {
  const local = ["localhost", "127.0.0.1", "::1"].includes(outside.host);
  if (!options.listens || !(local || ground.network.isInternal)) return outside;
  const relay = await openRelay(ground.network.listenOn, outside);
  ground.stack.defer(() => relay.close());
  return { host: ground.network.hostSeenFromInside, port: relay.port };
}

function notStarted(
  name: string,
  component: Component,
  error: unknown,
  log: { tail: readonly string[]; path: string },
): Error {
  if (error instanceof UsageError || error instanceof InfrastructureError) return error;
  const image = "image" in component ? component.image : null;
  const reason = reasonOf(error);
  if (image !== null && /does not exist locally|No such image/i.test(reason)) return noImage(name, image);
  const byHand = image === null ? "run its command by hand" : `docker run --rm ${image}`;
  return new InfrastructureError(
    {
      component: name,
      expected: "it to start and stay up",
      happened: reason,
      log: log.tail,
      next: log.tail.length === 0 ? byHand : `read ${log.path}, its whole log`,
    },
    error,
  );
}

export const noImage = (component: string, image: string): InfrastructureError =>
  new InfrastructureError({
    component,
    expected: `the image ${image} on this machine`,
    happened: "there is no such image",
    next: setup.images,
  });
