import { reportingSteps } from "../../contracts/step.ts";
import type { Millis } from "../../contracts/values.ts";
import type { Call } from "../history/calls.ts";
import type { JobHistory } from "../history/job-history.ts";
import { between, type Contradiction, type Invariant, seconds } from "./invariant.ts";

/** A call may be tried this often at once, and after that once in this many milliseconds on average. */
const burst = 25;
const perTryMs: Millis = 2_000;
/** So many waits in a row that grow exactly as a back-off without jitter are no accident (1 in 10^7 with full jitter). */
const tellingWaits = 8;
/** A back-off without jitter shows in its first waits; among thousands, as of claims that nobody takes, some are alike by chance. */
const firstWaits = 32;
const likeness = 0.05;

export const retryBudget: Invariant = {
  id: "I11",
  name: "retry budget",
  definition:
    "During an outage calls are repeated a bounded number of times, with jitter, so that nothing is flooded when it is over.",
  applies: (history) => repeated(history).length > 0,
  witnesses: (history) => repeated(history).flatMap((tries) => [...overBudget(tries), ...inStep(tries)]),
};

/** Tries of the same call by the same worker, where there is more than one. */
const repeated = (history: JobHistory): Call[][] => [...reportsAgain(history), ...claimsAgain(history)];

const reportsAgain = ({ steps }: JobHistory): Call[][] =>
  reportingSteps.flatMap((step) => {
    if (steps[step].length < 2) return [];
    const tries = Map.groupBy(steps[step], ({ by, facts }) => `${by} ${facts.attempt}`);
    return [...tries.values()].filter(({ length }) => length > 1);
  });

/** Claims of one worker of which all but the last failed; one that was answered, with a job or without, ends a row of them. */
function claimsAgain({ claims }: JobHistory): Call[][] {
  const rows: Call[][] = [];
  for (const own of Map.groupBy(claims, ({ by }) => by).values()) {
    let row: Call[] = [];
    for (const claim of own) {
      if (row.length === 0) rows.push(row);
      row.push(claim);
      if (claim.outcome === "ok") row = [];
    }
  }
  return rows.filter(({ length }) => length > 1);
}

function overBudget(tries: readonly Call[]): Contradiction[] {
  const [first, last] = [tries[0], tries.at(-1)] as [Call, Call];
  const allowed = burst + (last.at - first.sent) / perTryMs;
  return tries.length <= allowed
    ? []
    : [
        between(
          `${first.by} sent ${first.exchange.operation} ${tries.length} times until ${seconds(last.at)}, ${Math.floor(allowed)} are allowed`,
          first.exchange,
          last.exchange,
        ),
      ];
}

/** Everyone who waits without jitter comes back at the same moment. */
function inStep(tries: readonly Call[]): Contradiction[] {
  // A try that succeeded ends a back-off; the wait before it belongs to it as well.
  let waits: number[] = [];
  for (const [i, call] of tries.slice(1, 1 + firstWaits).entries()) {
    const before = tries[i] as Call;
    waits = before.outcome === "ok" ? [] : [...waits, call.sent - before.at];
    if (waits.length >= tellingWaits && waits.slice(-tellingWaits).every(isInStep))
      return [
        between(
          `${call.by} repeats ${call.exchange.operation} in step, without jitter: ${tellingWaits} waits that double or stay`,
          (tries[i + 1 - tellingWaits] as Call).exchange,
          call.exchange,
        ),
      ];
  }
  return [];
}

/** Twice the wait before or the same, or the first one at the cap: less than twice, and then the same again. */
function isInStep(wait: Millis, i: number, waits: readonly Millis[]): boolean {
  if (i === 0) return true;
  const growth = wait / (waits[i - 1] as Millis);
  const next = waits[i + 1];
  return (
    near(growth, 2) ||
    near(growth, 1) ||
    (growth > 1 && growth < 2 && next !== undefined && near(next / wait, 1))
  );
}

const near = (value: number, target: number): boolean => Math.abs(value - target) <= likeness * target;
