import type { Millis } from "../../contracts/values.ts";
import type { HistoryEvent } from "../history/event.ts";
import type { Planned, Schedule, Site } from "../schedule/schedule.ts";

/** What one schedule came to. */
export interface Run {
  schedule: Schedule;
  events: readonly HistoryEvent[];
  /** Faults that found no call to break: the run proves nothing about them. */
  unfired: readonly Planned[];
  /** Where nothing was run: what keeps the rig from each of those. */
  beyond?: readonly string[];
  /** The sites that were reached, for an exploration to break next. */
  reached: readonly Site[];
  /** The API's transactions in the order in which they got to the database; absent where the rig does not see them. */
  transactions?: readonly TransactionSeen[];
  /** The system's own time at the end. */
  millis: Millis;
}

/** A transaction of the API, also one that only reads. */
export interface TransactionSeen {
  operation: string;
  /** Which of its name, from 1. */
  occurrence: number;
  /** When it got to the database. */
  at: Millis;
  /** How many it sent, COMMIT included; absent where nobody asks for an order. */
  statements?: number;
}

/** Runs schedules, in whatever order and as many at a time as the rig likes; the runs come in the order of the schedules. */
export type RunSchedules = (schedules: readonly Schedule[]) => Promise<Run[]>;
