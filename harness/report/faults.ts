import type { PlantedFault } from "../../contracts/in-process.ts";
import { type Again, isKilledAgain } from "../mutants/kill-again.ts";
import { isAsDeclared, type Kill } from "../mutants/kill-planted.ts";
import { printReplay } from "../replay/replay.ts";
import { printFault, printSite, type Schedule } from "../schedule/schedule.ts";
import { median } from "./quantile.ts";

export interface KillSummary {
  /** Planted faults, and how many of them were killed as declared. */
  planted: number;
  killed: number;
  controls: number;
  green: number;
  /** Milliseconds until a planted fault was killed, and for everything. */
  medianMillis: number;
  totalMillis: number;
}

export function summaryOf(kills: readonly Kill[]): KillSummary {
  const planted = kills.filter(({ invariant }) => invariant !== null);
  const controls = kills.filter(({ invariant }) => invariant === null);
  return {
    planted: planted.length,
    killed: planted.filter(isAsDeclared).length,
    controls: controls.length,
    green: controls.filter(isAsDeclared).length,
    medianMillis: median(planted.map(({ millis }) => millis)),
    totalMillis: kills.reduce((sum, { millis }) => sum + millis, 0),
  };
}

/**
 * Who killed whom, in how many schedules and milliseconds, and the shortest story of each kill; with what became of it
 * in containers, for those that were tried there.
 */
export function faultsReport(
  kills: readonly Kill[],
  faults: readonly PlantedFault[],
  again: readonly Again[] = [],
): string {
  const { planted, killed, controls, green, medianMillis, totalMillis } = summaryOf(kills);
  return [
    ...kills.flatMap((kill, i) => [
      ...linesOf(kill, faults[i] as PlantedFault),
      ...again.filter(({ id }) => id === kill.id).flatMap(linesAgain),
    ]),
    "",
    `${kills.every(isAsDeclared) && again.every(isKilledAgain) ? "PASS" : "FAIL"}: ${killed} of ${planted} planted faults killed by their own invariant, ${green} of ${controls} controls green; median ${medianMillis.toFixed(0)} ms, total ${(totalMillis / 1000).toFixed(1)} s`,
    ...(again.length === 0
      ? []
      : [
          `in containers: ${again.filter(isKilledAgain).length} of ${again.length} killed again by the same counterexample; median ${(median(again.map(({ millis }) => millis)) / 1000).toFixed(1)} s`,
        ]),
  ].join("\n");
}

function linesAgain(again: Again): string[] {
  const { file, replay, millis } = again;
  const well = isKilledAgain(again);
  const head = `  ${well ? "✓" : "✕"} containers: ${replay.verdict} in ${(millis / 1000).toFixed(1)} s (${file})`;
  return [head, ...(well ? [] : printReplay(replay).map((line) => `    > ${line}`))];
}

function linesOf(kill: Kill, { description, minimalFaults }: PlantedFault): string[] {
  const { id, invariant, verdict, counterexample, broken, schedules, millis } = kill;
  const well = isAsDeclared(kill);
  const cost = `${String(schedules).padStart(6)} schedules ${millis.toFixed(0).padStart(6)} ms`;
  const head = `${well ? "✓" : "✕"} ${verdict.padEnd(12)} ${(invariant ?? "-").padEnd(3)} ${cost}  ${id}: ${description}`;
  return [
    head,
    ...(counterexample === null ? [] : storyOf(counterexample.schedule).map((line) => `      ${line}`)),
    ...(well ? [] : (counterexample?.expected.witnesses ?? []).map((witness) => `    > ${witness}`)),
    ...(verdict === "missed"
      ? [`    > ${invariant} never spoke; broken: ${broken.join(", ") || "nothing"}`]
      : []),
    ...(verdict === "other number" ? [`    > ${minimalFaults} injected faults are declared`] : []),
  ];
}

function storyOf({ workload, faults }: Schedule): string[] {
  const jobs = workload.jobs.map(({ statement, engine }) => `${statement} on ${engine}`).join(", ");
  const what = faults.map(({ at, fault }) => `${printSite(at)}: ${printFault(fault)}`);
  return what.length === 0 ? [`${jobs}, nothing injected`] : what.map((line) => `${jobs}, ${line}`);
}
