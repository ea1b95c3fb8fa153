import { exitCode } from "../errors.ts";
import { historyHash } from "../history/hash.ts";
import { type BrokenInvariant, judgeHistory } from "../invariants/judge.ts";
import type { Run } from "../rigs/run.ts";
import { printFault, printSite } from "../schedule/schedule.ts";
import type { Counterexample } from "./counterexample.ts";

/** What came of running a counterexample again, or a schedule of which nothing was foretold. */
export interface Replay {
  rig: string;
  verdict: "repeated" | "not-repeated" | "whole" | "broken" | "invalid";
  /** 0: nothing broke, nor was it foretold. 1: an invariant is broken. 2: not the foretold one, or the run proves nothing. */
  exit: number;
  /** Null for a schedule alone. */
  expected: Counterexample["expected"] | null;
  broken: readonly BrokenInvariant[];
  /** Faults that did not fire, in words. */
  unfired: readonly string[];
  /** Null where nothing was run: the rig cannot break what it was asked to. */
  historyHash: string | null;
  /** Whether the history is the recorded one; null on rigs with a clock of their own. */
  identical: boolean | null;
}

export function judgeReplay(counterexample: Counterexample | null, rig: string, run: Run): Replay {
  const expected = counterexample?.expected ?? null;
  // What proves nothing is not judged; it may never have been run.
  const broken = run.unfired.length > 0 ? [] : judgeHistory(run.events).broken;
  const unfired = run.unfired.map(({ at, fault }) => `${printSite(at)}: ${printFault(fault)}`);
  const verdict =
    unfired.length > 0 ? "invalid" : expected === null ? plainly(broken) : comparedWith(expected, broken);
  const hash = run.events.length === 0 ? null : historyHash(run.events);
  return {
    rig,
    verdict,
    exit: exits[verdict],
    expected,
    broken,
    unfired,
    historyHash: hash,
    identical: rig === "simulated" && counterexample !== null ? hash === counterexample.historyHash : null,
  };
}

const exits: Record<Replay["verdict"], number> = {
  whole: exitCode.go,
  broken: exitCode.violation,
  repeated: exitCode.violation,
  "not-repeated": exitCode.missing,
  invalid: exitCode.missing,
};

const plainly = (broken: readonly BrokenInvariant[]): Replay["verdict"] =>
  broken.length === 0 ? "whole" : "broken";

const comparedWith = (
  expected: Counterexample["expected"],
  broken: readonly BrokenInvariant[],
): Replay["verdict"] =>
  broken.some(({ invariant, job }) => invariant === expected.invariant && job === expected.job)
    ? "repeated"
    : "not-repeated";

/** The verdict for a reader, a line each. */
export function printReplay(replay: Replay): string[] {
  const { rig, verdict, expected, broken, unfired, identical } = replay;
  if (replay.historyHash === null)
    return [`invalid: nothing was run, since these faults are beyond the ${rig} rig:`, ...unfired];
  if (verdict === "invalid")
    return ["invalid: the run proves nothing, these faults did not fire:", ...unfired];
  return [
    headOf(verdict, expected, broken),
    ...broken.map(printBroken),
    ...(identical === null ? [] : [printIdentity(identical)]),
  ];
}

function headOf(
  verdict: Replay["verdict"],
  expected: Replay["expected"],
  broken: readonly BrokenInvariant[],
): string {
  if (expected === null) return verdict === "whole" ? "whole: no invariant broke" : "broken:";
  if (verdict === "repeated") return "repeated: the same invariant broke again";
  const instead = broken.length === 0 ? "nothing broke" : "what broke instead:";
  return `did not repeat: ${expected.invariant} of job ${expected.job} stayed whole; ${instead}`;
}

export const printBroken = ({ invariant, job, witnesses }: BrokenInvariant): string =>
  `${invariant}, job ${job}: ${witnesses.join("; ")}`;

const printIdentity = (identical: boolean): string =>
  identical
    ? "the history is identical to the recorded one"
    : "the history is not the recorded one: the builds or Interlock have changed since";
