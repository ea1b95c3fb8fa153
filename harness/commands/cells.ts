import { Command } from "commander";
import { planCells } from "../cells/cell.ts";
import { loadConfig } from "../config/load-config.ts";
import { Secrets } from "../secrets.ts";
import { defaultConfig } from "./defaults.ts";

export const cellsCommand = new Command("cells")
  .description("list the paths of all cells, for --cell")
  .option("--config <file>", "systems under test", defaultConfig)
  .action(async (flags: { config: string }) => {
    const config = await loadConfig(flags.config, new Secrets());
    const engines = [...new Set(Object.values(config.workers).flatMap((worker) => worker.engines))];
    for (const api of Object.keys(config.api)) {
      for (const { path, scenario } of planCells(api, engines, config.scenarios)) {
        process.stdout.write(`${path.padEnd(45)}  ${scenario.promise}\n`);
      }
    }
  });
