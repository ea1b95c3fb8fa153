import { InfrastructureError } from "../../../errors.ts";
import { type Docker, dockerEngine, engineTrouble } from "../docker/engine.ts";
import { watchNames } from "../docker/name-watch.ts";
import { createNetwork } from "../docker/network.ts";
import { type Owner, ownerLabels } from "../docker/owner.ts";
import { followPauses, Pauses } from "../docker/pauses.ts";
import { sweepContainers, sweepDocker } from "../docker/sweep.ts";
import type { Checkouts } from "./checkouts.ts";
import type { Ground, Part } from "./part.ts";

export interface GroundOptions {
  owner: Owner;
  folder: string;
  redact: (text: string) => string;
  readyMs: number;
  checkouts: Checkouts;
  /** Aborted when the run is to stop; everything that was started is removed then too. */
  signal: AbortSignal;
}

/** Where the parts of one run stand; disposing of it removes all of them. */
export interface OpenGround extends AsyncDisposable {
  ground: Ground;
  /** Rejects when a part ends before its time, or when the run is stopped from outside. */
  trouble: Promise<never>;
}

/** How long the engine may take to remove what the run started. */
const removeMs = 30_000;

export async function openGround(options: GroundOptions): Promise<OpenGround> {
  const { owner, folder, redact, readyMs, checkouts, signal } = options;
  const docker = await dockerEngine();
  const { promise: trouble, reject: raise } = Promise.withResolvers<never>();
  trouble.catch(() => {});
  const stop = () => raise(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  const closing = new AbortController();
  const stack = new AsyncDisposableStack();
  const logs: Ground["logs"] = [];
  const starting: Ground["starting"] = [];
  const dispose = async () => {
    signal.removeEventListener("abort", stop);
    closing.abort(new Error("the run is being taken down"));
    try {
      await stack.disposeAsync();
    } finally {
      await removeContainers(docker, owner, starting);
      await Promise.all(logs.map((log) => log.close()));
    }
  };
  const pauses = new Pauses();
  const onOutsider = (name: string, how: string) => {
    if (!closing.signal.aborted) raise(stoodStill(name, how));
  };
  const onExit = (name: string, how: string, { tail, log }: Part) => {
    if (closing.signal.aborted) return;
    raise(diedEarly(name, how, tail, log));
  };
  try {
    const network = await createNetwork(docker, owner.run, ownerLabels(owner));
    const names = await watchNames(docker, network);
    stack.defer(() => names?.close());
    const over = closing.signal;
    const told = {
      onExit,
      over,
      watched: [],
      departed: [],
      telltales: new Set<string>(),
      images: new Map(),
      pauses,
      checkouts,
      names,
    };
    const ground: Ground = {
      docker,
      network,
      owner,
      folder,
      redact,
      readyMs,
      stack,
      logs,
      starting,
      ...told,
    };
    stack.defer(await followPauses(docker, owner.run, pauses, onOutsider));
    return { ground, trouble, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** A start that is under way ends when its container goes; one that had not created it yet needs a second look. */
async function removeContainers(docker: Docker, owner: Owner, starts: readonly Promise<unknown>[]) {
  const ours = ({ run }: Owner) => run === owner.run;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it had not after ${removeMs / 1000} s`)), removeMs);
  });
  const removing = async () => {
    await sweepContainers(docker, ours);
    await Promise.allSettled(starts);
    await sweepDocker(docker, ours);
  };
  try {
    await Promise.race([removing(), late]);
  } catch (error) {
    throw engineTrouble(`it to remove what run ${owner.run} started`, error);
  } finally {
    clearTimeout(timer);
  }
}

const diedEarly = (
  component: string,
  happened: string,
  log: readonly string[],
  file: string | null,
): InfrastructureError =>
  new InfrastructureError({
    component,
    expected: "it to stay up until the end of the run",
    happened,
    log,
    next: `read ${file ?? "its log"}, its whole log`,
  });

const stoodStill = (component: string, happened: string): InfrastructureError =>
  new InfrastructureError({
    component,
    expected: "nobody but the run to make it stand still",
    happened,
    next: "see who paused or stopped it, and run again",
  });
