import type { Cell } from "../../matrix/cell.ts";
import { writeResult } from "./output.ts";

/** Prints cells, a line each: path and what it promises; or as one object. */
export async function listCells(api: string, all: readonly Cell[], isJson: boolean): Promise<void> {
  const cells = all.map(({ path, scenario: { promise } }) => ({ path, promise }));
  const width = Math.max(...cells.map(({ path }) => path.length));
  const lines = cells.map(({ path, promise }) => `${path.padEnd(width)}  ${promise}`);
  await writeResult(`${isJson ? JSON.stringify({ api, cells }) : lines.join("\n")}\n`);
}
