import type { Credential } from "../../contracts/authority.ts";
import type { SystemLimits } from "../../contracts/in-process.ts";
import type { Cluster, Engine, Generation, JobStatus } from "../../contracts/job.ts";
import type { Column, Millis, Row } from "../../contracts/values.ts";
import type { Landed } from "../destinations/destination.ts";
import type { Scenario } from "../schedule/scenario.ts";
import type { LinkName, Phase, Schedule } from "../schedule/schedule.ts";
import type { Trace } from "../world/traces.ts";
import type { Change } from "../world/world.ts";

/** What every party saw in one run, as JSON lines; one schema for all rigs. `at` is the run's own monotonic time. */
export const historyVersion = 2;

export type HistoryEvent = { seq: number; at: Millis } & EventBody;

/** Told of each event of a history as it happens; of an exchange twice: when it begins and when it is over. */
export type OnEvent = (event: HistoryEvent, isOver: boolean) => void;

/** Told likewise: whether a history that grows has come to a place with this event. */
export type IsAt = (event: HistoryEvent, isOver: boolean) => boolean;

/** A call is told with what came of it. */
export const beganAt = (event: HistoryEvent): Millis => (event.kind === "exchange" ? event.sent : event.at);

/** What the service answered to Interlock's probe. */
export const isProbeAnswer = (event: HistoryEvent) => event.kind === "exchange" && event.probe !== undefined;

export type EventBody =
  | RunEvent
  | ExchangeEvent
  | ComponentEvent
  | FaultEvent
  | MachineEvent
  | HeldEvent
  | NoticeEvent
  | RowsEvent
  | WorldEvent
  | FinalEvent;

/** The first event: what was run, on what, and when. */
export interface RunEvent {
  kind: "run";
  version: typeof historyVersion;
  id: string;
  rig: string;
  /** Wall clock at time 0, in milliseconds since the epoch; null under a virtual clock. */
  epoch: Millis | null;
  /** Milliseconds of the wall clock to one of the run's own time; absent where they are the same. */
  timeScale?: number | undefined;
  schedule: Schedule;
  /** The scenarios that the schedule names, by name. */
  scenarios: Readonly<Record<string, Scenario>>;
  limits: SystemLimits;
  /** Of the releases that other processes are of or come to, as far as they are others; absent where there are none. */
  laterLimits?: readonly SystemLimits[] | undefined;
  /** The builds that were running, as they were attested at the start. */
  builds: readonly AttestedBuild[];
  /** Of databases and destinations, by component: the images that ran, of which no build is attested. */
  images?: Readonly<Record<string, string>> | undefined;
  /** How the database was set, by global variable, but for what is another in each container; absent where no server ran or told it. */
  settings?: Readonly<Record<string, string>> | undefined;
  /** What the service promises of its notices, and whose each account is; absent where it tells Interlock of none. */
  notices?: NoticesExtent | undefined;
  /** Of a run of the matrix: what the whole one is. */
  matrix?: MatrixExtent | undefined;
  /** Of a system that was open to others: what they did to it, and no schedule knows of. */
  visit?: VisitExtent | undefined;
}

/** Notices that come to Interlock. */
export interface NoticesExtent {
  /** How long after the end of a job its notice is there at the latest, where nothing is broken. */
  withinMs: Millis;
  /** Numbers of accounts by the clusters of the customers. */
  accounts: Readonly<Partial<Record<Cluster, number>>>;
  /** Of the URL to which they are sent; absent where the rig has none. */
  path?: string | undefined;
}

/** What others did to a system while it was open to them. */
export interface VisitExtent {
  /** How many jobs they issued: those after the jobs of the workload, in the order in which they were accepted. */
  jobs: number;
}

/** How much a whole matrix is, whatever part of it is run. */
export interface MatrixExtent {
  /** How many cells it has. */
  cells: number;
  /** The engines on which the config's customers can have jobs, whether or not a worker runs them. */
  engines: readonly Engine[];
  /** Why the config cannot have the API put to the test by the probe; absent where it can. */
  unprobed?: string | undefined;
}

/** Who a component proved to be. */
export interface AttestedBuild {
  component: string;
  release: string;
  /** Digest of the build, as the component itself told it. */
  digest: string;
  /** The image by content; null where it is none. */
  image: string | null;
}

/** A process or container came or went. */
export interface ComponentEvent {
  kind: "component";
  component: string;
  /** `stopping`: it is asked to end; `retired`: it has ended, and another one is in its place for ever. */
  what: "started" | "ready" | "stopping" | "exited" | "retired" | "paused" | "resumed" | "disclosed";
  detail: string;
  /** Of a life that a version step began: what was started; absent where the rig attests nothing. */
  build?: StartedBuild | undefined;
}

/** What is known of a build when it is started in the place of another. */
export interface StartedBuild {
  release: string;
  /** As the component itself told it, or as it is written on its image; null where only its claims will tell. */
  digest: string | null;
  /** The image by content; null where it is none. */
  image: string | null;
}

export interface FaultEvent {
  kind: "fault";
  /** Place in the schedule's list of faults. */
  index: number;
  what: string;
}

/** What this machine did since the last such event: CPU time, all in real milliseconds. */
export interface MachineEvent {
  kind: "machine";
  /** How long that is. */
  ms: Millis;
  cores: number;
  /** The longest time by which Interlock's own event loop was late. */
  lagMs: Millis;
  /** Used by Interlock's own process. */
  ownMs: Millis;
  /** Used by anybody, and what a machine below this one took away; null where nothing tells it. */
  busyMs: Millis | null;
  /** How long somebody was ready to run and had to wait; null where nothing tells it. */
  waitedMs: Millis | null;
  /** By component of the run. */
  components: Readonly<Record<string, ComponentUse>>;
}

