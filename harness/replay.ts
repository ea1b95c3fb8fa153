import { type BrokenInvariant, judgeHistory } from "./checks/invariants/judge.ts";
import type { Counterexample } from "./counterexample.ts";
import { exitCode } from "./errors.ts";
import { historyHash } from "./history/hash.ts";
import type { Run } from "./rigs/in-process/run.ts";
import { printFault, printSite } from "./schedule/schedule.ts";

/** What came of running a counterexample again. */
export interface Replay {
  rig: string;
  verdict: "repeated" | "not-repeated" | "invalid";
  /** 1: the violation is there again. 2: it is not, or the run proves nothing; the evidence no longer holds. */
  exit: number;
  expected: Counterexample["expected"];
  broken: readonly BrokenInvariant[];
  /** Faults that did not fire, in words. */
  unfired: readonly string[];
  historyHash: string;
  /** Whether the history is the recorded one; null on rigs with a clock of their own. */
  identical: boolean | null;
}

export function judgeReplay(
  { expected, historyHash: recorded }: Counterexample,
  rig: string,
  run: Run,
): Replay {
  // What proves nothing is not judged; it may never have been run.
  const broken = run.unfired.length > 0 ? [] : judgeHistory(run.events).broken;
  const unfired = run.unfired.map(({ at, fault }) => `${printSite(at)}: ${printFault(fault)}`);
  const again = broken.some(({ invariant, job }) => invariant === expected.invariant && job === expected.job);
  const verdict = unfired.length > 0 ? "invalid" : again ? "repeated" : "not-repeated";
  const hash = historyHash(run.events);
  return {
    rig,
    verdict,
    exit: verdict === "repeated" ? exitCode.violation : exitCode.missing,
    expected,
    broken,
    unfired,
    historyHash: hash,
    identical: rig === "simulated" ? hash === recorded : null,
  };
}

/** The verdict for a reader, a line each. */
export function printReplay({ verdict, expected, broken, unfired, identical }: Replay): string[] {
  if (verdict === "invalid")
    return ["invalid: the run proves nothing, these faults did not fire:", ...unfired];
  const head =
    verdict === "repeated"
      ? "repeated: the same invariant broke again"
      : `did not repeat: ${expected.invariant} of job ${expected.job} stayed whole; ${broken.length === 0 ? "nothing broke" : "what broke instead:"}`;
  return [head, ...broken.map(printBroken), ...(identical === null ? [] : [printIdentity(identical)])];
}

export const printBroken = ({ invariant, job, witnesses }: BrokenInvariant): string =>
  `${invariant}, job ${job}: ${witnesses.join("; ")}`;

const printIdentity = (identical: boolean): string =>
  identical
    ? "the history is identical to the recorded one"
    : "the history is not the recorded one: the builds or Interlock have changed since";
