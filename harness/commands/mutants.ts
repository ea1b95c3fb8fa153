import { join } from "node:path";
import type { InProcessBuilds, Mutant } from "../../contracts/in-process.ts";
import type { Config } from "../config/config.ts";
import { InfrastructureError, UsageError } from "../errors.ts";
import type { HuntRules } from "../mutants/hunt.ts";
import { mutantsWithImages, repeatable } from "../mutants/in-containers.ts";
import type { Kill } from "../mutants/kill.ts";
import { type Again, killAgain } from "../mutants/kill-again.ts";
import { killSimulated } from "../mutants/kill-simulated.ts";
import { counterexamplesFolder, writeCounterexample } from "../replay/counterexample.ts";
import { runOnce } from "../replay/run-once.ts";
import { mutantsReport } from "../report/mutants.ts";
import type { OpenOptions } from "../rigs/rig.ts";
import { openConfig } from "./shared/config.ts";
import { runsFolder } from "./shared/defaults.ts";
import { openProgress } from "./shared/output.ts";
import { type ReportFlags, writeReports } from "./shared/reports.ts";

interface MutantsFlags extends ReportFlags {
  /** Path of the config. */
  config: string;
  /** `containers`: the mutants that have images, killed there again by the same counterexamples. */
  rig: "simulated" | "containers";
  /** Ids; empty for all. */
  only: readonly string[];
  /** Folder for the counterexamples, each as <id>.json. */
  save?: string;
}

/** As many as two cores carry: most of a schedule's time in containers is waiting. */
const rigsAtOnce = 3;

/** Shows that every mutant is killed by its own invariant and that every control stays green. */
export async function action(_: readonly string[], flags: MutantsFlags): Promise<void> {
  const { config, secrets } = await openConfig(flags.config);
  const builds = await buildsOf(config, flags.config);
  const { rig } = flags;
  const inContainers = rig === "containers";
  const mutants = chosen(inContainers ? mutantsWithImages(builds, config) : builds.mutants, flags.only);
  await writeReports(
    { flags, file: flags.config, title: `mutants on ${rig}`, redact: secrets.redact },
    async () => {
      using progress = openProgress();
      const options: OpenOptions = { config, secrets, runsFolder, note: progress.phase };
      const kills = await killAll(mutants, options, inContainers ? await repeatable(config) : {});
      const folder = flags.save ?? (inContainers ? counterexamplesFolder : null);
      const files = folder === null ? [] : await save(kills, folder);
      const again = inContainers ? await inContainersAgain(files, options) : [];
      return mutantsReport({ kills, mutants, again, rig });
    },
  );
}

const inContainersAgain = (
  files: readonly { id: string; file: string }[],
  options: OpenOptions,
): Promise<Again[]> =>
  killAgain(files, {
    rig: "containers",
    run: (schedule, note) => runOnce("containers", schedule, { ...options, note }),
    atOnce: rigsAtOnce,
    note: options.note,
    now: () => performance.now(),
  });

async function killAll(mutants: readonly Mutant[], options: OpenOptions, rules: HuntRules): Promise<Kill[]> {
  const kills: Kill[] = [];
  for (const mutant of mutants) {
    options.note(`${kills.length + 1} of ${mutants.length}: ${mutant.id}`);
    kills.push(await killSimulated(mutant, options, rules));
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
  const builds = await inProcess?.load();
  if (builds !== undefined && builds.mutants.length > 0) return builds;
  throw new InfrastructureError({
    component: "mutants",
    expected: "builds that are wrong on purpose, as code in this process",
    happened: `${path} gives none under inProcess`,
    next: "run it with the config that comes with Interlock",
  });
}

function chosen(mutants: readonly Mutant[], only: readonly string[]): readonly Mutant[] {
  const unknown = only.find((wanted) => !mutants.some(({ id }) => id === wanted));
  if (unknown !== undefined)
    throw new UsageError(`--only ${unknown}: there are ${mutants.map(({ id }) => id).join(", ")}`);
  const wanted = mutants.filter(({ id }) => only.length === 0 || only.includes(id));
  // Controls last: they are the slow ones.
  return wanted.toSorted((a, b) => Number(a.invariant === null) - Number(b.invariant === null));
}