export interface ComponentUse {
  /** Null where nothing tells it, as of one that runs elsewhere. */
  usedMs: Millis | null;
  /** How long a CPU quota kept it from running. */
  heldMs: Millis;
}

/** A call on a link and what came of it. `fail` surely had no effect, `unknown` may have had one. */
export interface ExchangeEvent {
  kind: "exchange";
  link: LinkName;
  /** The process that called. */
  by: string;
  generation: Generation | null;
  /** The cluster of the customer whose credential the call bore; absent where it bore none of a customer's. */
  customer?: Cluster | undefined;
  /** An operation of the contracts; null for what is in no contract. */
  operation: string | null;
  /** The job's id as the API gave it. */
  job: string | null;
  method?: string;
  path?: string;
  /** Headers that matter, names in lower case; absent where calls carry none. */
  headers?: { request: Readonly<Record<string, string>>; reply: Readonly<Record<string, string>> };
  /** Whose credential it bore, of a call by which Interlock, or a visitor, puts the service to the test. */
  probe?: Credential | undefined;
  /** When it was sent; `at` is when its outcome was known to the caller. */
  sent: Millis;
  /** What the caller was left with. */
  outcome: "ok" | "fail" | "unknown";
  /** The status that the caller got; null where no answer came. */
  status: number | null;
  /** The status that the service really answered, where that is another one or never arrived. */
  served?: number | null | undefined;
  /** When the service answered, where its caller had given up before. */
  servedAt?: Millis | undefined;
  /** The process of the API that answered, and its release; absent where the API is of one, or the rig does not know. */
  server?: string | undefined;
  release?: string | undefined;
  /** The parameters of path, query and body together. */
  request: unknown;
  /** The body that the service answered; a file in the form of `FileBody` (contracts/file-body.ts). */
  reply: unknown;
}

/** A notice of a scheduled query that came to its receiver; `at` is when. */
export interface NoticeEvent {
  kind: "notice";
  /** The process that sent it. */
  by: string;
  /** Its `idempotency-key`; null without one. */
  key: string | null;
  method?: string | undefined;
  path?: string | undefined;
  /** Its `content-type`; null without one. These three are absent in older histories, and the path where the rig has none. */
  mediaType?: string | null | undefined;
  /** As it came: JSON, or a text that is none. */
  body: unknown;
  /** What its sender was answered; null where no answer came to it. */
  status: number | null;
}

/** How many rows the warehouse had under the name of a customer's table, counted past the service while the probe asks. */
export interface RowsEvent {
  kind: "rows";
  customer: Cluster;
  database: string;
  table: string;
  /** Null where there was no table of that name. */
  rows: number | null;
  /** When somebody began to count; `at` is when it was known. */
  sent: Millis;
}

/** How the world in the end differs from what it was before the first job. */
export interface WorldEvent {
  kind: "world";
  changes: readonly Change[];
  /** What was done in between, as the logs of servers tell; absent where none was read. */
  traces?: readonly Trace[] | undefined;
  /** What containers have changed on their disks, as paths; absent where nobody looked. */
  disks?: Readonly<Record<string, readonly string[]>> | undefined;
  /** What was compared, by name. */
  compared: readonly string[];
  /** What could not be compared, with the reason. */
  notCompared: readonly string[];
}

/** What the API's database says of an ended job; null where it says nothing. */
export interface JobRecord {
  numRecords: number | null;
  resultSchema: readonly Column[] | null;
  message: string | null;
  receiptRows: number | null;
  receiptChecksum: string | null;
}

/**
 * What the oracle found of a job while a worker's report on it was held back on the link: `before` the API had it, and
 * `after` the API had taken it, before the worker knew. Later looks cannot tell what was there in time.
 */
export interface HeldEvent {
  kind: "held";
  phase: Phase;
  /** Number in the workload, from 1. */
  number: number;
  /** The worker that reports. */
  by: string;
  /** Before: rows of the warehouse table that the job is to fill; null if there is no such table. */
  table?: readonly Row[] | null | undefined;
  /** Before: what its destination holds. */
  destination?: Landed | undefined;
  /** After: the state that the API's database has; null where it has none. */
  stored?: JobStatus | null | undefined;
  /** After: what the API's database says of it besides. */
  record?: JobRecord | undefined;
}

/** What the oracle found of one job when all was quiet. */
export interface FinalEvent {
  kind: "final";
  /** Number in the workload, from 1; those of a visit's jobs come after it. */
  number: number;
  /** Of a job that a visitor issued: whose key the visitor had, and on what the job runs. The workload says it of its own. */
  visitor?: { customer: Cluster; engine: Engine } | undefined;
  job: string | null;
  stored: JobStatus | null;
  leased: boolean;
  /** Rows of the warehouse table that the job is to fill; null if there is no such table; absent if it fills none. */
  table?: readonly Row[] | null | undefined;
  /** What its destination holds; absent for a job without one. */
  destination?: Landed | undefined;
  /** The result as its customer could read it; null if it could not; absent if it was not asked for. */
  result?: readonly Row[] | null | undefined;
  /** Whether its customer's list of jobs showed it; absent where it was not asked for, or not answered to its end. */
  listed?: boolean | undefined;
  /** Whether the API knows the table that the job makes; null where the config does not say how to find out. */
  registered: boolean | null;
  /**
   * Columns of the table that the job makes, as the API shows it to its customer; null if it shows none; absent where it
   * was not asked for.
   */
  shown?: readonly Column[] | null | undefined;
  /** What the API's database says of it; absent where the config does not say how to find out. */
  record?: JobRecord | undefined;
  /** Half-made things that nobody will use again. */
  residue: readonly string[];
  /** Finish reports that workers keep and have not got acknowledged. */
  unsent: number;
}
