import type { Verdict } from "../../verdict.ts";

/** What a page is given by the report, as JSON in the page itself. Its own script reads it: see `client/`. */
export interface PageData {
  verdict: Verdict;
  cells: readonly PageCell[];
  /** Number of parts in which timelines are packed. */
  parts: number;
  visibility?: Visibility;
}

/** How long it took until imported records were seen. */
export interface Visibility {
  /** Of each chunk when it was taken, in milliseconds of the run, and how much later its records were seen. */
  seen: readonly (readonly [at: number, ms: number])[];
  promisedMs: number;
}

export interface PageCell {
  path: string;
  verdict: Verdict;
  reason?: string;
  violations: readonly PageViolation[];
  /** Who saw what, a line each, where no timeline shows it. */
  story: readonly string[];
  millis?: number;
  repeat?: string;
  /** What has become of it since an earlier run; absent where none was named. */
  since?: string;
  histories: readonly PageHistory[];
}

/** One history of a cell, such as that of its smallest counterexample. */
export interface PageHistory {
  title: string;
  /** The part of the page that holds its timeline, and the place in that part; null where the page has no room for it. */
  timeline: readonly [part: number, place: number] | null;
  /** Why it shows less than was recorded, a line each. */
  left: readonly string[];
  causality?: PageCausality;
}

/** How likely the violation is at each event, when the run goes on from there at random. */
export interface PageCausality {
  /** What it says, a line each. */
  words: readonly string[];
  events: readonly PageLikelihood[];
  /** The event with the largest rise, by `seq`; null where it rises nowhere. */
  peak: number | null;
}

export interface PageLikelihood {
  seq: number;
  probability: number;
  /** Whether continuations of this event were run: the others share the figure of the one before. */
  isOwn: boolean;
}

export interface PageViolation {
  invariant: string;
  definition: string;
  witnesses: readonly PageWitness[];
}

export interface PageWitness {
  text: string;
  /** By history of the cell: the events that do not go together, by `seq`; empty where none shows it. */
  events: readonly (readonly number[])[];
}

/** What befell a job, for a lane a party. */
export interface Timeline {
  lanes: readonly string[];
  events: readonly PageEvent[];
  /** Faults, and processes that were away. */
  bands: readonly Band[];
  /** Releases that processes became. */
  steps: readonly { at: number; text: string }[];
}

export interface PageEvent {
  seq: number;
  /** Places in `lanes`: who acted, and upon whom. */
  from: number;
  to: number;
  /** Milliseconds of the run: when it began, and when its outcome was known. */
  at: number;
  until: number;
  tone: Tone;
  text: string;
  /** What departs from the contract, what was asked and answered; empty where that is not kept. */
  more: string;
}

export const tones = ["ok", "fail", "unknown", "fault", "process", "look"] as const;
export type Tone = (typeof tones)[number];

export interface Band {
  lane: number;
  from: number;
  /** Null: for ever. */
  until: number | null;
  text: string;
}
