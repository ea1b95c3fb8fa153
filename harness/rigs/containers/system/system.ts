import type { Engine, Generation } from "../../../../contracts/job.ts";
import type { Config, WorkerComponent } from "../../../config/config.ts";
import type { Address, OpenDestination } from "../../../destinations/destination.ts";
import type { DestinationName } from "../../../destinations/index.ts";
import type { StartedBuild } from "../../../history/event.ts";
import type { Witness } from "../../../history/witness.ts";
import type { Schedule } from "../../../schedule/schedule.ts";
import type { Identity } from "./greet.ts";
import type { ProcessHandle } from "./process-handle.ts";
import type { Released } from "./releases.ts";
import type { RunningProcess } from "./running-process.ts";
import type { Stage } from "./traffic.ts";

export interface SystemOptions {
  config: Config;
  releases: Schedule["releases"];
  builds: Released;
  /** How many of each worker run. */
  workers: number;
  destinations: readonly DestinationName[];
  /** Workers that may be started by hand: each has a link, and nobody waits for it. */
  byHand: Readonly<Record<string, WorkerComponent>>;
  /** The schedule whose faults the links carry out. */
  stage: Stage;
  /** Hears every exchange until all are ready. */
  witness: Witness;
  onReady: (component: string) => void;
  /** Where the links to the database lead instead; absent: to the database itself. */
  wayToDatabase?: WayToDatabase;
}

/** Where a link to the database leads, by where the database is; null while nobody is there. */
export type WayToDatabase = (database: Address | null) => Address | null;

/** A worker that runs. */
export interface RunningWorker extends RunningProcess {
  generation: Generation;
  /** Its name as schedules have it. */
  planned: string;
  /** Which of its kind it is, from 1. */
  index: number;
}

/** The next life of a worker, up beside it. */
export interface Beside {
  worker: RunningWorker;
  build: StartedBuild;
}

/** A worker that may be started by hand, and what it is to be told. */
export interface ToldByHand {
  /** As whom it is on record. */
  name: string;
  generation: Generation;
  engines: readonly Engine[];
  /** Base URL of the API, which is its own link. */
  api: string;
  /** Its environment; null where the config does not have one. */
  env: Readonly<Record<string, string>> | null;
}

/** The components of one run, all ready and attested. */
export interface System {
  database: RunningProcess;
  /** The processes of the API, in the order in which schedules name them. */
  apis: readonly RunningProcess[];
  /** The first of them. */
  api: RunningProcess;
  workers: readonly RunningWorker[];
  /** Base URL of the API for the customer. */
  customer: string;
  destinations: ReadonlyMap<DestinationName, SeenDestination>;
  /** What workers are told that are started by hand. */
  byHand: readonly ToldByHand[];
  identities: readonly Identity[];
  /** Of the life that a process has, or has had last. */
  releaseOf: (handle: ProcessHandle) => string;
  /** Starts a dead process as another release, on the disk that it had; null where it was killed before it answered. */
  startAs: (handle: ProcessHandle, release: string) => Promise<StartedBuild | null>;
  /** Starts the next life of a worker beside it, under a name of its own and on an empty disk. */
  startBeside: (handle: ProcessHandle, release?: string) => Promise<Beside>;
}

/** A destination as the oracle reaches it, and as workers of a generation do. */
export interface SeenDestination {
  open: OpenDestination<Record<string, unknown>>;
  seenBy: (generation: Generation) => Address;
}
