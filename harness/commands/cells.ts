import { chooseCells } from "../matrix/cell.ts";
import { openConfig } from "./shared/config.ts";
import { writeResult } from "./shared/output.ts";

interface CellsFlags {
  config: string;
  api?: string;
  json?: boolean;
}

/** Lists the cells of one API release, a line each: path and what it promises. */
export async function action(_: string[], flags: CellsFlags): Promise<void> {
  const { config } = await openConfig(flags.config);
  const api = flags.api ?? config.current;
  const cells = chooseCells(config, api, []).map(({ path, scenario: { promise } }) => ({ path, promise }));
  const width = Math.max(...cells.map(({ path }) => path.length));
  const lines = cells.map(({ path, promise }) => `${path.padEnd(width)}  ${promise}`);
  await writeResult(`${flags.json ? JSON.stringify({ api, cells }) : lines.join("\n")}\n`);
}
