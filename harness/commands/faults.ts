import { join } from "node:path";
import { Command, Option } from "commander";
import type { InProcessBuilds, PlantedFault } from "../../contracts/in-process.ts";
import type { Config } from "../config/config.ts";
import { counterexamplesFolder, writeCounterexample } from "../replay/counterexample.ts";
import { exitCode, InfrastructureError, UsageError } from "../errors.ts";
import { isKilledAgain, killAgain, releasedFaults, repeatable } from "../mutants/kill-again.ts";
import { isAsDeclared, type Kill, killPlanted, type Wish } from "../mutants/kill-planted.ts";
import { withoutStacks } from "../rigs/in-process/without-stacks.ts";
import { loadConfig } from "../config/load-config.ts";
import { faultsReport, summaryOf } from "../report/faults.ts";
import { liveProgress } from "../report/progress.ts";
import { Secrets } from "../secrets.ts";
import { defaultConfig, runsFolder } from "./defaults.ts";

interface FaultsFlags {
  config: string;
  rig: "simulated" | "containers";
  only: string[];
  save?: string;
  json?: boolean;
}

/** As many as two cores carry: most of a schedule's time in containers is waiting. */
const rigsAtOnce = 3;

export const faultsCommand = new Command("faults")
  .description(
    "show that every planted fault is killed by its own invariant, and that every control stays green",
  )
  .option("--config <file>", "systems under test", defaultConfig)
  .addOption(
    new Option("--rig <rig>", "containers: those with images, and again there by the same counterexamples")
      .choices(["simulated", "containers"])
      .default("simulated"),
  )
  .option("--only <id...>", "only these planted faults and controls", [])
  .option("--save <folder>", "where to keep the counterexamples, each as <id>.json")
  .option("--json", "print one JSON object instead of text")
  .action(async (flags: FaultsFlags) => {
    const { redact, config } = await load(flags.config);
    const builds = await buildsOf(config, flags.config);
    const inContainers = flags.rig === "containers";
    const faults = chosen(inContainers ? releasedFaults(builds, config) : builds.plantedFaults, flags.only);
    using progress = liveProgress((line) => process.stderr.write(`${redact(line)}\n`));
    const now = () => performance.now();
    const wish = { current: config.current, now, ...(inContainers ? repeatable : {}) };
    const kills = await withoutStacks(() => killAll(builds, faults, wish, progress.phase));
    const folder = flags.save ?? (inContainers ? counterexamplesFolder : null);
    const files = folder === null ? [] : await save(kills, folder);
    const again = inContainers
      ? await killAgain(files, {
          config,
          rig: flags.rig,
          runsFolder,
          redact,
          note: progress.phase,
          atOnce: rigsAtOnce,
          now,
        })
      : [];
    const asWished = kills.every(isAsDeclared) && again.every(isKilledAgain);
    const exit = asWished ? exitCode.go : exitCode.violation;
    const text = flags.json
      ? JSON.stringify({ exit, ...summaryOf(kills), faults: kills, containers: again })
      : faultsReport(kills, faults, again);
    process.stdout.write(`${redact(text)}\n`);
    process.exitCode = exit;
  });

async function load(path: string) {
  const secrets = new Secrets();
  return { config: await loadConfig(path, secrets), redact: secrets.redact };
}

async function killAll(
  builds: InProcessBuilds,
  faults: readonly PlantedFault[],
  wish: Wish,
  note: (line: string) => void,
): Promise<Kill[]> {
  const kills: Kill[] = [];
  for (const fault of faults) {
    note(`${kills.length + 1} of ${faults.length}: ${fault.id}`);
    kills.push(await killPlanted(builds, fault, wish));
  }
  return kills;
}

async function save(kills: readonly Kill[], folder: string): Promise<{ id: string; file: string }[]> {
  const files: { id: string; file: string }[] = [];
  for (const { id, counterexample } of kills) {
    if (counterexample === null) continue;
    const file = join(folder, `${id}.json`);
    await writeCounterexample(counterexample, file);
    files.push({ id, file });
  }
  return files;
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
