import type { Generation } from "../../contracts/job.ts";
import type { OperationId } from "../../contracts/operations.ts";
import type { Millis } from "../../contracts/values.ts";

/** What every party saw, as JSON lines; one schema for all rigs. `at` counts from the start of the run. */
export const historyVersion = 1;

export type HistoryEvent = { seq: number; at: Millis } & EventBody;

export type EventBody =
  | { kind: "run"; version: typeof historyVersion; id: string; api: string }
  | ExchangeEvent
  | { kind: "component"; component: string; what: "started" | "ready" | "exited"; detail: string }
  | { kind: "observation"; cell: string; job: string | null; what: string; detail: string };

/** A request on a link and what came of it. `fail` surely had no effect, `unknown` may have had one. */
export interface ExchangeEvent {
  kind: "exchange";
  link: string;
  generation: Generation | null;
  operation: OperationId | null;
  job: string | null;
  method: string;
  path: string;
  outcome: "ok" | "fail" | "unknown";
  status: number | null;
  request: unknown;
  reply: unknown;
  /** Departures from the contract, a sentence each. */
  mismatches: readonly string[];
}
