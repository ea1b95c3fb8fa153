import type { HistoryEvent } from "../history/event.ts";
import { historyStory } from "../history/story.ts";
import type { Judgement } from "../invariants/judge.ts";
import { exitOf, type Verdict, worstOf } from "../invariants/verdict.ts";
import { judgeCells } from "../matrix/result.ts";
import { pathOf } from "../schedule/paths.ts";
import { printBroken, printStarved } from "./replay.ts";
import { type Case, cellCase, looseCases, type Report } from "./report.ts";

/** A recorded history that was judged again. */
export interface Checked {
  file: string;
  events: readonly HistoryEvent[];
  judgement: Judgement;
  /** Faults of its schedule that did not fire, in words. */
  unfired: readonly string[];
}

/** What a check found, with a case a job. A run whose faults did not all fire proves nothing, whatever else is in it. */
export function checkReport(checked: Checked): Report {
  const { file, judgement, unfired } = checked;
  const cases = casesOf(checked);
  const verdict = verdictOf(checked, cases);
  return {
    title: `check ${file}`,
    verdict,
    reasons: reasonsOf(checked, cases),
    cases,
    text: linesOf(checked, cases).join("\n"),
    data: { file, verdict, exit: exitOf[verdict], ...judgement, unfired },
  };
}

const invalid = "invalid: the run proves nothing, these faults did not fire:";

const brokenIn = ({ judgement: { broken, loose } }: Checked): number => broken.length + loose.length;

function verdictOf(checked: Checked, cases: readonly Case[]): Verdict {
  if (checked.unfired.length > 0) return "missing";
  return brokenIn(checked) > 0 ? "violation" : worstOf(cases.map(({ verdict }) => verdict));
}

function reasonsOf(checked: Checked, cases: readonly Case[]): string[] {
  if (checked.unfired.length > 0) return [[invalid, ...checked.unfired].join("\n")];
  const broken = brokenIn(checked);
  return [
    ...(broken > 0 ? [`${broken} broken`] : []),
    ...checked.judgement.starved.map(printStarved),
    ...missingIn(cases),
  ];
}

/** Jobs without a verdict, in words; none where each has one. */
function missingIn(cases: readonly Case[]): string[] {
  const missing = cases.filter(({ verdict }) => verdict === "missing").length;
  return missing > 0 ? [`missing: ${missing} jobs were never issued`] : [];
}

function casesOf({ events, judgement, unfired }: Checked): Case[] {
  // A run that proves nothing has no cases, whatever it looks like.
  if (unfired.length > 0) return [];
  const schedule = events.find((event) => event.kind === "run")?.schedule;
  if (schedule === undefined) return [];
  const { releases, workload } = schedule;
  const paths = workload.jobs.map((job) => ({
    path: pathOf({ releases, workload: { ...workload, jobs: [job] } }),
  }));
  const { cells, loose } = judgeCells(paths, events, judgement);
  // Without times: they are the system's own, and a history does not say how they scale.
  return [...cells.map(cellCase), ...looseCases(releases.api, loose)];
}

function linesOf({ events, judgement, unfired }: Checked, cases: readonly Case[]): string[] {
  const { broken, starved, loose, triggered } = judgement;
  const tested = Object.entries(triggered).flatMap(([id, { jobs }]) => (jobs > 0 ? [id] : []));
  return [
    ...(unfired.length > 0 ? [invalid, ...unfired] : []),
    ...(broken.length + starved.length > 0 ? historyStory(events) : []),
    ...broken.map(printBroken),
    ...starved.map(printStarved),
    ...loose,
    ...missingIn(cases),
    `${events.length} events, ${broken.length + loose.length} broken; put to the test: ${tested.join(", ") || "nothing"}`,
  ];
}
