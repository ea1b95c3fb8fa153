import { type WordedType, wordedTypes } from "./worded-jobs.ts";

/** The life of a job as data: statuses, transitions, engines. */

export const jobStatuses = ["queued", "booting", "running", "success", "error", "killed"] as const;
export type JobStatus = (typeof jobStatuses)[number];

export const terminalStatuses = ["success", "error", "killed"] as const;
export type TerminalStatus = (typeof terminalStatuses)[number];

export const isTerminal = (status: JobStatus): status is TerminalStatus =>
  (terminalStatuses as readonly JobStatus[]).includes(status);

/** What moves a job. `claim` also takes over a job whose lease has run out; the attempt then grows by one. */
export type JobEvent = "claim" | "heartbeat" | "cancel" | "finish:success" | "finish:error" | "finish:killed";

/** Every allowed move; an event that is absent for a status is refused. Terminal statuses absorb (I1). */
export const transitions: Record<JobStatus, Partial<Record<JobEvent, JobStatus>>> = {
  queued: { claim: "booting", cancel: "killed" },
  booting: {
    claim: "booting",
    heartbeat: "running",
    "finish:success": "success",
    "finish:error": "error",
    "finish:killed": "killed",
  },
  running: {
    claim: "running",
    heartbeat: "running",
    "finish:success": "success",
    "finish:error": "error",
    "finish:killed": "killed",
  },
  success: {},
  error: {},
  killed: {},
};

/** The status after `event`, or undefined where the event is not allowed. */
export const nextStatus = (status: JobStatus, event: JobEvent): JobStatus | undefined =>
  transitions[status][event];

export const generations = ["v5", "v6"] as const;
export type Generation = (typeof generations)[number];

/** A customer account is pinned to one Hadoop cluster by its sign-up date (2015 postmortem). */
export const clusters = ["cdh4", "hdp2"] as const;
export type Cluster = (typeof clusters)[number];

export const queryTypes = ["presto", "hive"] as const;
export type QueryType = (typeof queryTypes)[number];

/** What a job is, as its customer is shown it: a query, or a job that the service words. */
export const jobTypes = [...queryTypes, ...wordedTypes] as const;
export type JobType = (typeof jobTypes)[number];

/** What the service does to a session of Bulk Import. */
export type ImportType = Extract<WordedType, `bulk_import_${string}`>;
export const isImport = (type: JobType): type is ImportType => type.startsWith("bulk_import_");

export const engines = ["presto", "hive-cdh4", "hive-hdp2"] as const;
export type Engine = (typeof engines)[number];

/** Where a query of an account runs: Presto is one for all, Hive depends on the account's cluster. */
export const engineFor = (type: QueryType, cluster: Cluster): Engine =>
  type === "presto" ? "presto" : `hive-${cluster}`;

/** Which generation runs which engine. */
export const enginesOf: Record<Generation, readonly Engine[]> = {
  v5: ["presto", "hive-cdh4"],
  v6: ["hive-hdp2"],
};

/** The generation that runs an engine. */
export const generationOf = (engine: Engine): Generation =>
  generations.find((generation) => enginesOf[generation].includes(engine)) as Generation;

/** The cluster of a customer whose jobs run on an engine: Presto is one for all, and the older cluster's customer has it. */
export const clusterOf = (engine: Engine): Cluster => (engine === "hive-hdp2" ? "hdp2" : "cdh4");

/** The type of a query that runs on an engine. */
export const queryTypeOf = (engine: Engine): QueryType => (engine === "presto" ? "presto" : "hive");

/** An engine with its generation, as reports and paths of cells have it: `v5-hive-cdh4`. */
export const engineLabel = (engine: Engine): string => `${generationOf(engine)}-${engine}`;
