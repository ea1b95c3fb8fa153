import { chooseCells } from "../matrix/cell.ts";
import { openConfig } from "./shared/config.ts";
import { listCells } from "./shared/list-cells.ts";

interface CellsFlags {
  config: string;
  api?: string;
  json?: boolean;
}

/** Lists the cells of one API release, a line each: path and what it promises. */
export async function action(_: string[], flags: CellsFlags): Promise<void> {
  const { config } = await openConfig(flags.config);
  const api = flags.api ?? config.current;
  await listCells(api, chooseCells(config, api, []), flags.json === true);
}
