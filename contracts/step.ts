import type { JobStatus } from "./job.ts";

/**
 * What a call means in a job's life, whatever its operation is called. Invariants speak of steps alone: a service with
 * other operations assigns these meanings to its own.
 *
 * - `issue`: a customer hands a job over. `look`: it asks for the job's state. `list`: it asks which jobs it has.
 *   `read`: it reads the result. `cancel`: it asks for the job's end.
 * - `grant`: the API hands a job to a worker, with a lease. `extend`: the worker keeps the lease. `register`: it makes a
 *   table known. `receipt`: it states what it delivered. `report`: it tells how the job ended.
 */
export const steps = [
  "issue",
  "look",
  "list",
  "read",
  "cancel",
  "grant",
  "extend",
  "register",
  "receipt",
  "report",
] as const;
export type Step = (typeof steps)[number];

/** The steps by which a worker says something about a job that it holds. */
export const reportingSteps: readonly Step[] = ["extend", "register", "receipt", "report"];

/** A call as its meaning is read from: `status` is the service's own answer, null where none is known. */
export interface StepCall {
  request: unknown;
  status: number | null;
  reply: unknown;
}

/** What a call says of a job. A key is undefined where the step does not say it. */
export interface StepFacts {
  /** The job's id. */
  job?: string | undefined;
  /** issue: the key by which the customer knows its own job again. */
  key?: string | undefined;
  /** issue, grant: what the job is to do, in the customer's words. */
  query?: string | undefined;
  /** issue, grant: the fields that name the destination, as they were sent; empty where none is there. */
  output?: Readonly<Record<string, unknown>> | undefined;
  /** issue: the id under which the service says that it has the job already. */
  conflictsWith?: string | undefined;
  /** list: the ids of the jobs that the reply shows. */
  jobs?: readonly string[] | undefined;
  /** Fencing token: of the grant, or for which the worker speaks. */
  attempt?: number | undefined;
  /** grant, extend: how long the lease lasts from the reply on, in milliseconds. */
  leaseMs?: number | undefined;
  /** look: the state told. report: the end reported. */
  state?: JobStatus | undefined;
  /** cancel: the state that the service found. */
  former?: JobStatus | undefined;
  /** look: the service says that there is no such job. */
  missing?: boolean;
  /** receipt: how many rows were delivered. */
  rows?: number | undefined;
  /** report: why the job ended so, for its customer. */
  message?: string | undefined;
}

/** The meaning of an operation. */
export interface Meaning {
  step: Step;
  facts: (call: StepCall) => StepFacts;
}

export const field = (of: unknown, name: string): unknown =>
  typeof of === "object" && of !== null ? (of as Record<string, unknown>)[name] : undefined;

export const textField = (of: unknown, name: string): string | undefined => {
  const value = field(of, name);
  return typeof value === "string" ? value : undefined;
};

export const numberField = (of: unknown, name: string): number | undefined => {
  const value = field(of, name);
  return typeof value === "number" ? value : undefined;
};

/** Those of the fields that are there. */
export const fieldsOf = (of: unknown, names: readonly string[]): Record<string, unknown> => {
  const found: Record<string, unknown> = {};
  for (const name of names) {
    const value = field(of, name);
    if (value !== undefined) found[name] = value;
  }
  return found;
};
