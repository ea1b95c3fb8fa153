import type { AttestedBuild, HistoryEvent } from "../history/event.ts";
import { jobHistories } from "../history/job-history.ts";
import { type MachineFigures, machineIn } from "../history/machine.ts";
import { jobStories } from "../history/story.ts";
import { type Judgement, judgeHistory, type Violation, violationOf } from "../invariants/judge.ts";
import { exitOf, type Verdict, verdicts, worstOf } from "../invariants/verdict.ts";
import type { Pathed } from "../schedule/paths.ts";

export interface CellResult {
  path: string;
  verdict: Verdict;
  violations: readonly Violation[];
  /** Why it has no verdict; absent where it has one. */
  reason?: string;
  /** Who saw what, in order, a line each; for a cell that is not green. */
  story: readonly string[];
  job: string | null;
  /** From the job's issue until its last exchange: real time in a run's result, the history's own from `judgeCells`. */
  millis: number;
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
}

type Gathered = Omit<RunResult, "schema" | "verdict" | "exit" | "reasons" | "counts">;

/** What a history says of its cells, which are the jobs of its schedule in their order. */
export function judgeCells(
  cells: readonly Pathed[],
  events: readonly HistoryEvent[],
  judgement: Judgement = judgeHistory(events),
): Pick<RunResult, "cells" | "triggers" | "loose" | "notCompared" | "machine"> {
  const { broken, starved, loose, triggered } = judgement;
  const starvedBy = new Map(starved.map(({ job, reason }) => [job, reason]));
  const brokenBy = Map.groupBy(broken, ({ job }) => job);
  const times = timesOf(events);
  const storyOf = broken.length + starved.length === 0 ? () => [] : jobStories(events);
  const ids = new Map(events.flatMap((event) => (event.kind === "final" ? [[event.number, event.job]] : [])));
  return {
    loose,
    notCompared: events.flatMap((event) => (event.kind === "world" ? event.notCompared : [])),
    machine: machineIn(events),
    triggers: Object.fromEntries(Object.entries(triggered).map(([id, { jobs }]) => [id, jobs])),
    cells: cells.map(({ path }, i): CellResult => {
      const number = i + 1;
      const head = { path, job: ids.get(number) ?? null, millis: times.get(number) ?? 0 };
      // What is broken about a job that was never issued says nothing about the system.
      if (!times.has(number))
        return { ...head, verdict: "missing", violations: [], reason: notIssued, story: [] };
      const reason = starvedBy.get(number);
      if (reason !== undefined)
        return { ...head, verdict: "infrastructure", violations: [], reason, story: storyOf(number) };
      const violations = (brokenBy.get(number) ?? []).map(violationOf);
      return violations.length === 0
        ? { ...head, verdict: "pass", violations, story: [] }
        : { ...head, verdict: "violation", violations, story: storyOf(number) };
    }),
  };
}

const notIssued = "its job was never issued: those before it did not end in their time";

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
  if (gathered.identities.length === 0 || gathered.identities.some(({ digest }) => digest === "")) {
    reasons.push(["missing", "a component's version is not attested"]);
  }
  const verdict = worstOf(reasons.map(([kind]) => kind));
  const exit = exitOf[verdict];
  return { schema: 2, ...gathered, counts, verdict, exit, reasons: reasons.map(([, text]) => text) };
}

/** By the number of each job that was issued: from its issue until its last exchange. */
const timesOf = (events: readonly HistoryEvent[]): Map<number, number> =>
  new Map(
    jobHistories(events).flatMap(({ number, calls }) => {
      const [first, last] = [calls[0], calls.at(-1)];
      return first === undefined || last === undefined ? [] : [[number, last.at - first.sent]];
    }),
  );
