import { join } from "node:path";
import pRetry, { AbortError } from "p-retry";
import type { Component } from "../../config.ts";
import { InfrastructureError, reasonOf, UsageError } from "../../errors.ts";
import { freePort, startCommand } from "./command.ts";
import { startImage } from "./container.ts";
import type { Docker } from "./engine.ts";
import { LogFile } from "./log-file.ts";
import type { RunNetwork } from "./network.ts";
import { componentLabel, type Owner, ownerLabels } from "./owner.ts";

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
  onExit: (name: string, how: string) => void;
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
  /** The digest that the image's maker wrote on it; null where there is none. */
  labelledDigest: string | null;
  exited: Promise<string> | null;
  tail: readonly string[];
}

export interface Address {
  host: string;
  port: number;
}

/** What a part is told, worked out for the place where it runs. */
export interface PartWish {
  env: (from: { contained: boolean; port: number }) => Record<string, string>;
  files?: Record<string, string>;
  /** False for a part that only calls and listens nowhere. */
  listens: boolean;
  /** Port inside an image where it is not the component's own to say. */
  port?: number;
}

export async function startPart(
  name: string,
  component: Component,
  wish: PartWish,
  ground: Ground,
): Promise<Part> {
  if ("url" in component) return runningPart(name, component.url, ground.network);
  const log = new LogFile(join(ground.folder, "logs", `${name}.log`), ground.redact);
  ground.logs.push(log);
  const part = "image" in component ? startContained : startProcess;
  try {
    const started = await part(name, component as never, wish, ground, log);
    void started.exited?.then((how) => ground.onExit(name, how));
    return started;
  } catch (error) {
    throw notStarted(name, component, error, log);
  }
}

async function startContained(
  name: string,
  component: Extract<Component, { image: string }>,
  wish: PartWish,
  ground: Ground,
  log: LogFile,
): Promise<Part> {
  const { docker, network, owner } = ground;
  const port = wish.port ?? component.port;
  const started = await startImage(docker, {
    name,
    image: component.image,
    ...(component.command === undefined ? {} : { command: component.command }),
    env: wish.env({ contained: true, port }),
    labels: { ...ownerLabels(owner), [componentLabel]: name },
    network: network.name,
    port: wish.listens ? port : null,
    files: wish.files ?? {},
    log,
    starting: ground.starting,
  });
  return {
    name,
    outside: { host: "127.0.0.1", port: started.port },
    inside: { host: name, port },
    contained: true,
    imageId: started.imageId,
    labelledDigest: started.imageLabels["interlock.digest"] ?? null,
    exited: started.exited,
    tail: log.tail,
  };
}

async function startProcess(
  name: string,
  component: Extract<Component, { command: string[] }>,
  wish: PartWish,
  ground: Ground,
  log: LogFile,
): Promise<Part> {
  const port = wish.listens ? await freePort() : 0;
  const env = wish.env({ contained: false, port });
  const running = await startCommand(name, component.command, env, ground, log);
  ground.stack.defer(() => running.stop());
  return {
    name,
    outside: { host: "127.0.0.1", port },
    inside: { host: ground.network.hostSeenFromInside, port },
    contained: false,
    imageId: null,
    labelledDigest: null,
    exited: running.exited,
    tail: log.tail,
  };
}

function runningPart(name: string, text: string, network: RunNetwork): Part {
  const url = new URL(text);
  const port = Number(url.port) || (url.protocol === "mysql:" ? 3306 : 80);
  const local = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  return {
    name,
    outside: { host: url.hostname, port },
    inside: { host: local ? network.hostSeenFromInside : url.hostname, port },
    contained: false,
    imageId: null,
    labelledDigest: null,
    exited: null,
    tail: [],
  };
}

function notStarted(name: string, component: Component, error: unknown, log: LogFile): Error {
  if (error instanceof UsageError || error instanceof InfrastructureError) return error;
  const reason = reasonOf(error);
  const image = "image" in component ? component.image : null;
  if (image !== null && /does not exist locally|No such image/i.test(reason)) {
    return new InfrastructureError({
      component: name,
      expected: `the image ${image} on this machine`,
      happened: "there is no such image",
      next: "build or pull it; Interlock's own images are made by `script/setup`",
    });
  }
  return new InfrastructureError(
    {
      component: name,
      expected: "it to start and stay up",
      happened: reason,
      log: log.tail,
      next: image === null ? "run the command by hand with the same environment" : `docker run --rm ${image}`,
    },
    error,
  );
}

/**
 * Waits until `greet` succeeds: a real answer, asked for again and again, never a guess about time. Gives up at once
 * when the part exits, and with the last answer when its time is over.
 */
export async function handshake<T>(
  part: Part,
  expected: string,
  { readyMs }: { readyMs: number },
  greet: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(new Error(`nothing within ${readyMs / 1000} s`)), readyMs);
  let last = "no answer yet";
  const trying = pRetry(
    async () => {
      try {
        return await greet(over.signal);
      } catch (error) {
        if (error instanceof InfrastructureError) throw new AbortError(error);
        last = over.signal.aborted ? last : reasonOf(error);
        throw error instanceof Error ? new Error(error.message, { cause: error }) : error;
      }
    },
    { retries: Number.POSITIVE_INFINITY, minTimeout: 25, maxTimeout: 100, factor: 1.5, signal: over.signal },
  );
  const exited = part.exited?.then((how) => {
    throw new Error(how);
  });
  trying.catch(() => {});
  exited?.catch(() => {});
  try {
    return await Promise.race(exited === undefined ? [trying] : [trying, exited]);
  } catch (error) {
    if (error instanceof InfrastructureError) throw error;
    const happened = over.signal.aborted
      ? `within ${readyMs / 1000} s it did not; last seen: ${last}`
      : reasonOf(error);
    const next = "its whole log is in the run's folder under logs/";
    throw new InfrastructureError({ component: part.name, expected, happened, log: part.tail, next }, error);
  } finally {
    clearTimeout(timer);
    over.abort();
  }
}
