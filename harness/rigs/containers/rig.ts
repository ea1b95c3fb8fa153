import { type Engine, engines, type Generation } from "../../../contracts/job.ts";
import type { Config } from "../../config.ts";
import { type Customer, tdCustomer } from "../../customers/td.ts";
import { InfrastructureError } from "../../errors.ts";
import type { Recorder } from "../../history/recorder.ts";
import { MysqlAccess } from "../../oracle/mysql.ts";
import { dockerEngine } from "./engine.ts";
import type { Identity } from "./greet.ts";
import { createNetwork } from "./network.ts";
import { type Owner, ownerLabels } from "./owner.ts";
import type { Address, Ground, Part } from "./part.ts";
import { sweepContainers, sweepDocker } from "./sweep.ts";
import { type System, seenFrom, startSystem } from "./system.ts";

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
  /** Rejects when a component ends before its time. */
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
}

export async function startRig(wish: RigWish): Promise<Rig> {
  const { config, release, owner, folder, redact, recorder, onReady } = wish;
  const docker = await dockerEngine();
  const { promise: trouble, reject: onTrouble } = Promise.withResolvers<never>();
  trouble.catch(() => {});
  const stack = new AsyncDisposableStack();
  const logs: Ground["logs"] = [];
  const starting: Ground["starting"] = [];
  let closing = false;
  const dispose = async () => {
    closing = true;
    await stack.disposeAsync();
    const ours = ({ run }: Owner) => run === owner.run;
    // A start that is still under way ends when its container goes; one that had not created it yet needs a second look.
    await sweepContainers(docker, ours);
    await Promise.allSettled(starting);
    await sweepDocker(docker, ours);
    await Promise.all(logs.map((log) => log.close()));
  };
  const onExit = (name: string, how: string) => {
    if (closing) return;
    recorder.record({ kind: "component", component: name, what: "exited", detail: how });
    onTrouble(diedEarly(name, how, folder));
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
    };
    const system = await startSystem(config, release, ground, recorder, onReady);
    return {
      ...accessTo(system, config, stack),
      identities: system.identities,
      trouble,
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

const diedEarly = (component: string, happened: string, folder: string) =>
  new InfrastructureError({
    component,
    expected: "it to stay up until the end of the run",
    happened,
    next: `read ${folder}/logs/${component}.log`,
  });

/** What the cells need of a system: a customer, the oracle's eyes, and where things are. */
function accessTo(system: System, config: Config, stack: AsyncDisposableStack) {
  const { mysql, destination, web, customer, workers } = system;
  const mysqlAccess = (part: Part, account: { user: string; password: string }) => {
    const access = new MysqlAccess(part.outside, account);
    stack.defer(() => access.end());
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
