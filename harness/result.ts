import { type CellResult, type Verdict, verdicts } from "./cells/cell.ts";
import { exitCode } from "./errors.ts";
import type { HistoryEvent } from "./history/event.ts";
import type { Identity } from "./rigs/containers/system/greet.ts";

/** All that a run found: the one object that `--json` prints and every report is made from. */
export interface RunResult {
  schema: 1;
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
  /** How often each check was put to the test. */
  triggers: Record<string, number>;
  /** Departures from the contract outside of any cell's job. */
  loose: readonly string[];
  cells: readonly CellResult[];
}

type Gathered = Omit<RunResult, "schema" | "verdict" | "exit" | "reasons" | "counts">;

/** The verdict over everything: green needs at least one cell, all of them green, every component attested. */
export function summarise(gathered: Gathered): RunResult {
  const counts = Object.fromEntries(
    verdicts.map((verdict) => [verdict, gathered.cells.filter((cell) => cell.verdict === verdict).length]),
  ) as Record<Verdict, number>;
  const reasons: [Verdict, string][] = [];
  if (counts.violation > 0) reasons.push(["violation", `${counts.violation} cells broke a promise`]);
  if (gathered.loose.length > 0) {
    reasons.push([
      "violation",
      `${gathered.loose.length} exchanges outside of any job departed from the contract`,
    ]);
  }
  if (counts.infrastructure > 0)
    reasons.push(["infrastructure", `${counts.infrastructure} cells could not be tried`]);
  if (gathered.cells.length === 0) reasons.push(["missing", "no cell was tried"]);
  if (counts.missing > 0) reasons.push(["missing", `${counts.missing} cells have no verdict`]);
  if (gathered.identities.length === 0 || gathered.identities.some(({ digest }) => digest === "")) {
    reasons.push(["missing", "a component's version is not attested"]);
  }
  const verdict =
    (["violation", "infrastructure", "missing"] as const).find((wanted) =>
      reasons.some(([kind]) => kind === wanted),
    ) ?? "pass";
  return {
    schema: 1,
    ...gathered,
    counts,
    verdict,
    exit: exitOf(verdict),
    reasons: reasons.map(([, text]) => text),
  };
}

const exitOf = (verdict: Verdict): number => (verdict === "pass" ? exitCode.go : exitCode[verdict]);

/** Contract mismatches in exchanges that belong to no cell, each once with its link and count. */
export function looseMismatches(events: readonly HistoryEvent[], jobs: ReadonlySet<string | null>): string[] {
  const seen = new Map<string, number>();
  for (const event of events) {
    if (event.kind !== "exchange" || (event.job !== null && jobs.has(event.job))) continue;
    for (const mismatch of event.mismatches) {
      const text = `${event.link}, ${event.operation ?? `${event.method} ${event.path}`}: ${mismatch}`;
      seen.set(text, (seen.get(text) ?? 0) + 1);
    }
  }
  return [...seen].map(([text, times]) => (times === 1 ? text : `${text} (${times} times)`));
}
