import type { DestinationSettings } from "./destination.ts";
import type { S3Settings } from "./destinations/s3.ts";
import type { Cluster, Generation, JobStatus } from "./job.ts";
import type { OperationId } from "./operations.ts";
import type { Column, Millis, Row } from "./values.ts";

/**
 * A system as code in this process, for the rigs that explore under a virtual clock. All that such code knows of the
 * world comes in by these ports; whoever provides them decides what breaks and how time passes.
 */
export interface InProcessSystem {
  limits: SystemLimits;
  createState(seed: StateSeed): SystemState;
  startApi(state: SystemState, ports: ApiPorts): ApiProcess;
  /** Resolves when the worker has stopped, which it does after `stop` only. */
  startWorker(
    generation: Generation,
    state: SystemState,
    ports: WorkerPorts,
    stop: AbortSignal,
  ): Promise<void>;
  /** How long after the end of a job its notice is sent at the latest, where nothing is broken; absent: it sends none. */
  notices?: { withinMs: Millis } | undefined;
  /** What an operator may change while it runs, by name; absent: nothing. */
  settings?: Readonly<Record<string, (state: SystemState, value: number) => void>> | undefined;
  /** The same system in other releases, whose processes go on with the same state; undefined where one is not known. */
  inReleases(releases: Releases): InProcessSystem | undefined;
}

/** The constants that waits, leases and retries hang on, for the grid of outage lengths. */
export interface SystemLimits {
  leaseMs: Millis;
  /** The worker gives up waiting for one reply. */
  requestMs: Millis;
  /** CREATE TABLE waits for the API so long. */
  registerMs: Millis;
  /** Longest wait between two tries of any kind. */
  retryCapMs: Millis;
  /** A transient failure of the warehouse is retried so long. */
  statementMs: Millis;
  /** The worker gives up waiting for the answer of a destination. */
  deliveryTryMs: Millis;
  /** A transient failure of a destination is retried so long. */
  deliveryMs: Millis;
}

export interface StateSeed {
  customers: { account: number; cluster: Cluster; apikey: string; database: string }[];
  workers: { generation: Generation; token: string }[];
  /** Warehouse tables that are there from the start. */
  tables: {
    account: number;
    database: string;
    name: string;
    columns: readonly Column[];
    rows: readonly Row[];
    /** What a query that gives its rows has behind SELECT, where it is no plain `columns FROM name`. */
    reads?: string | undefined;
  }[];
  /** Objects of buckets that are there from the start; none where it is not given. */
  objects?: readonly SeedObject[] | undefined;
  /** The id of the first job; 1 where it is not given. */
  firstJob?: string | undefined;
}

/** An object of a bucket, and who may read it. */
export interface SeedObject {
  settings: S3Settings;
  name: string;
  body: Uint8Array;
}

/** What outlives every process: the API's database, the warehouse, the disks of the workers. Read here by the oracle. */
export interface SystemState {
  job(id: string): StoredJob | undefined;
  /** Rows of a warehouse table, or null if there is none. */
  table(account: number, database: string, name: string): readonly Row[] | null;
  /** The columns of a table that the API knows; null where it knows none of that name. */
  registered(account: number, database: string, name: string): readonly Column[] | null;
  /** What destinations took, each delivery key once. */
  deliveries(): readonly Delivery[];
  /** Names of half-made things in the warehouse that nobody will use again. */
  residue(): readonly string[];
  /** Finish reports that a worker keeps and has not got acknowledged. */
  unsent(worker: string): number;
}

export interface Delivery {
  job: string;
  /** How and where it came, as its sender understood the customer's URL. */
  settings: DestinationSettings;
  /** As the receiver is told them. */
  columns: readonly Column[];
  rows: readonly Row[];
}

export interface StoredJob {
  status: JobStatus;
  attempt: number;
  /** The lease as the API keeps it; null when nobody holds the job. */
  leaseUntil: Millis | null;
  numRecords: number | null;
  resultSchema: readonly Column[] | null;
  message: string | null;
  receiptRows: number | null;
  receiptChecksum: string | null;
}

export interface Call {
  operation: string;
  job: string | null;
  signal?: AbortSignal;
}

/** Stands between a process and what it calls. `effect` is the call itself and may be made once, twice or never. */
export type Link = <T>(call: Call, effect: (server: Server) => Promise<T>) => Promise<T>;

/** A statement of a call that changes something, by its place among those, from 1; or the one that commits them. */
export type StatementAt = number | "commit";

/** What a statement does to a table. */
export interface Written {
  table: string;
  /** Whether it needs room there: it adds a row, or makes one longer. */
  needsRoom: () => boolean;
}

/**
 * What the MySQL server under a call says, asked before each of its statements that changes something, and before its
 * COMMIT. Throws a MysqlError where it refuses the statement. Where `written` is not given, the table is full for nobody.
 */
export type Server = (statement: StatementAt, written?: Written) => void;

export const willing: Server = () => {};

/** A connection to the database in a run in which something may happen between the statements of a transaction. */
export interface Connection {
  /** Stands between a transaction and each of its statements, from the first to COMMIT. */
  statement: <T>(effect: () => Promise<T>) => Promise<T>;
  /** The database's own time. */
  sleep: Clock["sleep"];
  /** Aborted when one of its ends has died: what is not committed by then is undone. */
  lost: AbortSignal;
}

