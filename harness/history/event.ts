import type { SystemLimits } from "../../contracts/in-process.ts";
import type { Generation, JobStatus } from "../../contracts/job.ts";
import type { Millis, Row } from "../../contracts/values.ts";
import type { Schedule } from "../schedule/schedule.ts";

/** What every party saw, as JSON lines; one schema for all rigs. `at` counts from the start of the run. */
export const historyVersion = 1;

export type HistoryEvent = { seq: number; at: Millis } & EventBody;

export type EventBody =
  | {
      kind: "run";
      version: typeof historyVersion;
      id: string;
      api: string;
      rig: string;
      schedule?: Schedule;
      limits?: SystemLimits;
    }
  | ExchangeEvent
  | ComponentEvent
  | { kind: "fault"; index: number; what: string }
  | { kind: "observation"; cell: string; job: string | null; what: string; detail: string }
  | FinalEvent;

/** A process or container came or went. */
export interface ComponentEvent {
  kind: "component";
  component: string;
  what: "started" | "ready" | "exited" | "paused" | "resumed";
  detail: string;
}

/** A call on a link and what came of it. `fail` surely had no effect, `unknown` may have had one. */
export interface ExchangeEvent {
  kind: "exchange";
  link: string;
  /** Which process called. */
  by?: string;
  generation: Generation | null;
  /** An operation of the contracts; a transaction or method on links that carry none; null for what is in no contract. */
  operation: string | null;
  /** The job's id as the API gave it. */
  job: string | null;
  method?: string;
  path?: string;
  /** When it was sent; `at` is when its outcome was known to the caller. */
  sent?: Millis;
  /** What the caller was left with. */
  outcome: "ok" | "fail" | "unknown";
  /** The status that the caller got; null where no answer came. */
  status: number | null;
  /** The status that the service really answered, where that is another one or never arrived. */
  served?: number | null | undefined;
  /** When the service answered, where its caller had given up before. */
  servedAt?: Millis | undefined;
  request: unknown;
  reply: unknown;
  /** Departures from the contract, a sentence each. */
  mismatches: readonly string[];
}

/** What the oracle found of one job when all was quiet. */
export interface FinalEvent {
  kind: "final";
  /** Number in the workload, from 1. */
  number: number;
  job: string | null;
  stored: JobStatus | null;
  leased: boolean;
  /** Rows of the table that it fills; null if there is no such table. */
  rows: readonly Row[] | null;
  /** What its effect is to be, or what its destination is to take. */
  expected: readonly Row[];
  /**
   * Rows that its destination took in exactly the form and at the place that the customer's URL says, each delivery key
   * once; null or absent for a job without Result Output.
   */
  delivered?: readonly Row[] | null;
  /** Whether the API knows the table that CREATE TABLE makes. */
  registered: boolean;
  residue: readonly string[];
  unsent: number;
}
