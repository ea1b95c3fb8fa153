import { contractKept } from "./c-contract.ts";
import { endsAsPromised } from "./e-ending.ts";
import { nothingElseChanged } from "./f-frame.ts";
import { terminalAbsorbs } from "./i1-terminal-absorbs.ts";
import { atMostOneEffect } from "./i2-at-most-one-effect.ts";
import { statusAgreesWithEffect } from "./i3-status-agrees.ts";
import { outputAgrees } from "./i4-output-agrees.ts";
import { noAcknowledgedStatusLost } from "./i5-no-acknowledged-status-lost.ts";
import { noPhantomStatus } from "./i6-no-phantom-status.ts";
import { acceptedJobsSurvive } from "./i7-accepted-jobs-survive.ts";
import { oneValidOwner } from "./i8-one-valid-owner.ts";
import { importedOnce } from "./i9-imported-once.ts";
import { retryBudget } from "./i11-retry-budget.ts";
import { errorsAreClassified } from "./i12-errors-are-classified.ts";
import { shownInTime } from "./i13-shown-in-time.ts";
import type { Invariant } from "./invariant.ts";
import { drained } from "./liveness/d-drained.ts";
import { eventuallyTerminal, progressInDegradedCore } from "./liveness/l1-eventually-terminal.ts";
import { nothingLeft } from "./liveness/l3-nothing-left.ts";
import { looksFollowEachOther } from "./t-transitions.ts";
import { changesAreTold } from "./told/n-notices.ts";
import { rightWorkers } from "./w-witness.ts";

/** In the order in which a reader wants to hear of them. */
export const invariants: readonly Invariant[] = [
  outputAgrees,
  statusAgreesWithEffect,
  terminalAbsorbs,
  eventuallyTerminal,
  endsAsPromised,
  nothingElseChanged,
  rightWorkers,
  atMostOneEffect,
  importedOnce,
  shownInTime,
  changesAreTold,
  noAcknowledgedStatusLost,
  noPhantomStatus,
  acceptedJobsSurvive,
  looksFollowEachOther,
  // A job that breaks another invariant mostly breaks the contract too; the other one says more.
  contractKept,
  oneValidOwner,
  retryBudget,
  errorsAreClassified,
  progressInDegradedCore,
  drained,
  nothingLeft,
];
