import type { Mutant } from "../../contracts/in-process.ts";
import { commandTo } from "../installation.ts";
import { violationOf } from "../invariants/judge.ts";
import { isAsDeclared, type Kill } from "../mutants/kill.ts";
import { type Again, isKilledAgain } from "../mutants/kill-again.ts";
import { median } from "../quantile.ts";
import { printPlanned, type Schedule } from "../schedule/schedule.ts";
import { exitOf, type Verdict } from "../verdict.ts";
import { printReplay } from "./replay.ts";
import type { Case, Report } from "./report.ts";

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

/** What was killed and what stayed green, in process and again in containers. `mutants` are those of the kills, in order. */
export interface MutantsFound {
  kills: readonly Kill[];
  mutants: readonly Mutant[];
  /** Those that were tried in containers. */
  again: readonly Again[];
  rig: "simulated" | "containers";
}

/** With a case a mutant and control, and one more for each that was tried in containers. */
export function mutantsReport(found: MutantsFound): Report {
  const { kills, mutants, again, rig } = found;
  const summary = summaryOf(kills);
  const verdict = verdictOf(found);
  const exit = exitOf[verdict];
  return {
    title: `mutants on ${rig}`,
    verdict,
    reasons: verdict === "pass" ? [] : [summaryLine(found)],
    millis: summary.totalMillis,
    cases: [...kills.map((kill, i) => caseOf(kill, mutants[i] as Mutant)), ...again.map(caseAgain)],
    text: textOf(found),
    data: {
      verdict,
      exit,
      ...summary,
      kills: kills.map(printed),
      containers: again,
    },
  };
}

/** Where no mutant was tried nothing was shown. */
function verdictOf({ kills, again }: MutantsFound): Verdict {
  if (kills.length === 0) return "missing";
  return kills.every(isAsDeclared) && again.every(isKilledAgain) ? "pass" : "violation";
}

function caseOf(kill: Kill, mutant: Mutant): Case {
  const { id, counterexample, millis } = kill;
  const one = { path: `mutants/simulated/${id}`, millis, ...historiesOf(kill) };
  if (isAsDeclared(kill)) return { ...one, verdict: "pass", violations: [], story: [] };
  return {
    ...one,
    verdict: "violation",
    violations: counterexample === null ? [] : [violationOf(counterexample.expected)],
    reason: `${kill.verdict}: ${mutant.description}`,
    story: linesOf(kill, mutant),
  };
}

/** Histories are for the page. */
const printed = ({ events: _events, ...kill }: Kill): Omit<Kill, "events"> => kill;

const historiesOf = ({ counterexample, events }: Kill): Pick<Case, "histories"> =>
  events.length === 0
    ? {}
    : {
        histories: [
          { title: `the run that broke ${counterexample?.expected.invariant}`, events, about: "everything" },
        ],
      };

function caseAgain(again: Again): Case {
  const { id, file, replay, millis } = again;
  const path = `mutants/containers/${id}`;
  if (isKilledAgain(again)) return { path, verdict: "pass", violations: [], story: [], millis };
  const [reason, ...story] = printReplay(replay);
  const repeat = commandTo("replay", file, "--rig", "containers");
  return { path, verdict: "violation", violations: [], reason, story, millis, repeat };
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
 * with what became of it in containers, for those that were tried there.
 */
function textOf(found: MutantsFound): string {
  const { kills, mutants, again } = found;
  return [
    ...kills.flatMap((kill, i) => [
      ...linesOf(kill, mutants[i] as Mutant),
      ...again.filter(({ id }) => id === kill.id).flatMap(linesAgain),
    ]),
    "",
    summaryLine(found),
    ...(again.length === 0 ? [] : [inContainers(again)]),
  ].join("\n");
}

const words: Record<Verdict, string> = {
  pass: "PASS",
  violation: "FAIL",
  missing: "MISSING",
  infrastructure: "INFRASTRUCTURE",
};

function summaryLine(found: MutantsFound): string {
  const { killed, mutants, green, controls, medianMillis, totalMillis } = summaryOf(found.kills);
  return [
    `${words[verdictOf(found)]}: ${killed} of ${mutants} mutants killed by their own invariant`,
    `, ${green} of ${controls} controls green`,
    `; median ${medianMillis.toFixed(0)} ms, total ${(totalMillis / 1000).toFixed(1)} s`,
  ].join("");
}

function inContainers(again: readonly Again[]): string {
  const seconds = median(again.map(({ millis }) => millis)) / 1000;
  const killed = again.filter(isKilledAgain).length;
  return `in containers: ${killed} of ${again.length} killed again by the same counterexample; median ${seconds.toFixed(1)} s`;
}

function linesAgain(again: Again): string[] {
  const { file, replay, millis } = again;
  const well = isKilledAgain(again);
  const head = `  ${well ? "✓" : "✕"} containers: ${replay.outcome} in ${(millis / 1000).toFixed(1)} s (${file})`;
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
  const what = faults.map(printPlanned);
  return what.length === 0 ? [`${jobs}, no fault`] : what.map((line) => `${jobs}, ${line}`);
}
