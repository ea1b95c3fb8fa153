import type { Mutant } from "../../contracts/in-process.ts";
import { isAsDeclared, type Kill } from "../mutants/kill.ts";
import { type Again, isKilledAgain } from "../mutants/kill-again.ts";
import { printReplay } from "../replay/replay.ts";
import { printFault, printSite, type Schedule } from "../schedule/schedule.ts";
import { median } from "./quantile.ts";

export interface KillSummary {
  /** Mutants, and how many of them were killed as declared. */
  mutants: number;
  killed: number;
  controls: number;
  green: number;
  /** Milliseconds until a mutant was killed, and for everything. */
  medianMillis: number;
  totalMillis: number;
}

export function summaryOf(kills: readonly Kill[]): KillSummary {
  const mutants = kills.filter(({ invariant }) => invariant !== null);
  const controls = kills.filter(({ invariant }) => invariant === null);
  return {
    mutants: mutants.length,
    killed: mutants.filter(isAsDeclared).length,
    controls: controls.length,
    green: controls.filter(isAsDeclared).length,
    medianMillis: median(mutants.map(({ millis }) => millis)),
    totalMillis: kills.reduce((sum, { millis }) => sum + millis, 0),
  };
}

/**
 * Which invariant killed which mutant, in how many schedules and milliseconds, and the shortest story of each kill;
 * with what became of it in containers, for those that were tried there. `mutants` are those of the kills, in order.
 */
export function mutantsReport(
  kills: readonly Kill[],
  mutants: readonly Mutant[],
  again: readonly Again[] = [],
): string {
  const summary = summaryOf(kills);
  const passed = kills.every(isAsDeclared) && again.every(isKilledAgain);
  return [
    ...kills.flatMap((kill, i) => [
      ...linesOf(kill, mutants[i] as Mutant),
      ...again.filter(({ id }) => id === kill.id).flatMap(linesAgain),
    ]),
    "",
    [
      `${passed ? "PASS" : "FAIL"}: ${summary.killed} of ${summary.mutants} mutants killed by their own invariant`,
      `, ${summary.green} of ${summary.controls} controls green`,
      `; median ${summary.medianMillis.toFixed(0)} ms, total ${(summary.totalMillis / 1000).toFixed(1)} s`,
    ].join(""),
    ...(again.length === 0 ? [] : [inContainers(again)]),
  ].join("\n");
}

function inContainers(again: readonly Again[]): string {
  const seconds = median(again.map(({ millis }) => millis)) / 1000;
  const killed = again.filter(isKilledAgain).length;
  return `in containers: ${killed} of ${again.length} killed again by the same counterexample; median ${seconds.toFixed(1)} s`;
}

function linesAgain(again: Again): string[] {
  const { file, replay, millis } = again;
  const well = isKilledAgain(again);
  const head = `  ${well ? "✓" : "✕"} containers: ${replay.verdict} in ${(millis / 1000).toFixed(1)} s (${file})`;
  return [head, ...(well ? [] : printReplay(replay).map((line) => `    > ${line}`))];
}

function linesOf(kill: Kill, { description, minimalFaults }: Mutant): string[] {
  const { id, invariant, verdict, counterexample, broken, schedules, millis } = kill;
  const well = isAsDeclared(kill);
  const cost = `${String(schedules).padStart(6)} schedules ${millis.toFixed(0).padStart(6)} ms`;
  const head = `${well ? "✓" : "✕"} ${verdict.padEnd(12)} ${(invariant ?? "-").padEnd(3)} ${cost}  ${id}: ${description}`;
  return [
    head,
    ...(counterexample === null ? [] : storyOf(counterexample.schedule).map((line) => `      ${line}`)),
    ...(well ? [] : (counterexample?.expected.witnesses ?? []).map((witness) => `    > ${witness}`)),
    ...(verdict === "missed"
      ? [`    > ${invariant} never broke; others that did: ${broken.join(", ") || "none"}`]
      : []),
    ...(verdict === "other number" ? [`    > declared are ${minimalFaults} faults`] : []),
  ];
}

function storyOf({ workload, faults }: Schedule): string[] {
  const jobs = workload.jobs.map(({ scenario, engine }) => `${scenario} on ${engine}`).join(", ");
  const what = faults.map(({ at, fault }) => `${printSite(at)}: ${printFault(fault)}`);
  return what.length === 0 ? [`${jobs}, no fault`] : what.map((line) => `${jobs}, ${line}`);
}
