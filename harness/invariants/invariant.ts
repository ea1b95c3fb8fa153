import type { JobHistory } from "../history/job-history.ts";

/** A promise about every job under every fault, held against what a history says of one job. */
export interface Invariant {
  id: string;
  name: string;
  /** For the reader of a report. */
  definition: string;
  /** It speaks of schedules without faults alone. */
  isOfCalm?: true;
  /**
   * Of a history that it contradicts: whether time was short, and nothing else is wrong. On a starved machine that says
   * nothing about the system. Absent where what was seen is wrong at any time.
   */
  isOfTime?: (history: JobHistory) => boolean;
  /** Whether the history puts the promise to the test: its left side is true. */
  applies: (history: JobHistory) => boolean;
  /** What contradicts the promise, a line each; empty when it was kept or does not apply. */
  witnesses: (history: JobHistory) => readonly string[];
}

export const seconds = (at: number): string => `at ${(at / 1000).toFixed(2)} s`;
