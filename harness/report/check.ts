import { engineLabel } from "../../contracts/job.ts";
import { coverageLines } from "../coverage/coverage.ts";
import type { Lack } from "../coverage/lacks.ts";
import type { HistoryEvent, RunEvent } from "../history/event.ts";
import { historiesIn } from "../history/job-history.ts";
import { historyStory } from "../history/story.ts";
import type { Judgement } from "../invariants/judge.ts";
import { judgeCells, notIssued, partOf } from "../matrix/result.ts";
import { jobPaths } from "../schedule/paths.ts";
import { exitOf, type Verdict, worstOf } from "../verdict.ts";
import { printBroken, printStarved } from "./replay.ts";
import { type Case, cellCase, historyOfJob, looseCases, type Report } from "./report.ts";

/** A recorded history that was judged, or judged again. */
export interface Checked {
  /** What was judged, where that is more than the file. */
  title?: string;
  file: string;
  events: readonly HistoryEvent[];
  judgement: Judgement;
  /** Faults of its schedule that did not fire, in words. */
  unfired: readonly string[];
}

/** What a check found, with a case a job. A run whose faults did not all fire proves nothing, whatever else is in it. */
export function checkReport(checked: Checked): Report {
  const { file, judgement, unfired, title = `check ${file}` } = checked;
  const judged = judgedOf(checked);
  const { cells, coverage, lacks, of } = judged;
  const verdict = verdictOf(checked, judged);
  const partial = cells.length < of;
  return {
    title: `${title}${partOf(cells.length, of)}`,
    verdict,
    reasons: reasonsOf(checked, judged),
    // A run that proves nothing has no cases, whatever it looks like.
    cases: unfired.length > 0 ? [] : casesOf(checked, judged),
    coverage: coverageLines(coverage),
    text: linesOf(checked, judged).join("\n"),
    data: { file, verdict, exit: exitOf[verdict], ...judgement, unfired, of, partial, coverage, lacks },
  };
}

type Judged = ReturnType<typeof judgeCells>;

/** The jobs of the history's schedule as cells. */
function judgedOf({ events, judgement }: Checked): Judged {
  const { schedule } = runOf(events);
  const paths = jobPaths(schedule);
  const visitors = events.flatMap((event) =>
    event.kind === "final" && event.visitor !== undefined
      ? [{ path: `${schedule.releases.api}/${engineLabel(event.visitor.engine)}/visitor-${event.number}` }]
      : [],
  );
  const judged = judgeCells([...paths, ...visitors], events, judgement);
  return { ...judged, lacks: [...judged.lacks, ...idleVisit(events)] };
}

/** A system that was open to others proves nothing where nobody came, or was only told of a mistake of its own. */
function idleVisit(events: readonly HistoryEvent[]): Lack[] {
  const { visit, builds } = runOf(events);
  const { jobs, loose } = historiesIn(events);
  const known = new Set(["rig", ...builds.map(({ component }) => component)]);
  const isVisited = jobs.length > 0 || loose.some(({ by }) => !known.has(by));
  return visit === undefined || isVisited ? [] : [{ what: "nobody did anything with the system" }];
}

const runOf = (events: readonly HistoryEvent[]): RunEvent =>
  events.find((event) => event.kind === "run") as HistoryEvent & RunEvent;

const invalid = "invalid: the run proves nothing, these faults did not fire:";

const brokenIn = ({ judgement: { broken, loose } }: Checked): number => broken.length + loose.length;

function verdictOf(checked: Checked, { cells, loose, lacks }: Judged): Verdict {
  if (checked.unfired.length > 0) return "missing";
  // A matrix is judged by its cells, as its run has judged it.
  if (runOf(checked.events).matrix === undefined && brokenIn(checked) > 0) return "violation";
  return worstOf([
    ...cells.map(({ verdict }) => verdict),
    ...(loose.length > 0 ? (["violation"] as const) : []),
    ...(lacks.length > 0 ? (["missing"] as const) : []),
  ]);
}

function reasonsOf(checked: Checked, judged: Judged): string[] {
  if (checked.unfired.length > 0) return [[invalid, ...checked.unfired].join("\n")];
  const broken = brokenIn(checked);
  return [
    ...(broken > 0 ? [`${broken} broken`] : []),
    ...checked.judgement.starved.map(printStarved),
    ...missingIn(judged),
  ];
}

/** What has no verdict, in words; nothing where all has one. */
function missingIn({ cells, lacks }: Judged): string[] {
  const missing = cells.filter(({ verdict }) => verdict === "missing");
  const unissued = missing.filter(({ reason }) => reason?.startsWith(notIssued)).length;
  return [
    ...(unissued > 0 ? [`missing: ${unissued} jobs were never issued`] : []),
    ...missing.flatMap(({ path, reason }) =>
      reason?.startsWith(notIssued) ? [] : [`missing: ${path}: ${reason}`],
    ),
    ...lacks.map(({ what }) => `missing: ${what}`),
  ];
}

/** Without times: they are the system's own, and a history does not say how they scale. */
const casesOf = ({ events }: Checked, { cells, loose }: Judged): Case[] => [
  ...cells.map((cell, i) => ({ ...cellCase(cell), ...historyOfJob(events, i + 1) })),
  ...looseCases(runOf(events).schedule.releases.api, loose, events),
];

function linesOf({ events, judgement, unfired }: Checked, judged: Judged): string[] {
  const { broken, starved, loose } = judgement;
  const { coverage, cells, of } = judged;
  return [
    ...(unfired.length > 0 ? [invalid, ...unfired] : []),
    ...(broken.length + starved.length > 0 ? historyStory(events) : []),
    ...broken.map(printBroken),
    ...starved.map(printStarved),
    ...loose,
    ...(unfired.length > 0 ? [] : missingIn(judged)),
    `${events.length} events${partOf(cells.length, of)}, ${broken.length + loose.length} broken; put to the test: ${coverage.invariants.tested.join(", ") || "nothing"}`,
    ...coverageLines(coverage),
  ];
}
