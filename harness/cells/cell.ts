import { type Engine, enginesOf, type Generation, generations } from "../../contracts/job.ts";
import type { Scenario } from "../schedule/scenario.ts";

/** One thing to be judged: an API release, an engine and a scenario, on a rig. Its path is its identity everywhere. */
export interface Cell {
  /** `<api release>/<generation>-<engine>/<scenario>`. */
  path: string;
  api: string;
  generation: Generation;
  engine: Engine;
  scenario: Scenario;
  /** A number that is unique within the run, for names in databases. */
  index: number;
}

export const verdicts = ["pass", "violation", "missing", "infrastructure"] as const;
export type Verdict = (typeof verdicts)[number];

/** A broken promise: which one, what it says, and what was seen instead. */
export interface Violation {
  check: string;
  definition: string;
  /** What was seen, a line each. */
  witnesses: readonly string[];
}

export interface CellResult {
  path: string;
  verdict: Verdict;
  violations: readonly Violation[];
  /** Why it is missing or infrastructure; absent otherwise. */
  reason?: string;
  /** Who saw what, in order, a line each; for a cell that is not green. */
  story: readonly string[];
  job: string | null;
  millis: number;
}

/** Where an engine is called as in the reports: `v5-presto`, `v5-hive`, `v6-hive`. */
export const engineLabel = (engine: Engine): string => {
  const generation = generationOf(engine);
  return `${generation}-${engine}`;
};

export const generationOf = (engine: Engine): Generation =>
  generations.find((generation) => enginesOf[generation].includes(engine)) as Generation;

/** All cells of one API release. */
export function planCells(api: string, engines: readonly Engine[], scenarios: readonly Scenario[]): Cell[] {
  return scenarios
    .flatMap((scenario) => engines.map((engine) => ({ scenario, engine })))
    .map(({ scenario, engine }, index) => ({
      path: `${api}/${engineLabel(engine)}/${scenario.name}`,
      api,
      generation: generationOf(engine),
      engine,
      scenario,
      index: index + 1,
    }));
}

/** Whatever is picked by its path. */
type Pathed = Pick<Cell, "path">;

/** Cells whose path matches one of the patterns: `*` is any run of characters without a slash, `**` any at all. */
export function selectCells<T extends Pathed>(cells: readonly T[], patterns: readonly string[]): T[] {
  if (patterns.length === 0) return [...cells];
  const tests = patterns.map(toRegExp);
  return cells.filter(({ path }) => tests.some((test) => test.test(path)));
}

/** The patterns that match no cell: a typing mistake must not shrink a run in silence. */
export const unmatchedPatterns = (cells: readonly Pathed[], patterns: readonly string[]): string[] =>
  patterns.filter((pattern) => !cells.some(({ path }) => toRegExp(pattern).test(path)));

const toRegExp = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .split(/(\*\*|\*)/)
      .map((part) =>
        part === "**" ? ".*" : part === "*" ? "[^/]*" : part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"),
      )
      .join("")}$`,
  );
