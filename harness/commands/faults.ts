import { Command } from "commander";
import type { InProcessBuilds, PlantedFault } from "../../contracts/in-process.ts";
import type { Config } from "../config.ts";
import { exitCode, InfrastructureError, UsageError } from "../errors.ts";
import { isAsDeclared, type Kill, killPlanted } from "../explore/kill-planted.ts";
import { withoutStacks } from "../explore/without-stacks.ts";
import { loadConfig } from "../load-config.ts";
import { faultsReport, summaryOf } from "../report/faults.ts";
import { liveProgress } from "../report/progress.ts";
import { Secrets } from "../secrets.ts";
import { defaultConfig } from "./defaults.ts";

interface FaultsFlags {
  config: string;
  only: string[];
  json?: boolean;
}

export const faultsCommand = new Command("faults")
  .description(
    "show that every planted fault is killed by its own invariant, and that every control stays green",
  )
  .option("--config <file>", "systems under test", defaultConfig)
  .option("--only <id...>", "only these planted faults and controls", [])
  .option("--json", "print one JSON object instead of text")
  .action(async (flags: FaultsFlags) => {
    const config = await loadConfig(flags.config, new Secrets());
    const builds = await buildsOf(config, flags.config);
    const faults = chosen(builds.plantedFaults, flags.only);
    const kills = await withoutStacks(() => killAll(builds, faults, config.current));
    const exit = kills.every(isAsDeclared) ? exitCode.go : exitCode.violation;
    const text = flags.json
      ? JSON.stringify({ exit, ...summaryOf(kills), faults: kills })
      : faultsReport(kills, faults);
    process.stdout.write(`${text}\n`);
    process.exitCode = exit;
  });

async function killAll(
  builds: InProcessBuilds,
  faults: readonly PlantedFault[],
  current: string,
): Promise<Kill[]> {
  using progress = liveProgress((line) => process.stderr.write(`${line}\n`));
  const kills: Kill[] = [];
  for (const fault of faults) {
    progress.phase(`${kills.length + 1} of ${faults.length}: ${fault.id}`);
    kills.push(await killPlanted(builds, fault, { current, now: () => performance.now() }));
  }
  return kills;
}

async function buildsOf({ inProcess }: Config, path: string): Promise<InProcessBuilds> {
  const builds = await inProcess?.();
  if (builds !== undefined && builds.plantedFaults.length > 0) return builds;
  throw new InfrastructureError({
    component: "planted faults",
    expected: "builds that are wrong on purpose, as code in this process",
    happened: `${path} gives none under inProcess`,
    next: "run it with the config that comes with Interlock",
  });
}

function chosen(faults: readonly PlantedFault[], only: readonly string[]): readonly PlantedFault[] {
  const unknown = only.find((wanted) => !faults.some(({ id }) => id === wanted));
  if (unknown !== undefined)
    throw new UsageError(`--only ${unknown}: there are ${faults.map(({ id }) => id).join(", ")}`);
  const wanted = faults.filter(({ id }) => only.length === 0 || only.includes(id));
  // Controls last: they are the slow ones.
  return wanted.toSorted((a, b) => Number(a.invariant === null) - Number(b.invariant === null));
}
