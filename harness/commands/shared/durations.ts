import { z } from "zod";
import { UsageError } from "../../errors.ts";
import { cellName, type Weights } from "../../matrix/shards.ts";
import { readInput } from "./input.ts";

const resultSchema = z.object({
  cells: z.array(z.object({ path: z.string(), millis: z.number().min(0) })).min(1),
});

/** How long each cell took in the run of a `result.json`; nothing where none is named. */
export async function readDurations(file: string | undefined): Promise<Weights> {
  if (file === undefined) return new Map();
  const text = await readInput(file);
  try {
    return new Map(resultSchema.parse(JSON.parse(text)).cells.map((cell) => [cellName(cell), cell.millis]));
  } catch {
    throw new UsageError(`--durations ${file}: expected the result.json of a run of the matrix`);
  }
}
