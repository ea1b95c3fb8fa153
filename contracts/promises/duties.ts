import type { OperationId } from "../operations.ts";

/** Who has to do what, and when: the part of the contract that stands in no schema. */
export interface Duty {
  who: "customer" | "worker" | "API";
  /** The call by which it is done; null where that is no call of this contract. */
  by: OperationId | null;
  /** What comes after it, in words. */
  before: string | null;
  says: string;
}

export const duties = {
  "know-again": {
    who: "customer",
    by: "job.issue",
    before: null,
    says: "gives a job a domain_key, where a lost answer must not make two jobs of one",
  },
  "hand-out": {
    who: "API",
    by: "worker.claim",
    before: null,
    says: "hands each job to one worker of its engine at a time, highest priority first",
  },
  "take-over": {
    who: "API",
    by: "worker.claim",
    before: null,
    says: "hands a job out again, as the next attempt, when its lease has run out",
  },
  "try-again": {
    who: "API",
    by: "worker.finish",
    before: null,
    says: "hands a job that failed out again, as the next attempt, while its retry_limit allows that and nobody asked for a kill",
  },
  "extend-lease": {
    who: "worker",
    by: "worker.heartbeat",
    before: "its lease runs out",
    says: "says that it is still at the job, and learns whether the customer wants an end",
  },
  "run-query": {
    who: "worker",
    by: null,
    before: "worker.finish",
    says: "runs the customer's query; an effect on the warehouse happens once, whatever is tried again",
  },
  "create-table": {
    who: "worker",
    by: null,
    before: "worker.finish",
    says: "makes the table of a CREATE TABLE in the warehouse",
  },
  "register-table": {
    who: "worker",
    by: "worker.register_table",
    before: "the table appears in the warehouse",
    says: "makes the table of a CREATE TABLE known, and waits for the API to take it up to a limit",
  },
  "forget-tables": {
    who: "API",
    by: "worker.finish",
    before: null,
    says: "forgets the tables that a job registered when it ends in error",
  },
  "read-parts": {
    who: "worker",
    by: "worker.import_part",
    before: "worker.finish",
    says: "reads all parts of the session that its job performs or commits, each one once",
  },
  "move-session": {
    who: "API",
    by: "worker.finish",
    before: null,
    says: "moves a session of Bulk Import together with the job that is at it, and never otherwise",
  },
  "keep-result": {
    who: "worker",
    by: null,
    before: "worker.finish",
    says: "saves the rows of a query where job.result reads them",
  },
  "deliver-output": {
    who: "worker",
    by: null,
    before: "worker.receipt",
    says: "delivers the result where the customer wants it, once",
  },
  "state-delivery": {
    who: "worker",
    by: "worker.receipt",
    before: "worker.finish",
    says: "states how many rows it delivered, and their checksum",
  },
  "refuse-undelivered": {
    who: "API",
    by: "worker.finish",
    before: null,
    says: "refuses success while output was asked for and no receipt of the attempt is there",
  },
  "report-end": {
    who: "worker",
    by: "worker.finish",
    before: null,
    says: "reports how the job ended, again and again until that is answered",
  },
  "refuse-stale": {
    who: "API",
    by: "worker.finish",
    before: null,
    says: "refuses what is said for an attempt that is not the newest",
  },
  "hide-credentials": {
    who: "API",
    by: "job.show",
    before: null,
    says: "shows a destination without its credentials",
  },
} as const satisfies Readonly<Record<string, Duty>>;
