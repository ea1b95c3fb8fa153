import type { HistoryEvent } from "../history/event.ts";
import { jobHistories } from "../history/job-history.ts";
import { terminalAbsorbs } from "./i1-terminal-absorbs.ts";
import { atMostOneEffect } from "./i2-at-most-one-effect.ts";
import { statusAgreesWithEffect } from "./i3-status-agrees.ts";
import { outputAgrees } from "./i4-output-agrees.ts";
import { noAcknowledgedStatusLost } from "./i5-no-acknowledged-status-lost.ts";
import { noPhantomStatus } from "./i6-no-phantom-status.ts";
import { acceptedJobsSurvive } from "./i7-accepted-jobs-survive.ts";
import { oneValidOwner } from "./i8-one-valid-owner.ts";
import { retryBudget } from "./i11-retry-budget.ts";
import { errorsAreClassified } from "./i12-errors-are-classified.ts";
import type { Invariant } from "./invariant.ts";
import { eventuallyTerminal, progressInDegradedCore } from "./l1-eventually-terminal.ts";
import { nothingLeft } from "./l3-nothing-left.ts";

export const invariants: readonly Invariant[] = [
  terminalAbsorbs,
  atMostOneEffect,
  statusAgreesWithEffect,
  outputAgrees,
  noAcknowledgedStatusLost,
  noPhantomStatus,
  acceptedJobsSurvive,
  oneValidOwner,
  retryBudget,
  errorsAreClassified,
  eventuallyTerminal,
  progressInDegradedCore,
  nothingLeft,
];

export interface BrokenInvariant {
  invariant: string;
  job: number;
  witnesses: readonly string[];
}

export interface Judgement {
  broken: BrokenInvariant[];
  /** Invariants that were put to the test while a fault was at work. */
  triggered: string[];
}

/** Holds every invariant against every job of a history. */
export function judgeHistory(events: readonly HistoryEvent[]): Judgement {
  const broken: BrokenInvariant[] = [];
  const triggered = new Set<string>();
  for (const history of jobHistories(events)) {
    for (const { id, applies, witnesses } of invariants) {
      if (!applies(history)) continue;
      if (history.faulted) triggered.add(id);
      const seen = witnesses(history);
      if (seen.length > 0) broken.push({ invariant: id, job: history.number, witnesses: seen });
    }
  }
  return { broken, triggered: [...triggered] };
}
