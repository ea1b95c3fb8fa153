import type { Causality } from "../causality/strip.ts";
import type { HistoryEvent } from "../history/event.ts";
import { type Violation, violationOf } from "../invariants/judge.ts";
import type { CellResult } from "../matrix/result.ts";
import type { Verdict } from "../verdict.ts";

/** What a command found, whichever it was: every format is made from this alone. */
export interface Report {
  /** What was judged, e.g. `API current`. */
  title: string;
  verdict: Verdict;
  /** What the command ends with, where that is not its verdict's own code. */
  exit?: number;
  /** Why it is not a pass, a sentence each. */
  reasons: readonly string[];
  cases: readonly Case[];
  /** What says what was judged: a config, a history, a policy. */
  file?: string;
  /** ISO 8601. */
  startedAt?: string;
  /** Of real time. */
  millis?: number;
  /** What was exercised and what was not, a line each. */
  coverage?: readonly string[];
  /** What has changed since an earlier report, a line each; absent where none was named. */
  since?: readonly string[];
  /** The command's own words for a terminal. */
  text: string;
  /** What `--json` prints. */
  data: unknown;
}

/** One thing that was judged by itself: a cell, an invariant, a mutant. */
export interface Case {
  /** From the general to the particular, by slashes. */
  path: string;
  verdict: Verdict;
  violations: readonly Violation[];
  /** Why it has this verdict, in a line, where no violation says so. */
  reason?: string | undefined;
  /** Who saw what, a line each; for a case that is not a pass. */
  story: readonly string[];
  /** Of real time. */
  millis?: number;
  /** The command that repeats it. */
  repeat?: string;
  /** What has become of it since an earlier report. */
  since?: string;
  /** What was recorded of it: the whole first, then its smallest counterexample where there is one. */
  histories?: readonly CaseHistory[];
}

/** What a history says of a case. */
export interface CaseHistory {
  title: string;
  events: readonly HistoryEvent[];
  /** The job that it is about, by number; or the calls about none; or everything. */
  about: number | "no job" | "everything";
  /** How likely the violation is at each event, where that was asked for. */
  causality?: Causality;
}

/** A cell as a case. */
export const cellCase = ({ path, verdict, violations, reason, story }: CellResult): Case => ({
  path,
  verdict,
  violations,
  reason,
  story,
});

/** Of a command that came to no verdict, so that nobody takes its silence for a pass. */
export const troubleReport = (title: string, message: string): Report => ({
  title,
  verdict: "infrastructure",
  reasons: [message],
  cases: [],
  text: message,
  data: { title, verdict: "infrastructure", message },
});

/** Departures from the contract outside of any job, as what they break; none where there are none. */
export const looseViolations = (loose: readonly string[]): Violation[] =>
  loose.length === 0 ? [] : [violationOf({ invariant: "C", witnesses: loose })];

/** The same as a case of their own, beside those of the jobs of an API release. */
export const looseCases = (api: string, loose: readonly string[], events?: readonly HistoryEvent[]): Case[] =>
  looseViolations(loose).map((violation) => ({
    path: `${api}/outside of any job`,
    verdict: "violation",
    violations: [violation],
    story: [],
    ...(events && historyOfJob(events, 0)),
  }));

/** What a history says of the job of this number; of its calls about no job where that is 0. */
export const historyOfJob = (events: readonly HistoryEvent[], number: number): Pick<Case, "histories"> => ({
  histories: [
    number === 0
      ? { title: "calls about no job", events, about: "no job" }
      : { title: `job ${number}`, events, about: number },
  ],
});

/** The same of what was kept of a run, where it was. */
export const historyIn = (
  recorded: { events: readonly HistoryEvent[]; job: number } | undefined,
): Pick<Case, "histories"> => (recorded === undefined ? {} : historyOfJob(recorded.events, recorded.job));
