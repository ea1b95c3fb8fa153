import { Command } from "commander";
import { sweepAll, sweepDead } from "../rigs/containers/docker/leftovers.ts";
import { runsFolder } from "./defaults.ts";

export const cleanCommand = new Command("clean")
  .description(
    "remove what runs have left: containers, networks, volumes and processes with Interlock's labels",
  )
  .option("--dead", "only what belongs to runs whose process is gone")
  .action(async (flags: { dead?: boolean }) => {
    const { containers, networks, processes } = await (flags.dead
      ? sweepDead(runsFolder)
      : sweepAll(runsFolder));
    if (containers + networks + processes > 0) {
      process.stdout.write(
        `removed ${containers} containers, ${networks} networks and ${processes} processes\n`,
      );
    }
  });
