import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Config } from "../../config/config.ts";
import { UsageError } from "../../errors.ts";
import { type Cell, chooseCells, noCell } from "../../matrix/cell.ts";
import { verdicts } from "../../verdict.ts";
import { runsFolder } from "./defaults.ts";

/** The flags by which a part of the matrix is chosen. */
export interface ChoiceFlags {
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
  const grepped = flags.grep === undefined ? named : grep(named, flags.grep);
  if (flags.lastFailed !== true) return grepped;
  const failed = await lastFailed(api);
  const cells = grepped.filter(({ path }) => failed.has(path));
  if (cells.length === 0)
    throw new UsageError(
      "--last-failed: none of the cells that failed is among those that are chosen; leave the other flags out, or see whether the config still has them",
    );
  return cells;
}

function grep(cells: readonly Cell[], pattern: string): Cell[] {
  const matcher = matcherOf(pattern);
  const found = cells.filter(({ path }) => matcher.test(path));
  if (found.length === 0) throw noCell(`--grep ${pattern}`);
  return found;
}

function matcherOf(pattern: string): RegExp {
  try {
    return new RegExp(pattern);
  } catch {
    throw new UsageError(
      `--grep ${pattern}: is no regular expression; escape what stands for itself with \\`,
    );
  }
}

const kept = z.object({
  runId: z.string(),
  api: z.string(),
  cells: z.array(z.object({ path: z.string(), verdict: z.enum(verdicts) })).min(1),
});

/** The paths of the cells that were not green in the last run of the matrix in this folder. */
async function lastFailed(api: string): Promise<Set<string>> {
  const last = await lastRun();
  if (last === undefined)
    throw new UsageError(`--last-failed: no run of the matrix is kept in ${runsFolder}; run the whole first`);
  if (last.api !== api)
    throw new UsageError(
      `--last-failed: the last run, ${last.runId}, was of API ${last.api}; add --api ${last.api}`,
    );
  const failed = last.cells.filter(({ verdict }) => verdict !== "pass").map(({ path }) => path);
  if (failed.length > 0) return new Set(failed);
  throw new UsageError(
    `--last-failed: no cell failed in the last run, ${last.runId}: there is nothing to run`,
  );
}

/** Names of runs begin with their time. A run without a result came to none; what is no result of a matrix is passed over. */
async function lastRun(): Promise<z.output<typeof kept> | undefined> {
  const names: string[] = await readdir(runsFolder).catch(() => []);
  for (const name of names.toSorted().toReversed()) {
    const text = await readFile(join(runsFolder, name, "result.json"), "utf8").catch(() => null);
    const run = text === null ? undefined : kept.safeParse(parsed(text)).data;
    if (run !== undefined) return run;
  }
  return undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
