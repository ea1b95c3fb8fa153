import type { SystemLimits } from "../../contracts/in-process.ts";
import type { Millis } from "../../contracts/values.ts";
import type { JobHistory, PromisedJob } from "../history/job-history.ts";
import { endingReport } from "../history/work.ts";
import { destinationOf, type Scenario } from "../schedule/scenario.ts";

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
  /** What contradicts the promise; empty when it was kept or does not apply. */
  witnesses: (history: JobHistory) => readonly Contradiction[];
}

/** What contradicts a promise: in a line, and the events that do not go together. */
export interface Contradiction {
  text: string;
  /** Their `seq`, the earlier one first: one alone where it contradicts what the contract says of it. */
  events: readonly [number, number] | readonly [number];
}

/** Something that has a place in the history. */
interface Placed {
  seq: number;
}

/** A line of which two events show that it is so. */
export const between = (text: string, one: Placed, other: Placed): Contradiction =>
  one.seq === other.seq
    ? { text, events: [one.seq] }
    : { text, events: one.seq < other.seq ? [one.seq, other.seq] : [other.seq, one.seq] };

/** Lines about what was found when the job was over, against what was asked for. */
export const againstOrder = (history: JobHistory, found: Placed, lines: readonly string[]): Contradiction[] =>
  lines.map((text) => between(text, orderOf(history), found));

/** Lines about what was found, against the report that ended the job; where nobody reported, against its order. */
export const againstReport = (
  history: JobHistory,
  found: Placed,
  lines: readonly string[],
): Contradiction[] =>
  lines.map((text) => between(text, endingReport(history)?.exchange ?? orderOf(history), found));

/** The same words are told once, of the first events that show it. */
export const once = (all: readonly Contradiction[]): Contradiction[] =>
  [...Map.groupBy(all, ({ text }) => text).values()].flatMap(([first]) => first ?? []);

/** The call by which the job was taken, else the first that asked for it. */
export const orderOf = ({ steps: { issue }, calls, final }: JobHistory): Placed =>
  (issue.find(({ served }) => served === 200) ?? issue[0] ?? calls[0])?.exchange ?? final;

export const seconds = (at: number): string => `at ${(at / 1000).toFixed(2)} s`;

/** One that speaks of what a scenario promises: of a job that a visitor issued it says nothing. */
export const ofPromise = ({
  isOfTime,
  applies,
  witnesses,
  ...invariant
}: Omit<Invariant, "isOfTime" | "applies" | "witnesses"> & {
  isOfTime?: (history: PromisedJob) => boolean;
  applies: (history: PromisedJob) => boolean;
  witnesses: (history: PromisedJob) => readonly Contradiction[];
}): Invariant => ({
  ...invariant,
  ...(isOfTime && { isOfTime: (history) => isPromised(history) && isOfTime(history) }),
  applies: (history) => isPromised(history) && applies(history),
  witnesses: (history) => (isPromised(history) ? witnesses(history) : []),
});

const isPromised = (history: JobHistory): history is PromisedJob => history.scenario !== null;

/**
 * Trouble that is shorter than this outlasts no declared limit of any release that was live, even if the last try begins
 * just before its end.
 */
export const patienceOf = ({ limits, laterLimits, scenario }: PromisedJob): Millis =>
  Math.min(...[limits, ...laterLimits].map((one) => patienceWithin(one, scenario)));

function patienceWithin(limits: SystemLimits, scenario: Scenario): Millis {
  const { registerMs, statementMs, deliveryMs, deliveryTryMs, requestMs, retryCapMs } = limits;
  const effect = Math.min(registerMs, statementMs) - requestMs;
  const delivers = destinationOf(scenario) !== null;
  return (delivers ? Math.min(effect, deliveryMs - deliveryTryMs) : effect) - retryCapMs;
}
