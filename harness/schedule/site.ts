import { z } from "zod";

/** Where something can go wrong, named by meaning and never by elapsed time. */

/** Who calls whom. */
export const links = [
  "customer->api",
  "worker->api",
  "api->database",
  "worker->warehouse",
  "worker->destination",
  "worker->disk",
  "api->notices",
] as const;
export type LinkName = (typeof links)[number];

/** What can be killed and paused. The database holds the API's tables and the warehouse. */
export const processes = ["api", "worker", "database"] as const;
export type ProcessName = (typeof processes)[number];

/** Who calls over a link and who answers, of those that can be killed and paused. */
export const endsOf: Record<LinkName, readonly ProcessName[]> = {
  "customer->api": ["api"],
  "worker->api": ["worker", "api"],
  "api->database": ["api", "database"],
  "worker->warehouse": ["worker", "database"],
  "worker->destination": ["worker"],
  "worker->disk": ["worker"],
  "api->notices": ["api"],
};

export const phases = ["before", "after"] as const;
export type Phase = (typeof phases)[number];

/**
 * The `occurrence`th call (from 1) of an operation about a job on a link. `before` it arrives nothing has happened;
 * `after` it took effect and its reply is under way.
 */
export const siteSchema = z.strictObject({
  link: z.enum(links),
  /** An operation of the contracts, a transaction of the API, or a method of the warehouse, destination or disk. */
  operation: z.string().min(1),
  /** Which job of the workload, from 1; null for calls that are about none, such as an idle claim. */
  job: z.int().positive().nullable(),
  occurrence: z.int().positive(),
  phase: z.enum(phases),
  /** Whose calls count, by process: `worker-v5-2`, `customer`. Absent: anybody's. */
  by: z.string().min(1).optional(),
  /** Which of the call's statements that change something, from 1, or its COMMIT. Absent: the call as a whole. */
  statement: z.union([z.int().positive(), z.literal("commit")]).optional(),
});
export type Site = z.infer<typeof siteSchema>;

/** `after the 2nd worker.finish of job 1 (worker->api)`, `before the COMMIT of the 1st job.issue (api->database)`. */
export function printSite({ link, operation, job, occurrence, phase, by, statement }: Site): string {
  const part = statement === undefined ? "" : `the ${partOf(statement)} of `;
  const about = job === null ? "" : ` of job ${job}`;
  const whose = by === undefined ? "" : ` by ${by}`;
  return `${phase} ${part}the ${ordinal(occurrence)} ${operation}${about}${whose} (${link})`;
}

const partOf = (statement: number | "commit"): string =>
  statement === "commit" ? "COMMIT" : `${ordinal(statement)} write`;

/** `1st`. */
export const ordinal = (n: number): string => {
  const ending = n % 100 >= 11 && n % 100 <= 13 ? "th" : (["th", "st", "nd", "rd"][n % 10] ?? "th");
  return `${n}${ending}`;
};
