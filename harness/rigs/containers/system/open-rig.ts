import { join, resolve } from "node:path";
import type { SystemLimits } from "../../../../contracts/in-process.ts";
import type { Engine } from "../../../../contracts/job.ts";
import type { Component, Config, WorkerComponent } from "../../../config/config.ts";
import type { DestinationName } from "../../../destinations/index.ts";
import { InfrastructureError, reasonOf, UsageError } from "../../../errors.ts";
import type { ExchangeEvent, MachineEvent } from "../../../history/event.ts";
import { Witness } from "../../../history/witness.ts";
import { makeFolder } from "../../../make-folder.ts";
import type { MysqlAccess } from "../../../oracle/mysql.ts";
import { type ServerSettings, settingsOf } from "../../../oracle/settings.ts";
import { newRunId } from "../../../run-id.ts";
import type { ReleaseStep, Schedule } from "../../../schedule/schedule.ts";
import { MachineWatch } from "../docker/machine-watch.ts";
import type { NameWatch } from "../docker/name-watch.ts";
import { ownerOf } from "../docker/owner.ts";
import { type ProcessUse, processUse } from "../docker/process-use.ts";
import { checkOut } from "./checkouts.ts";
import { lastingAccess } from "./mysql.ts";
import { openGround } from "./open-ground.ts";
import { findReleases, type Released } from "./releases.ts";
import { startSystem } from "./start-system.ts";
import type { System, WayToDatabase } from "./system.ts";
import type { Stage } from "./traffic.ts";

export interface RigOptions {
  config: Config;
  releases: Schedule["releases"];
  /** The engines that jobs on it may need. */
  engines: readonly Engine[];
  destinations: readonly DestinationName[];
  /** Version steps of the schedules that are to be run on it. */
  steps?: readonly ReleaseStep[];
  /** Workers of each kind: the most that a schedule on this rig may ask for. */
  workers: number;
  /** Workers that may be started by hand: each has a link, and nobody waits for it. */
  byHand?: Readonly<Record<string, WorkerComponent>>;
  /** Where the links to the database lead instead; absent: to the database itself. */
  wayToDatabase?: WayToDatabase;
  /** Where the run gets a folder of its own, for logs and notes. */
  runsFolder: string;
  redact: (text: string) => string;
  /** Told of each component that is ready. */
  onReady?: (component: string) => void;
  /** Told what takes long before any component is started. */
  onPhase: (line: string) => void;
  /** Aborted when the run is to stop; everything that was started is removed then too. */
  signal: AbortSignal;
}

/**
 * A system in containers, as programs or at URLs, with a fault proxy on every link, on which one schedule after the other
 * is run. Disposing of it removes all that was started, and leaves the run's folder to read.
 */
export interface ContainersRig extends AsyncDisposable, System {
  /** The run's id: the label of what the engine holds of it. */
  run: string;
  folder: string;
  config: Config;
  releases: Schedule["releases"];
  clockwork: Clockwork;
  /** Rejects when a process ends that nobody killed, or when the run is stopped from outside. */
  trouble: Promise<never>;
  /** The oracle's own way into the database; a new one after the database was started again. */
  oracle: () => MysqlAccess;
  loader: () => MysqlAccess;
  stage: Stage;
  /** What the API answered against its contract before any schedule was under way. */
  departed: readonly ExchangeEvent[];
  /** Hides the secrets of the run. */
  redact: (text: string) => string;
  /** Components that wrote a secret to their logs. */
  telltales: ReadonlySet<string>;
  /** The image of each part that is a container, by content. */
  images: ReadonlyMap<string, string>;
  /** How the database was set when it was ready; null where it does not say. */
  settings: ServerSettings | null;
  /** Records lookups of names that no component of the run has; null where they cannot be recorded. */
  names: NameWatch | null;
  /** What each component holds of the machine now; null where nothing tells it. */
  uses: () => ReadonlyMap<string, ProcessUse | null>;
  /** Measures what the machine does until it is finished or stopped. */
  watchMachine: (tell: (event: MachineEvent) => void) => MachineWatch;
}

