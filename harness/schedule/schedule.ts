import { z } from "zod";
import { engines, generationOf, generations } from "../../contracts/job.ts";
import { allProbeTopics, type ProbeTopic } from "../probe-topics.ts";
import { type Fault, faultSchema, printFault } from "./faults.ts";
import { printSite, siteSchema } from "./site.ts";

export { type Fault, type FaultKind, printFault } from "./faults.ts";
export { type LinkName, links, type Phase, type ProcessName, printSite, type Site } from "./site.ts";

/**
 * A schedule: what is run and what goes wrong, as plain data. It is recorded, replayed and shrunk as it is, and means
 * the same on every rig, because it names sites by meaning and never by elapsed time.
 */
export const scheduleFormat = 2;

const planned = z.strictObject({ at: siteSchema, fault: faultSchema });
export type Planned = z.infer<typeof planned>;

/** `after the 2nd worker.finish of job 1 (worker->api): lost`. */
export const printPlanned = ({ at, fault }: Planned): string => `${printSite(at)}: ${printFault(fault)}`;

/** Who issues a job and follows it: Interlock's own script, or npm `td`. */
export const customerKinds = ["script", "td"] as const;
export type CustomerKind = (typeof customerKinds)[number];

export const workloadJobSchema = z.strictObject({
  /** Name of a scenario of the config. */
  scenario: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "expected a scenario's name: words joined by hyphens"),
  engine: z.enum(engines),
  /** Absent: the script. */
  customer: z.enum(customerKinds).optional(),
});
export type WorkloadJob = z.infer<typeof workloadJobSchema>;

/** The most jobs of one schedule: those of the largest matrix. */
export const mostJobs = 10_000;
export const mostFaults = 1_000;

export const scheduleSchema = z
  .strictObject({
    format: z.literal(scheduleFormat),
    workload: z.strictObject({
      jobs: z.array(workloadJobSchema).min(1).max(mostJobs),
      /** Interlock's probe puts the API to the test when the jobs are over, about everything or some topics; only where nothing is broken. */
      probe: z
        .union([z.literal(true), z.array(z.enum(allProbeTopics)).min(1).max(allProbeTopics.length)])
        .optional(),
      /** So many jobs are under way at once: each is issued when the one so many before it has come to its end. Absent: all that can be. */
      atOnce: z.int().min(1).max(100).optional(),
      /** How many workers of each generation that the jobs need are running. */
      workers: z.int().min(1).max(10),
    }),
    /** Builds by component: a release of the config, or a mutant. */
    releases: z.strictObject({
      api: z.string().min(1),
      /** Of further API processes on the same database, one each: the calls of every caller go to all of them in turn. */
      beside: z.array(z.string().min(1)).min(1).max(4).optional(),
      workers: z.partialRecord(z.enum(generations), z.string().min(1)),
    }),
    /** Decides every latency and every jitter. */
    seed: z.int().min(0).max(0xffff_ffff),
    faults: z.array(planned).max(mostFaults),
  })
  .meta({ id: "Schedule", description: "What Interlock runs and what goes wrong in it" });
export type Schedule = z.infer<typeof scheduleSchema>;

/** What the probe asks about: everything or some topics. */
export type Probe = NonNullable<Schedule["workload"]["probe"]>;

/** What the probe of a schedule asks about; none where it has no probe. */
export const topicsOf = ({ workload: { probe } }: Pick<Schedule, "workload">): readonly ProbeTopic[] =>
  probe === true ? allProbeTopics : (probe ?? []);

/** The API processes of a schedule, by name, with their releases. */
export const apisOf = ({ api, beside = [] }: Schedule["releases"]): [name: string, release: string][] =>
  [api, ...beside].map((release, i) => [i === 0 ? "api" : `api-${i + 1}`, release]);

/** The names of the processes of a schedule by kind; the next life of a worker has the name of the first with a number. */
export function processNames({ workload, releases }: Pick<Schedule, "workload" | "releases">): {
  api: string[];
  worker: string[];
  database: string[];
} {
  const needed = generations.filter((one) =>
    workload.jobs.some(({ engine }) => generationOf(engine) === one),
  );
  return {
    api: apisOf(releases).map(([name]) => name),
    worker: needed.flatMap((one) =>
      Array.from({ length: workload.workers }, (_, i) => `worker-${one}-${i + 1}`),
    ),
    database: ["database"],
  };
}

/** A version step of a schedule: which component becomes which release. */
export type VersionStep = Extract<Fault, { kind: "version" | "surge" }> & { release: string };

/** What a rig must be able to run of it. */
export type ReleaseStep = Pick<VersionStep, "process" | "release">;

export const versionStepsOf = ({ faults }: Pick<Schedule, "faults">): VersionStep[] =>
  faults.flatMap(({ fault }) =>
    "release" in fault && fault.release !== undefined ? [fault as VersionStep] : [],
  );
