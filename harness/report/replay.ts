import type { Causality } from "../causality/strip.ts";
import { coverageLines, coverageOf } from "../coverage/coverage.ts";
import type { HistoryEvent } from "../history/event.ts";
import { historyStory } from "../history/story.ts";
import { type BrokenInvariant, type Starved, violationOf } from "../invariants/judge.ts";
import type { Replay } from "../replay/replay.ts";
import { pathOf } from "../schedule/paths.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { exitOf } from "../verdict.ts";
import { causalityLines } from "./causality.ts";
import { type Case, looseViolations, type Report } from "./report.ts";
import { printSchedule } from "./schedule.ts";

/** What was replayed: a counterexample or a schedule from a file, and what it came to. */
export interface Replayed {
  file: string;
  schedule: Schedule;
  events: readonly HistoryEvent[];
  replay: Replay;
  /** The command that repeats it. */
  command: string;
  /** Null where nothing broke of which it could be said; absent where it was not asked for. */
  causality?: Causality | null | undefined;
}

export function replayReport({ file, schedule, events, replay, command, causality }: Replayed): Report {
  const { verdict, rig } = replay;
  const [head, ...more] = printReplay(replay) as [string, ...string[]];
  // Nothing was run where the rig cannot break what it was asked to.
  const story = events.length === 0 ? [] : historyStory(events);
  const coverage = events.length === 0 ? null : coverageOf(events);
  const covered = coverage === null ? [] : coverageLines(coverage);
  const title = printSchedule(schedule).join("\n");
  return {
    title: `replay ${file} on ${rig}`,
    verdict,
    reasons: verdict === "pass" ? [] : [reasonOf(replay, head)],
    cases: [
      {
        path: pathOf(schedule),
        verdict,
        ...seenIn(replay, head, more, story),
        repeat: command,
        histories:
          events.length === 0
            ? []
            : [{ title, events, about: "everything", ...(causality ? { causality } : {}) }],
      },
    ],
    coverage: covered,
    text: [
      ...printSchedule(schedule).map((line) => `  ${line}`),
      ...covered,
      ...story,
      head,
      ...more,
      ...(causality === undefined ? [] : causalityLines(causality, events)),
    ].join("\n"),
    data: { file, ...replay, coverage, ...(causality === undefined ? {} : { causality }) },
  };
}

/** Of a replay that stood still at a place: a history that was cut short cannot be judged. */
export function stoppedReport(
  place: string,
  history: string,
  { file, schedule }: Pick<Replayed, "file" | "schedule">,
): Report {
  const reason = `stood still at ${place}: the rest was not run and nothing is judged; ${history} holds what was seen`;
  return {
    title: `replay ${file} until ${place}`,
    verdict: "missing",
    reasons: [reason],
    cases: [{ path: pathOf(schedule), verdict: "missing", violations: [], reason, story: [] }],
    text: [...printSchedule(schedule).map((line) => `  ${line}`), reason].join("\n"),
    data: { file, until: place, isStopped: true, verdict: "missing", exit: exitOf.missing },
  };
}

/** Of a replay that never came to a place where it was to stand still, whatever else came of it. */
export function unreachedReport(place: string, whole: Report): Report {
  const reason = `it never came to ${place}`;
  return {
    ...whole,
    verdict: "missing",
    reasons: [reason, ...whole.reasons],
    text: `${whole.text}\n${reason}`,
    data: {
      ...(whole.data as object),
      until: place,
      isStopped: false,
      verdict: "missing",
      exit: exitOf.missing,
    },
  };
}

const reasonOf = ({ outcome, broken, loose }: Replay, head: string): string =>
  outcome === "broken"
    ? [
        ...broken.map(({ invariant, job }) => `${invariant} of job ${job} is broken`),
        ...(loose.length > 0 ? ["calls outside of any job departed from the contract"] : []),
      ].join("; ")
    : head;

/** What broke instead of the foretold invariant is no violation of the case: it has no verdict. */
function seenIn(
  { verdict, broken, loose }: Replay,
  reason: string,
  more: readonly string[],
  story: readonly string[],
): Pick<Case, "violations" | "reason" | "story"> {
  if (verdict === "pass") return { violations: [], story: [] };
  if (verdict !== "violation") return { violations: [], reason, story: [...more, ...story] };
  return { violations: [...broken.map(violationOf), ...looseViolations(loose)], reason, story };
}

/** The verdict for a reader, a line each. */
export function printReplay(replay: Replay): string[] {
  const { rig, outcome, broken, starved, loose, unfired, identical } = replay;
  if (replay.historyHash === null)
    return [`invalid: nothing was run, since these faults are beyond the ${rig} rig:`, ...unfired];
  if (outcome === "invalid")
    return ["invalid: the run proves nothing, these faults did not fire:", ...unfired];
  return [
    headOf(replay),
    ...broken.map(printBroken),
    ...starved.map(printStarved),
    ...loose,
    ...(identical === null ? [] : [printIdentity(identical)]),
  ];
}

function headOf({ outcome, expected, broken }: Replay): string {
  if (outcome === "starved") return "no verdict: a job was not done in time on a starved machine:";
  if (outcome === "unjudged") return "no verdict: of some calls too much was possible to judge them";
  if (expected === null) return outcome === "whole" ? "whole: no invariant broke" : "broken:";
  if (outcome === "repeated") return "repeated: the same invariant broke again";
  const instead = broken.length === 0 ? "nothing broke" : "what broke instead:";
  return `did not repeat: ${expected.invariant} of job ${expected.job} stayed whole; ${instead}`;
}

export const printBroken = ({ invariant, job, witnesses }: BrokenInvariant): string =>
  `${invariant}, job ${job}: ${witnesses.join("; ")}`;

export const printStarved = ({ job, reason }: Starved): string => `job ${job}: ${reason}`;

const printIdentity = (identical: boolean): string =>
  identical
    ? "the history is identical to the recorded one"
    : "the history is not the recorded one: the builds or Interlock have changed since";