/** The system's constants, and how many real milliseconds pass for one of its own. */
export interface Clockwork {
  timeScale: number;
  limits: SystemLimits;
}

/** A system of which the config does not say them runs in real time, and nothing is derived from its limits. */
const unknownClockwork: Clockwork = {
  timeScale: 1,
  limits: {
    leaseMs: 0,
    requestMs: 10_000,
    registerMs: 0,
    retryCapMs: 0,
    statementMs: 0,
    deliveryTryMs: 0,
    deliveryMs: 0,
  },
};

function makeRunFolder(folder: string): void {
  try {
    // What a run has seen is its user's own.
    makeFolder(folder, 0o700);
  } catch (error) {
    throw new InfrastructureError(
      {
        component: resolve(folder),
        expected: "to be made, for what the run leaves to read",
        happened: reasonOf(error),
        next: "run where files can be written, and where no file stands in the place of .interlock or .interlock/runs",
      },
      error,
    );
  }
}

/** All that a rig may start that is no part of a version step, which takes images alone. */
const componentsOf = ({ config, destinations }: RigOptions, { api, beside, workers }: Released) =>
  [
    ["mysql", config.mysql] as const,
    ["api", api] as const,
    ...beside,
    ...workers,
    ...destinations.map((name) => [`destination-${name}`, config.destinations[name]] as const),
  ].flatMap(([name, component]): [string, Component][] =>
    component === undefined ? [] : [[name, component]],
  );

/** Starts a system for schedules: the one way to do so, whoever asks. */
export async function openRig(options: RigOptions): Promise<ContainersRig> {
  const { config, releases, steps = [], redact, signal, runsFolder, onReady = () => {}, onPhase } = options;
  if (config.schedules?.outbox === undefined && steps.some(({ process }) => process === "worker"))
    throw new UsageError(
      "a version step of a worker needs `schedules.outbox` in the config: the folder that its next container is given",
    );
  const builds = findReleases(config, releases, options.engines, steps);
  const checkouts = await checkOut(componentsOf(options, builds), {
    folder: join(runsFolder, "..", "refs"),
    repository: process.cwd(),
    signal,
    onPhase,
  });
  const run = newRunId(new Date());
  const folder = join(runsFolder, run);
  makeRunFolder(join(folder, "logs"));
  const stage: Stage = { traffic: null, replyDelay: null, connections: new Map() };
  await using held = new AsyncDisposableStack();
  const { readyMs } = config.limits;
  const open = held.use(
    await openGround({ owner: ownerOf(run), folder, redact, readyMs, checkouts, signal }),
  );
  const { ground, trouble } = open;
  const starting = startSystem(
    { byHand: {}, ...options, builds, stage, witness: new Witness(), onReady },
    ground,
  );
  ground.starting.push(starting);
  const system = await Promise.race([starting, trouble]);
  const access = (account: Config["mysql"]["oracle"]) => lastingAccess(system.database, account, ground);
  const oracle = access(config.mysql.oracle);
  const rig = {
    ...system,
    run,
    folder,
    config,
    releases,
    trouble,
    stage,
    departed: ground.departed,
    redact,
    telltales: ground.telltales,
    images: ground.images,
    names: ground.names,
    clockwork: config.schedules ?? unknownClockwork,
    oracle,
    settings: await Promise.race([settingsOf(oracle()), trouble]),
    loader: access(config.mysql.loader),
    uses: () => new Map(ground.watched.map(({ name, seat }) => [name, processUse(seat())])),
    watchMachine: (tell: (event: MachineEvent) => void) =>
      new MachineWatch(ground.docker, ground.watched, tell),
  };
  const all = held.move();
  return { ...rig, [Symbol.asyncDispose]: () => all.disposeAsync() };
}
