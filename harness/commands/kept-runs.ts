import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../errors.ts";
import { type KeptResult, readResult } from "../matrix/kept-result.ts";
import { resultFile } from "../run-files.ts";
import { runsFolder } from "./shared/defaults.ts";

/** A run whose folder is there, and what it left: null for no result of the matrix. */
interface KeptRun {
  name: string;
  result: KeptResult | { problem: string } | null;
}

/** What runs have left, the newest first: names of runs begin with their time. */
export async function* keptRuns(folder = runsFolder): AsyncGenerator<KeptRun> {
  const names: string[] = await readdir(folder).catch(() => []);
  for (const name of names.toSorted().toReversed()) {
    const text = await readFile(join(folder, name, resultFile), "utf8").catch(() => null);
    yield { name, result: text === null ? null : readResult(parsed(text)) };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** What `--since` takes in the place of a file. A file of this name is `./last-green`. */
export const lastGreen = "last-green";

interface Asked {
  api: string;
  database: string | undefined;
  cells: readonly { path: string }[];
}

/**
 * The result of the newest green run of the same API and database that had all of these cells: a run of fewer has nothing
 * to hold the others against.
 *
 * @throws UsageError where none is kept
 */
export async function lastGreenResult({ api, database, cells }: Asked, folder = runsFolder): Promise<string> {
  for await (const { name, result } of keptRuns(folder)) {
    if (result === null || "problem" in result || !isGreen(result)) continue;
    const had = new Set(result.cells.map(({ path }) => path));
    const isSame = result.api === api && (result.database === undefined || result.database === database);
    if (isSame && cells.every(({ path }) => had.has(path))) return join(folder, name, resultFile);
  }
  const on = database === undefined ? "" : ` on ${database}`;
  throw new UsageError(
    `--since ${lastGreen}: no green run of API ${api}${on} with all of these cells is kept in ${folder}; run it green first, or name an earlier report: --since FILE`,
  );
}

const isGreen = ({ verdict, cells, loose }: KeptResult): boolean =>
  verdict === "pass" && loose.length === 0 && cells.every((cell) => cell.verdict === "pass");
