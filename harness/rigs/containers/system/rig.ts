import { type Engine, engines, type Generation } from "../../../../contracts/job.ts";
import type { Config } from "../../../config/config.ts";
import { type Customer, tdCustomer } from "../../../customers/td.ts";
import type { Recorder } from "../../../history/recorder.ts";
import { MysqlAccess } from "../../../oracle/mysql.ts";
import type { Identity } from "./greet.ts";
import { openGround } from "./open-ground.ts";
import type { Owner } from "../docker/owner.ts";
import type { Address, Part } from "./part.ts";
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

export async function startRig(wish: RigWish): Promise<Rig> {
  const { config, release, recorder, onReady } = wish;
  // Should the start fail and the removal as well, both are told: a SuppressedError.
  await using held = new AsyncDisposableStack();
  const { ground, trouble } = held.use(await openGround({ ...wish, readyMs: config.limits.readyMs }));
  const system = startSystem(config, release, ground, recorder, onReady);
  ground.starting.push(system);
  const started = await Promise.race([system, trouble]);
  const parts = { ...accessTo(started, config, ground.stack), identities: started.identities, trouble };
  const all = held.move();
  return { ...parts, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

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
