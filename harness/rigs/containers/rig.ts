import { type Engine, engines, type Generation } from "../../../contracts/job.ts";
import type { Config } from "../../config.ts";
import { type Customer, tdCustomer } from "../../customers/td.ts";
import { InfrastructureError } from "../../errors.ts";
import type { Recorder } from "../../history/recorder.ts";
import { MysqlAccess } from "../../oracle/mysql.ts";
import { type Docker, dockerEngine, engineTrouble } from "./engine.ts";
import type { Identity } from "./greet.ts";
import { createNetwork } from "./network.ts";
import { type Owner, ownerLabels } from "./owner.ts";
import type { Address, Ground, Part } from "./part.ts";
import { sweepContainers, sweepDocker } from "./sweep.ts";
import { leave, type System, seenFrom, startSystem } from "./system.ts";

/** A complete system on a network of its own, ready and attested; disposing of it leaves nothing behind. */
export interface Rig extends AsyncDisposable {
  customer: (engine: Engine) => Customer;
  /** The system's MySQL as the oracle sees it. */
  oracle: MysqlAccess;
  /** The destination's MySQL as the oracle sees it. */
  destination: MysqlAccess;
  /** The warehouse, for putting in what the scenarios read. */
  loader: MysqlAccess;
  /** Base URL of the web destination, for this process. */
  web: string;
  /** The destinations as the worker of this generation reaches them. */
  destinationsFor: (generation: Generation) => { web: Address; mysql: Address };
  identities: readonly Identity[];
  /** Rejects when a component ends before its time, or when the run is stopped from outside. */
  trouble: Promise<never>;
}

export interface RigWish {
  config: Config;
  release: string;
  owner: Owner;
  folder: string;
  redact: (text: string) => string;
  recorder: Recorder;
  onReady: (component: string) => void;
  /** Aborted when the run is to stop; everything that was started is removed then too. */
  signal: AbortSignal;
}

/** How long the engine may take to remove what the run started. */
const removeMs = 30_000;

export async function startRig(wish: RigWish): Promise<Rig> {
  const { config, release, owner, folder, redact, recorder, onReady, signal } = wish;
  const docker = await dockerEngine();
  const { promise: trouble, reject: onTrouble } = Promise.withResolvers<never>();
  trouble.catch(() => {});
  const stop = () => onTrouble(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  const closing = new AbortController();
  const stack = new AsyncDisposableStack();
  const logs: Ground["logs"] = [];
  const starting: Ground["starting"] = [];
  let system: Promise<System> | undefined;
  const dispose = async () => {
    signal.removeEventListener("abort", stop);
    closing.abort(new Error("the run is being taken down"));
    try {
      await stack.disposeAsync();
    } finally {
      await removeContainers(docker, owner, system === undefined ? starting : [...starting, system]);
      await Promise.all(logs.map((log) => log.close()));
    }
  };
  const onExit = (name: string, how: string, { tail, log }: Part) => {
    if (closing.signal.aborted) return;
    recorder.record({ kind: "component", component: name, what: "exited", detail: how });
    onTrouble(diedEarly(name, how, tail, log));
  };
  try {
    const network = await createNetwork(docker, owner.run, ownerLabels(owner));
    const ground: Ground = {
      docker,
      network,
      owner,
      folder,
      redact,
      readyMs: config.limits.readyMs,
      stack,
      logs,
      starting,
      onExit,
      over: closing.signal,
    };
    system = startSystem(config, release, ground, recorder, onReady);
    const started = await Promise.race([system, trouble]);
    return {
      ...accessTo(started, config, stack),
      identities: started.identities,
      trouble,
      [Symbol.asyncDispose]: dispose,
    };
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

const diedEarly = (component: string, happened: string, log: readonly string[], file: string | null) =>
  new InfrastructureError({
    component,
    expected: "it to stay up until the end of the run",
    happened,
    log,
    next: `read ${file ?? "its log"}, its whole log`,
  });

/** What the cells need of a system: a customer, the oracle's eyes, and where things are. */
function accessTo(system: System, config: Config, stack: AsyncDisposableStack) {
  const { mysql, destination, web, customer, workers } = system;
  const mysqlAccess = (part: Part, account: { user: string; password: string }) => {
    const access = new MysqlAccess(part.outside, account);
    stack.defer(async () => void (await leave(access)));
    return access;
  };
  const host = new URL(customer.url).host;
  const customers = new Map(
    engines.map((engine) => [engine, tdCustomer(customerOf(config, engine).apikey, host)]),
  );
  return {
    customer: (engine: Engine) => customers.get(engine) as Customer,
    oracle: mysqlAccess(mysql, config.mysql.oracle),
    destination: mysqlAccess(destination, config.destinations.mysql.oracle),
    loader: mysqlAccess(mysql, config.mysql.loader),
    web: `http://${web.outside.host}:${web.outside.port}`,
    destinationsFor: (generation: Generation) => {
      const contained =
        workers.find(({ worker }) => worker.generation === generation)?.part.contained ?? true;
      return { web: seenFrom(contained, web), mysql: seenFrom(contained, destination) };
    },
  };
}

/** The customer whose Hive jobs go to this engine; Presto is the same for all. */
export const customerOf = (config: Config, engine: Engine): Config["customers"]["cdh4"] =>
  config.customers[engine === "hive-hdp2" ? "hdp2" : "cdh4"];