/** The link of whole transactions. Without a connection transactions come one after the other. */
export type DatabaseLink = <T>(
  call: Call,
  effect: (server: Server, connection?: Connection) => Promise<T>,
) => Promise<T>;

/** How a call can fail on its way, as the code that made it is told. */
export type BreakKind =
  /** No connection: surely nothing happened. */
  | "refused"
  /** The connection ended without an answer. */
  | "reset"
  | "timeout"
  /** The answer came only in part. */
  | "truncated";

export class LinkBroken extends Error {
  override readonly name = "LinkBroken";
  readonly kind: BreakKind;

  constructor(kind: BreakKind) {
    super(`the connection broke: ${kind}`);
    this.kind = kind;
  }
}

export interface Clock {
  /** The time of day as the process reads it, in milliseconds since the epoch: it may be wrong, and jump. */
  now(): Millis;
  /** Milliseconds since some moment before: no jump of the time of day moves it. */
  monotonic(): Millis;
  sleep(ms: Millis, signal?: AbortSignal): Promise<void>;
}

/** A notice of a scheduled query on its way to its receiver. */
export interface SentNotice {
  method: string;
  /** Its `content-type`. */
  mediaType: string;
  /** Its `idempotency-key`. */
  key: string;
  /** As JSON has it. */
  body: unknown;
  /** Its sender waits so long for the answer. */
  limitMs: Millis;
}

export interface ApiPorts {
  /** Of the process, as no other one that lives is called; absent where there is one alone. */
  name?: string;
  clock: Clock;
  /**
   * Sends a notice. Absent where nobody takes them. @returns the status that it was answered; rejects with LinkBroken where no
   * answer came
   */
  notices?: (notice: SentNotice) => Promise<number>;
  /** Every transaction goes through it. */
  database: DatabaseLink;
  /** Aborted when the process is asked to end. */
  stop: AbortSignal;
}

export interface Reply {
  status: number;
  /** A file as `FileBody`, once it has left the process that answers. */
  body: unknown;
  /** Those that matter, names in lower case; absent where answers carry none. */
  headers?: Readonly<Record<string, string>>;
}

export interface ApiProcess {
  /** One operation without HTTP: the same authentication, validation and error bodies. Null bears no credential. */
  call(operation: OperationId, input: Record<string, unknown>, authorization: string | null): Promise<Reply>;
  /** The same over HTTP's own types. */
  fetch(request: Request): Promise<Response>;
  /** Resolves when it has ended, which it does after `stop` only; meanwhile no new call reaches it. Rejects when it fails. */
  ended: Promise<void>;
}

export interface WorkerPorts {
  clock: Clock;
  /** In [0, 1). */
  random: () => number;
  id: string;
  token: string;
  api: WorkerApi;
  warehouse: Link;
  destination: Link;
  /** The worker's own disk, where unacknowledged reports are kept. */
  disk: Link;
}

/** How a worker reaches the API: by a function, or by HTTP at a base URL through the process's `fetch`. */
export type WorkerApi =
  | {
      kind: "direct";
      call: (operation: OperationId, input: Record<string, unknown>, signal?: AbortSignal) => Promise<Reply>;
    }
  | { kind: "http"; baseUrl: string };

/**
 * Gives the builds. Where it is told the names of releases, no other one will be asked for: it may leave the rest out,
 * so that a run loads no code but its own.
 */
export type LoadBuilds = (only?: readonly string[]) => Promise<InProcessBuilds>;

/** Builds of the system by release, and the mutants among them. */
export interface InProcessBuilds {
  /** The system in which these releases work together; undefined where one of them is not known. */
  system(releases: Releases): InProcessSystem | undefined;
  mutants: readonly Mutant[];
}

export interface Releases {
  api: string;
  workers: Partial<Record<Generation, string>>;
}

/** What an operator does to a system that runs; `traffic` goes to another release, which serves beside it. */
export type OperatorStep =
  | { kind: "setting"; setting: string; value: number }
  | { kind: "traffic"; to: string; percent: number };

/** A build that is wrong on purpose, or a control: a build that looks wrong and is legal. */
export interface Mutant {
  /** Also the name of the release that has it. */
  id: string;
  /** Which component's release it is. */
  component: "api" | "worker";
  /** Where it comes from: an incident by its date, public software as `owner/repo` or `owner/repo#issue`, a public page, or a contract's sentence. */
  source: string;
  description: string;
  /** Id of the invariant that must catch it; null for a control, which nothing may catch. */
  invariant: string | null;
  /** The smallest number of faults that brings it to light; 0 for a control. */
  minimalFaults: number;
  /** Names of scenarios that bring it to light, where the usual ones do not. */
  scenarios?: readonly string[] | undefined;
  /** It shows in what the probe alone asks for, where the database fails under that. */
  asked?: true | undefined;
  /** It shows only once an operator has taken these steps, in this order, at successive calls that import. */
  operated?: readonly OperatorStep[] | undefined;
  /** It shows only while releases are changed: by which one each component is when that begins, and what it becomes. */
  rolled?:
    | { api: readonly [from: string, to: string]; workers: readonly [from: string, to: string] }
    | undefined;
}
