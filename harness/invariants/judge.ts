import { hasLooseDeparture, looseDepartures } from "../history/departures.ts";
import type { HistoryEvent } from "../history/event.ts";
import { historiesIn, type JobHistory } from "../history/job-history.ts";
import { type MachineFigures, machineIn } from "../history/machine.ts";
import { starvedBy } from "../history/starved.ts";
import { contractKept } from "./c-contract.ts";
import { invariants } from "./index.ts";
import type { Contradiction, Invariant } from "./invariant.ts";

export interface BrokenInvariant {
  invariant: string;
  /** Number in the workload; 0 for what is about none of its jobs. */
  job: number;
  witnesses: readonly string[];
}

/** A broken invariant as a reader needs it: which one, what it says, and what was seen instead. */
export interface Violation {
  invariant: string;
  definition: string;
  /** What was seen, a line each. */
  witnesses: readonly string[];
}

export const violationOf = ({ invariant, witnesses }: Omit<BrokenInvariant, "job">): Violation => ({
  invariant,
  definition: invariants.find(({ id }) => id === invariant)?.definition ?? "",
  witnesses,
});

/** How many jobs put an invariant to the test, and how many of these while a fault was at work. */
export interface Triggered {
  jobs: number;
  faulted: number;
}

/** A job that failed by time alone, on a machine that gave it none: neither whole nor broken. */
export interface Starved {
  /** Number in the workload. */
  job: number;
  /** What was short, and the figures that say so. */
  reason: string;
  /** What it would have broken. */
  broken: readonly BrokenInvariant[];
}

export interface Judgement {
  broken: BrokenInvariant[];
  starved: Starved[];
  /** Departures from the contract outside of any job, each once with its link and count. */
  loose: string[];
  /** Exchanges of which too much was possible to be judged by the model of the service. */
  unjudged: number;
  /** By invariant: one that was never put to the test has proved nothing. */
  triggered: Record<string, Triggered>;
}

/** Holds every invariant against every job of a history. */
export function judgeHistory(events: readonly HistoryEvent[]): Judgement {
  const histories = historiesIn(events);
  const broken: BrokenInvariant[] = [];
  const starved: Starved[] = [];
  const triggered: Record<string, Triggered> = {};
  for (const { id } of invariants) triggered[id] = { jobs: 0, faulted: 0 };
  for (const history of histories.jobs) {
    const applying = invariants.filter(appliesTo(history));
    for (const { id } of applying) {
      const count = triggered[id] as Triggered;
      count.jobs += 1;
      if (history.faulted) count.faulted += 1;
    }
    const found = brokenOf(applying, history);
    const reason = found.length === 0 ? null : excuseOf(history, found, events);
    if (reason === null) broken.push(...found);
    else starved.push({ job: history.number, reason, broken: found });
  }
  const { unjudged } = histories;
  return { broken, starved, loose: looseDepartures(histories), unjudged, triggered };
}

/** What a job breaks of some of the invariants that apply to it. */
const brokenOf = (some: readonly Invariant[], history: JobHistory): BrokenInvariant[] =>
  some.flatMap(({ id, witnesses }) => {
    const seen = witnesses(history);
    return seen.length === 0
      ? []
      : [{ invariant: id, job: history.number, witnesses: seen.map(({ text }) => text) }];
  });

/** Whether a history breaks this invariant by this job, 0 for none of them: what `judgeHistory` says, and nothing else judged. */
export function breaks(
  events: readonly HistoryEvent[],
  { invariant, job }: Pick<BrokenInvariant, "invariant" | "job">,
): boolean {
  const histories = historiesIn(events);
  if (job === 0) return invariant === contractKept.id && hasLooseDeparture(histories);
  const own = invariants.filter(({ id }) => id === invariant);
  return histories.jobs.some((history) => {
    if (history.number !== job) return false;
    const isExcused = (found: readonly BrokenInvariant[]) => excuseOf(history, found, events) !== null;
    const found = brokenOf(own.filter(appliesTo(history)), history);
    // Where time was short for this one, another that the job breaks may be wrong at any time.
    const all = () => brokenOf(invariants.filter(appliesTo(history)), history);
    return found.length > 0 && !(isExcused(found) && isExcused(all()));
  });
}

const appliesTo =
  (history: JobHistory) =>
  ({ applies }: Invariant): boolean =>
    applies(history);

/** Why what a job broke says nothing about the system; null where it does. What is wrong at any time is never excused. */
function excuseOf(
  history: JobHistory,
  found: readonly BrokenInvariant[],
  events: readonly HistoryEvent[],
): string | null {
  const isOfTime = ({ invariant }: BrokenInvariant) =>
    invariants.find(({ id }) => id === invariant)?.isOfTime?.(history) === true;
  if (!found.every(isOfTime)) return null;
  const figures = figuresOf(history, events);
  return figures === null ? null : starvedBy(figures);
}

/** The machine's from the job's issue until the oracle looked. */
const figuresOf = ({ calls, end }: JobHistory, events: readonly HistoryEvent[]): MachineFigures | null =>
  machineIn(events, { from: Math.min(end, ...calls.map(({ sent }) => sent)), to: end });

/** Everything that is broken: of each job, and by calls outside of any. */
export const allBroken = ({
  broken,
  loose,
}: {
  broken: readonly BrokenInvariant[];
  loose: readonly string[];
}): readonly BrokenInvariant[] =>
  loose.length === 0 ? broken : [...broken, { invariant: contractKept.id, job: 0, witnesses: loose }];

/** What broke an invariant of a job, with the events that show it. */
export const contradictionsOf = (history: JobHistory, invariant: string): readonly Contradiction[] =>
  invariants.find(({ id, applies }) => id === invariant && applies(history))?.witnesses(history) ?? [];
