import { sweepAll, sweepDead } from "../rigs/containers/docker/leftovers.ts";
import { runsFolder } from "./shared/defaults.ts";
import { writeResult } from "./shared/output.ts";

/** Removes what runs have left whose process is gone, or what any run has; says nothing where there is nothing. */
export async function action(_: string[], flags: { all?: boolean }): Promise<void> {
  const { containers, networks, processes } = await (flags.all
    ? sweepAll(runsFolder)
    : sweepDead(runsFolder));
  if (containers + networks + processes === 0) return;
  await writeResult(`removed ${containers} containers, ${networks} networks and ${processes} processes\n`);
}
