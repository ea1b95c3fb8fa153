import { type Coverage, coverageOf } from "../coverage/coverage.ts";
import { type Lack, lacksOf } from "../coverage/lacks.ts";
import { onOtherEngine, unproven } from "../coverage/unproven.ts";
import type { AttestedBuild, HistoryEvent, RunEvent } from "../history/event.ts";
import { blockerOf } from "../history/holds.ts";
import { type JobHistory, jobHistories } from "../history/job-history.ts";
import { type MachineFigures, machineIn } from "../history/machine.ts";
import { jobStories } from "../history/story.ts";
import { attestedOf, endingReport, handOuts } from "../history/work.ts";
import { type Judgement, judgeHistory, type Violation, violationOf } from "../invariants/judge.ts";
import type { Pathed } from "../schedule/paths.ts";
import { exitOf, type Verdict, verdicts, worstOf } from "../verdict.ts";

export interface CellResult {
  path: string;
  verdict: Verdict;
  violations: readonly Violation[];
  /** Why it has no verdict; absent where it has one. */
  reason?: string;
  /** Who saw what, in order, a line each; for a cell that is not green. */
  story: readonly string[];
  witness: Witnesses;
  job: string | null;
  /** From the job's issue until its last exchange: real time in a run's result, the history's own from `judgeCells`. */
  millis: number;
}

/** The workers that a cell's job was handed to first and ended by; null where nobody was. */
export interface Witnesses {
  claimed: AttestedBuild | null;
  finished: AttestedBuild | null;
}

/** Who a component proved to be, and how that was tried. */
export interface Identity extends AttestedBuild {
  probe: string;
}

/** All that a run found: the one object that `--json` prints and every report is made from. */
export interface RunResult {
  schema: 2;
  runId: string;
  api: string;
  /** As the config names it; absent where it names none, and in older results. */
  database?: string;
  startedAt: string;
  millis: number;
  /** Where logs, history and this object are kept. */
  folder: string;
  verdict: Verdict;
  exit: number;
  /** Why the run is not green, a sentence each; empty when it is. */
  reasons: readonly string[];
  counts: Record<Verdict, number>;
  identities: readonly Identity[];
  /** How many jobs put each invariant to the test. */
  triggers: Record<string, number>;
  /** What the machine did from the first job's issue to the last look; null where that was not measured. */
  machine: MachineFigures | null;
  /** Departures from the contract outside of any cell's job. */
  loose: readonly string[];
  /** Where the world was not compared, with the reason. */
  notCompared: readonly string[];
  cells: readonly CellResult[];
  coverage: Coverage;
  /** What had to be exercised and was not. */
  lacks: readonly Lack[];
  /** How many cells the whole matrix has, and whether this is only a part of it. */
  of: number;
  partial: boolean;
}

type Gathered = Omit<RunResult, "schema" | "verdict" | "exit" | "reasons" | "counts" | "partial">;

/** What is judged of a matrix by its history alone. */
type Judged = Pick<
  RunResult,
  "cells" | "triggers" | "loose" | "notCompared" | "machine" | "coverage" | "lacks" | "of"
>;

/** What a history says of its cells, which are the jobs of its schedule in their order. */
export function judgeCells(
  cells: readonly Pathed[],
  events: readonly HistoryEvent[],
  judgement: Judgement = judgeHistory(events),
): Judged {
  const { broken, starved, loose, triggered, unjudged } = judgement;
  const run = events.find((event) => event.kind === "run") as HistoryEvent & RunEvent;
  const jobs = jobHistories(events).toSorted((a, b) => a.number - b.number);
  const coverage = coverageOf(events, judgement);
  const starvedBy = new Map(starved.map(({ job, reason }) => [job, reason]));
  const brokenBy = Map.groupBy(broken, ({ job }) => job);
  const storyOf = jobStories(events);
  return {
    loose,
    notCompared: events.flatMap((event) => (event.kind === "world" ? event.notCompared : [])),
    machine: machineIn(events),
    triggers: Object.fromEntries(Object.entries(triggered).map(([id, { jobs: times }]) => [id, times])),
    coverage,
    lacks: [
      ...(run.matrix === undefined ? [] : lacksOf(coverage, jobs, run.matrix)),
      ...(unjudged === 0
        ? []
        : [{ what: `${unjudged} exchanges could not be judged: too much was possible` }]),
    ],
    of: run.matrix?.cells ?? cells.length,
    cells: cells.map(({ path }, i): CellResult => {
      const job = jobs[i] as JobHistory;
      const violations = (brokenBy.get(job.number) ?? []).map(violationOf);
      const found = foundIn(job, jobs, violations, starvedBy.get(job.number), run);
      const story = found.verdict === "pass" || job.calls.length === 0 ? [] : storyOf(job.number);
      return {
        path,
        ...found,
        story,
        witness: witnessesOf(job, run.builds),
        job: job.id,
        millis: timeOf(job),
      };
    }),
  };
}

