import { planCells } from "../cells/cell.ts";
import { apiRelease, openConfig } from "./config.ts";
import { writeResult } from "./output.ts";

interface CellsFlags {
  config: string;
  api?: string;
  json?: boolean;
}

/** Lists the cells of one API release, a line each: path and what it promises. */
export async function action(_: string[], flags: CellsFlags): Promise<void> {
  const { config } = await openConfig(flags.config);
  const api = apiRelease(config, flags.api);
  const engines = [...new Set(Object.values(config.workers).flatMap((worker) => worker.engines))];
  const cells = planCells(api, engines, config.scenarios).map(({ path, scenario: { promise } }) => ({
    path,
    promise,
  }));
  const width = Math.max(...cells.map(({ path }) => path.length));
  const lines = cells.map(({ path, promise }) => `${path.padEnd(width)}  ${promise}`);
  await writeResult(`${flags.json ? JSON.stringify({ api, cells }) : lines.join("\n")}\n`);
}
