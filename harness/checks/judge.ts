import type { Violation } from "../cells/cell.ts";
import type { CellFacts, Check } from "./check.ts";
import { contractKept } from "./contract-kept.ts";
import { endsAsPromised } from "./ends-as-promised.ts";
import { eventuallyTerminal } from "./eventually-terminal.ts";
import { outputAgrees } from "./output-agrees.ts";
import { statusAgreesWithEffect } from "./status-agrees-with-effect.ts";
import { terminalAbsorbs } from "./terminal-absorbs.ts";

/** In the order in which a reader wants to hear of them. */
export const checks: readonly Check[] = [
  outputAgrees,
  statusAgreesWithEffect,
  terminalAbsorbs,
  eventuallyTerminal,
  endsAsPromised,
  contractKept,
];

/** Every broken promise of one cell. */
export const judge = (facts: CellFacts): Violation[] =>
  checks
    .filter((check) => check.applies(facts))
    .map(({ id, definition, witnesses }) => ({ check: id, definition, witnesses: witnesses(facts) }))
    .filter(({ witnesses }) => witnesses.length > 0);

/** How often each check was put to the test. */
export const triggerCounts = (all: readonly CellFacts[]): Record<string, number> =>
  Object.fromEntries(checks.map(({ id, applies }) => [id, all.filter(applies).length]));