type Found = Pick<CellResult, "verdict" | "violations" | "reason">;

function foundIn(
  job: JobHistory,
  all: readonly JobHistory[],
  violations: readonly Violation[],
  starved: string | undefined,
  { matrix, builds }: RunEvent,
): Found {
  const missing = (reason: string): Found => ({ verdict: "missing", violations: [], reason });
  // What is broken about a job that was never issued says nothing about the system.
  if (job.calls.length === 0)
    return missing([notIssued, blockerOf(job, all)].filter((part) => part !== null).join("; "));
  if (starved !== undefined) return { verdict: "infrastructure", violations: [], reason: starved };
  const broken = violations.map(({ invariant }) => invariant);
  const elsewhere = matrix === undefined ? null : onOtherEngine(job, broken);
  if (elsewhere !== null) return missing(elsewhere);
  if (violations.length > 0) return { verdict: "violation", violations };
  const open = matrix === undefined ? [] : unproven(job, builds);
  return open.length === 0 ? { verdict: "pass", violations } : missing(open.join("; "));
}

export const notIssued = "its job was never issued: those before it did not end in their time";

function witnessesOf(job: JobHistory, builds: readonly AttestedBuild[]): Witnesses {
  const known = (by: string | undefined) => (by === undefined ? null : (attestedOf(by, builds) ?? null));
  return { claimed: known(handOuts(job)[0]?.by), finished: known(endingReport(job)?.by) };
}

/** The verdict over everything: green needs at least one cell, all of them green, every component attested. */
export function summarise(gathered: Gathered): RunResult {
  const counts = Object.fromEntries(
    verdicts.map((verdict) => [verdict, gathered.cells.filter((cell) => cell.verdict === verdict).length]),
  ) as Record<Verdict, number>;
  const reasons: [Verdict, string][] = [];
  if (counts.violation > 0) reasons.push(["violation", `${counts.violation} cells broke an invariant`]);
  if (gathered.loose.length > 0) {
    reasons.push([
      "violation",
      `${gathered.loose.length} exchanges outside of any job departed from the contract`,
    ]);
  }
  if (counts.infrastructure > 0) {
    const why = gathered.cells.find(({ verdict }) => verdict === "infrastructure")?.reason;
    const first = why === undefined ? "" : `, the first since ${why}`;
    reasons.push(["infrastructure", `${counts.infrastructure} cells could not be tried${first}`]);
  }
  if (gathered.cells.length === 0) reasons.push(["missing", "no cell was tried"]);
  if (counts.missing > 0) reasons.push(["missing", `${counts.missing} cells have no verdict`]);
  for (const { what } of gathered.lacks) reasons.push(["missing", what]);
  if (gathered.identities.length === 0 || gathered.identities.some(({ digest }) => digest === "")) {
    reasons.push(["missing", "a component's version is not attested"]);
  }
  const verdict = worstOf(reasons.map(([kind]) => kind));
  const exit = exitOf[verdict];
  const partial = gathered.cells.length < gathered.of;
  return { schema: 2, ...gathered, partial, counts, verdict, exit, reasons: reasons.map(([, text]) => text) };
}

/** A part of the matrix is called one wherever it is named. */
export const partOf = (cells: number, of: number): string =>
  cells < of ? ` (${cells} of ${of}, partial)` : "";

/** From its issue until its last exchange. */
function timeOf({ calls }: JobHistory): number {
  const [first, last] = [calls[0], calls.at(-1)];
  return first === undefined || last === undefined ? 0 : last.at - first.sent;
}
