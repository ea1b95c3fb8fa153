import { historyHash } from "../history/hash.ts";
import { allBroken, type BrokenInvariant, judgeHistory, type Starved } from "../invariants/judge.ts";
import type { Run } from "../rigs/run.ts";
import { printPlanned } from "../schedule/schedule.ts";
import { exitOf, type Verdict } from "../verdict.ts";
import type { Counterexample } from "./counterexample.ts";

/** What came of running a counterexample again, or a schedule of which nothing was foretold. */
export interface Replay {
  rig: string;
  verdict: Verdict;
  /** The verdict in detail. */
  outcome: Outcome;
  exit: number;
  /** Null for a schedule alone. */
  expected: Counterexample["expected"] | null;
  broken: readonly BrokenInvariant[];
  /** Jobs that failed by time alone on a starved machine. */
  starved: readonly Starved[];
  /** Departures from the contract outside of any job. */
  loose: readonly string[];
  /** Faults that did not fire, in words, and what keeps the rig from them. */
  unfired: readonly string[];
  /** Exchanges that the model of the service could not judge: too much was possible. */
  unjudged: number;
  /** Null where nothing was run: the rig cannot break what it was asked to. */
  historyHash: string | null;
  /** Whether the history is the recorded one; null on rigs with a clock of their own. */
  identical: boolean | null;
}

const verdictOf = {
  /** A schedule alone broke no invariant. */
  whole: "pass",
  /** A schedule alone broke one. */
  broken: "violation",
  /** A counterexample broke the invariant that it foretold. */
  repeated: "violation",
  /** It did not, whatever else it broke. */
  "not-repeated": "missing",
  /** A fault did not fire: the run proves nothing. */
  invalid: "missing",
  /** Nothing else broke than what a starved machine explains. */
  starved: "infrastructure",
  /** Nothing broke in what could be judged; of the rest too much was possible. */
  unjudged: "missing",
} as const satisfies Record<string, Verdict>;
export type Outcome = keyof typeof verdictOf;

/** @param beside what the run broke beside another one, which it does not show alone */
export function judgeReplay(
  counterexample: Counterexample | null,
  rig: string,
  run: Run,
  beside: readonly BrokenInvariant[] = [],
): Replay {
  const expected = counterexample?.expected ?? null;
  // What proves nothing is not judged; it may never have been run.
  const judgement = run.unfired.length > 0 ? nothing : judgeHistory(run.events);
  const { starved, loose, unjudged } = judgement;
  const broken = [...judgement.broken, ...beside];
  const unfired = run.unfired.map((planned, i) =>
    [printPlanned(planned), run.beyond?.[i] ?? []].flat().join("; "),
  );
  const outcome = outcomeOf({ expected, broken, starved, loose, unfired, unjudged });
  const verdict = verdictOf[outcome];
  const hash = run.events.length === 0 ? null : historyHash(run.events);
  return {
    rig,
    verdict,
    outcome,
    exit: exitOf[verdict],
    expected,
    broken,
    starved,
    loose,
    unfired,
    unjudged,
    historyHash: hash,
    identical: rig === "simulated" && counterexample !== null ? hash === counterexample.historyHash : null,
  };
}

const nothing = { broken: [], starved: [], loose: [], unjudged: 0 };

function outcomeOf({
  expected,
  broken,
  starved,
  loose,
  unfired,
  unjudged,
}: Pick<Replay, "expected" | "broken" | "starved" | "loose" | "unfired" | "unjudged">): Outcome {
  if (unfired.length > 0) return "invalid";
  const all = allBroken({ broken, loose });
  if (expected === null && all.length > 0) return "broken";
  const isForetold = ({ invariant, job }: BrokenInvariant) =>
    invariant === expected?.invariant && job === expected.job;
  if (all.some(isForetold)) return "repeated";
  if (starved.length > 0) return "starved";
  if (expected !== null) return "not-repeated";
  return unjudged > 0 ? "unjudged" : "whole";
}
