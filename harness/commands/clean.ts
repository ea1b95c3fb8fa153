import { sweepAll, sweepDead } from "../rigs/containers/docker/leftovers.ts";
import { runsFolder } from "./shared/defaults.ts";
import { writeResult } from "./shared/output.ts";

/** Removes what runs have left, or what those have left whose process is gone; says nothing where there is nothing. */
export async function action(_: string[], flags: { dead?: boolean }): Promise<void> {
  const { containers, networks, processes } = await (flags.dead
    ? sweepDead(runsFolder)
    : sweepAll(runsFolder));
  if (containers + networks + processes === 0) return;
  await writeResult(`removed ${containers} containers, ${networks} networks and ${processes} processes\n`);
}
