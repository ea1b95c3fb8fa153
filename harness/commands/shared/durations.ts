import { UsageError } from "../../errors.ts";
import { readResult } from "../../matrix/kept-result.ts";
import { cellName, type Weights } from "../../matrix/shards.ts";
import { parseJson } from "../../schedule/parse.ts";
import { readInput } from "./input.ts";

/** How long each cell took in the run of a `result.json`, but for those that were never issued; nothing where none is named. */
export async function readDurations(file: string | undefined): Promise<Weights> {
  if (file === undefined) return new Map();
  const result = readResult(parseJson(await readInput(file), file));
  if (result === null)
    throw new UsageError(`--durations ${file}: expected the result.json of a run of the matrix`);
  if ("problem" in result) throw new UsageError(`--durations ${file}: ${result.problem}`);
  const issued = result.cells.filter(({ millis }) => millis > 0);
  return new Map(issued.map((cell) => [cellName(cell), cell.millis]));
}
