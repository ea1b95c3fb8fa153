import type { Config } from "../../config/config.ts";
import { UsageError } from "../../errors.ts";
import { type Cell, chooseCells, noCell } from "../../matrix/cell.ts";
import type { KeptResult } from "../../matrix/kept-result.ts";
import { keptRuns } from "../kept-runs.ts";
import { runsFolder } from "./defaults.ts";
import { grep } from "./grep.ts";
import { writeNote } from "./output.ts";

/** The flags by which a part of the matrix is chosen. */
export interface ChoiceFlags {
  database?: string;
  cell: string[];
  grep?: string;
  lastFailed?: true;
}

/** Whether a part is asked for, whatever it then is. */
export const isPart = ({ cell, grep, lastFailed }: ChoiceFlags): boolean =>
  cell.length > 0 || grep !== undefined || lastFailed === true;

/**
 * The cells of one API release that all of the flags choose.
 *
 * @throws UsageError where that is none: nothing that was run is never green
 */
export async function chosenCells(config: Config, api: string, flags: ChoiceFlags): Promise<Cell[]> {
  const named = chooseCells(config, api, flags.cell);
  const grepped = grep(named, flags.grep, noCell);
  if (flags.lastFailed !== true) return [...grepped];
  const failed = await lastFailed(api, databaseOf(config, flags));
  const cells = grepped.filter(({ path }) => failed.has(path));
  if (cells.length === 0)
    throw new UsageError(
      "--last-failed: none of the cells that failed is among those that are chosen; leave the other flags out, or see whether the config still has them",
    );
  return cells;
}

/** The database's name in the config: the first one where none is asked for; undefined where that names none. */
export const databaseOf = ({ databases }: Config, { database }: Pick<ChoiceFlags, "database">) =>
  database ?? databases?.[0];

/** The paths of the cells that were not green in the last run of the matrix in this folder. */
async function lastFailed(api: string, database: string | undefined): Promise<Set<string>> {
  const last = await lastRun();
  if (last === undefined)
    throw new UsageError(`--last-failed: no run of the matrix is kept in ${runsFolder}; run the whole first`);
  if (last.api !== api)
    throw new UsageError(
      `--last-failed: the last run, ${last.runId}, was of API ${last.api}; add --api ${last.api}`,
    );
  if (last.database !== undefined && last.database !== database)
    throw new UsageError(
      `--last-failed: the last run, ${last.runId}, was on ${last.database}; add --database ${last.database}`,
    );
  const failed = last.cells.filter(({ verdict }) => verdict !== "pass").map(({ path }) => path);
  if (failed.length > 0) return new Set(failed);
  throw new UsageError(
    `--last-failed: no cell failed in the last run, ${last.runId}: there is nothing to run`,
  );
}

/** The newer ones that are passed over are told: one of them may be the one that is meant. */
async function lastRun(): Promise<KeptResult | undefined> {
  const passedOver: string[] = [];
  let found: KeptResult | undefined;
  for await (const { name, result } of keptRuns()) {
    if (result !== null && !("problem" in result)) {
      found = result;
      break;
    }
    passedOver.push(`${name}: ${result?.problem ?? "it left no result of the matrix"}`);
  }
  if (passedOver.length > 0) writeNote(passedOverNote(passedOver));
  return found;
}

const mostNamed = 3;

const passedOverNote = (runs: readonly string[]): string =>
  [
    `--last-failed passes over ${runs.length} newer runs that are kept`,
    ...runs.slice(0, mostNamed),
    ...(runs.length > mostNamed ? [`and ${runs.length - mostNamed} more`] : []),
  ].join("\n  ");
