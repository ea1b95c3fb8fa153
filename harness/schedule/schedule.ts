import { z } from "zod";
import { engines, generations } from "../../contracts/job.ts";

/**
 * A schedule: what is run and what goes wrong, as plain data. It is recorded, replayed and shrunk as it is, and means
 * the same on every rig, because it names places by meaning and never by elapsed time.
 */
export const scheduleFormat = 2;

/** Who calls whom. */
export const links = [
  "customer->api",
  "worker->api",
  "api->database",
  "worker->warehouse",
  "worker->destination",
  "worker->disk",
] as const;
export type LinkName = (typeof links)[number];

/**
 * Where something can go wrong: the `occurrence`th call (from 1) of an operation about a job on a link. `before` it
 * arrives nothing has happened; `after` it took effect and its reply is under way.
 */
const site = z.strictObject({
  link: z.enum(links),
  /** An operation of the contracts, a transaction of the API, or a method of the warehouse, destination or disk. */
  operation: z.string().min(1),
  /** Which job of the workload, from 1; null for calls that are about none, such as an idle claim. */
  job: z.int().positive().nullable(),
  occurrence: z.int().positive(),
  phase: z.enum(["before", "after"]),
});
export type Site = z.infer<typeof site>;

/** Milliseconds of the system's own time; the containers rig scales them as its config declares. */
const millis = z
  .int()
  .min(0)
  .max(7 * 24 * 3_600_000);
const statuses = [429, 500, 502, 503, 504] as const;

/** What can be killed and paused. The database holds the API's tables and the warehouse. */
const processes = ["api", "worker", "database"] as const;
export type ProcessName = (typeof processes)[number];

const fault = z.discriminatedUnion("kind", [
  /** The connection is reset: the request never arrives, or its reply is lost after the effect. */
  z.strictObject({ kind: z.literal("lost") }),
  /** The request or the reply is held back for so long, then goes its way. */
  z.strictObject({ kind: z.literal("late"), ms: millis }),
  /** An answer of this status in the place of the effect, or in the place of the true reply. */
  z.strictObject({
    kind: z.literal("status"),
    status: z.literal(statuses),
  }),
  /** The reply ends before it is whole. */
  z.strictObject({ kind: z.literal("truncated") }),
  /** The request arrives twice; the caller sees the second reply. */
  z.strictObject({ kind: z.literal("duplicate") }),
  /** Nothing moves and nothing ends the connection; after so long it goes on as if nothing had been. */
  z.strictObject({ kind: z.literal("half-open"), ms: millis }),
  /** From here on every call on this link is refused for so long. */
  z.strictObject({ kind: z.literal("outage"), ms: millis }),
  /** The process dies here and is started again after so long; null: never. */
  z.strictObject({ kind: z.literal("kill"), process: z.enum(processes), ms: millis.nullable() }),
  /** The process stands still for so long and then goes on, unaware. */
  z.strictObject({ kind: z.literal("pause"), process: z.enum(processes), ms: millis }),
  /** A version step: the process ends here and is this release of its component when it is up again after so long. */
  z.strictObject({
    kind: z.literal("version"),
    process: z.enum(["api", "worker"]),
    release: z.string().min(1),
    ms: millis,
  }),
  /** The customer asks for the job's end here. */
  z.strictObject({ kind: z.literal("kill-job") }),
]);
export type Fault = z.infer<typeof fault>;
export type FaultKind = Fault["kind"];

const planned = z.strictObject({ at: site, fault });
export type Planned = z.infer<typeof planned>;

/** Who issues a job and follows it: Interlock's own script, or npm `td`. */
export const customerKinds = ["script", "td"] as const;
export type CustomerKind = (typeof customerKinds)[number];

const job = z.strictObject({
  /** Name of a scenario of the config. */
  scenario: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "expected a scenario's name: words joined by hyphens"),
  engine: z.enum(engines),
  /** Absent: the script. */
  customer: z.enum(customerKinds).optional(),
});
export type WorkloadJob = z.infer<typeof job>;

/** The most jobs of one schedule: those of the largest matrix. */
const mostJobs = 10_000;

export const scheduleSchema = z
  .strictObject({
    format: z.literal(scheduleFormat),
    workload: z.strictObject({
      jobs: z.array(job).min(1).max(mostJobs),
      /** How many workers of each generation that the jobs need are running. */
      workers: z.int().min(1).max(10),
    }),
    /** Builds by component: a release of the config, or a planted fault. */
    releases: z.strictObject({
      api: z.string().min(1),
      workers: z.partialRecord(z.enum(generations), z.string().min(1)),
    }),
    /** Decides every latency and every jitter. */
    seed: z.int().min(0).max(0xffff_ffff),
    faults: z.array(planned).max(1000),
  })
  .meta({ id: "Schedule", description: "What Interlock runs and what goes wrong in it" });
export type Schedule = z.infer<typeof scheduleSchema>;

/** A version step of a schedule: which component becomes which release. */
export type VersionStep = Extract<Fault, { kind: "version" }>;

export const versionStepsOf = ({ faults }: Pick<Schedule, "faults">): VersionStep[] =>
  faults.flatMap(({ fault }) => (fault.kind === "version" ? [fault] : []));

/** One line a fault, in words: `after the 2nd worker.finish of job 1 (worker->api): lost`. */
export function printSchedule({ workload, releases, seed, faults }: Schedule): string[] {
  const jobs = workload.jobs.map(({ scenario, engine }, i) => `job ${i + 1}: ${scenario} on ${engine}`);
  const builds = [
    `api ${releases.api}`,
    ...Object.entries(releases.workers).map(([name, build]) => `worker-${name} ${build}`),
  ];
  return [
    `${jobs.join("; ")}; ${workload.workers} ${workload.workers === 1 ? "worker" : "workers"}; ${builds.join(", ")}; seed ${seed}`,
    ...faults.map(({ at, fault: what }) => `${printSite(at)}: ${printFault(what)}`),
  ];
}

export const printSite = ({ link, operation, job, occurrence, phase }: Site): string =>
  `${phase} the ${ordinal(occurrence)} ${operation}${job === null ? "" : ` of job ${job}`} (${link})`;

export function printFault(fault: Fault): string {
  switch (fault.kind) {
    case "status":
      return `status ${fault.status}`;
    case "kill":
      return `kill the ${fault.process}${fault.ms === null ? " for ever" : `, up again after ${printMillis(fault.ms)}`}`;
    case "version":
      return `the ${fault.process} becomes release ${fault.release}, up again after ${printMillis(fault.ms)}`;
    case "pause":
      return `pause the ${fault.process} for ${printMillis(fault.ms)}`;
    case "late":
    case "half-open":
    case "outage":
      return `${fault.kind} for ${printMillis(fault.ms)}`;
    case "kill-job":
      return "the customer kills the job";
    default:
      return fault.kind;
  }
}

/** In the largest unit of which there is at least one, with at most two digits behind the point. */
export const printMillis = (ms: number): string => {
  const units = [
    [3_600_000, "h"],
    [60_000, "min"],
    [1_000, "s"],
  ] as const;
  const [size, unit] = units.find(([least]) => ms >= least) ?? [1, "ms"];
  return `${Math.round((100 * ms) / size) / 100} ${unit}`;
};

const ordinal = (n: number): string => {
  const ending = n % 100 >= 11 && n % 100 <= 13 ? "th" : (["th", "st", "nd", "rd"][n % 10] ?? "th");
  return `${n}${ending}`;
};
