import { Command } from "commander";
import type { InProcessSystem } from "../../contracts/in-process.ts";
import { invariants, judgeHistory } from "../invariants/judge.ts";
import { defaultFile, parseRunnable, shrunkCounterexample, writeCounterexample } from "../replay/counterexample.ts";
import { exitCode, UsageError } from "../errors.ts";
import { type Shrunk, shrink } from "../shrink/shrink.ts";
import { withoutStacks } from "../rigs/in-process/without-stacks.ts";
import { loadConfig } from "../config/load-config.ts";
import { liveProgress } from "../report/progress.ts";
import { shellWords } from "../report/shell-words.ts";
import { findSystem } from "../rigs/in-process/find-system.ts";
import { runSchedules } from "../rigs/in-process/run.ts";
import { printSchedule, type Schedule, versionStepsOf } from "../schedule/schedule.ts";
import { Secrets } from "../secrets.ts";
import { defaultConfig } from "./defaults.ts";
import { readInput } from "./input.ts";

interface ShrinkFlags {
  config: string;
  invariant?: string;
  out?: string;
}

export const shrinkCommand = new Command("shrink")
  .description("write the smallest counterexample of a failing schedule; exit 2 when nothing fails")
  .argument("<file>", "schedule or counterexample")
  .option("--config <file>", "systems under test", defaultConfig)
  .option("--invariant <id>", "the one to keep broken; else the counterexample's, or the first that breaks")
  .option("--out <file>", "where to write it; else under .interlock/counterexamples")
  .action(async (file: string, flags: ShrinkFlags) => {
    const { schedule, counterexample } = parseRunnable(await readInput(file), file);
    const expected = counterexample?.expected.invariant;
    const known = invariants.map(({ id }) => id);
    if (flags.invariant !== undefined && !known.includes(flags.invariant))
      throw new UsageError(`--invariant ${flags.invariant}: is none of ${known.join(", ")}`);
    const config = await loadConfig(flags.config, new Secrets());
    const system = await findSystem(config, schedule.releases, versionStepsOf(schedule));
    using progress = liveProgress((line) => process.stderr.write(`${line}\n`));
    const shrunk = await withoutStacks(async () => {
      const invariant = flags.invariant ?? expected ?? (await firstBroken(system, schedule));
      return invariant === undefined ? null : shrink(system, schedule, invariant, { note: progress.phase });
    });
    if (shrunk === null) {
      process.stdout.write(
        `${file}: does not break ${flags.invariant ?? expected ?? "any invariant"}: there is nothing to shrink\n`,
      );
      process.exitCode = exitCode.missing;
      return;
    }
    await write(shrunk, schedule.faults.length, flags);
  });

async function firstBroken(system: InProcessSystem, schedule: Schedule): Promise<string | undefined> {
  const [run] = await runSchedules(system, [schedule]);
  return judgeHistory(run?.events ?? []).broken[0]?.invariant;
}

async function write(shrunk: Shrunk, faultsBefore: number, flags: ShrinkFlags): Promise<void> {
  const { broken, schedule, schedules, millis, globallyMinimal } = shrunk;
  const counterexample = shrunkCounterexample(shrunk, faultsBefore);
  const file = flags.out ?? defaultFile(counterexample);
  await writeCounterexample(counterexample, file);
  const config = flags.config === defaultConfig ? [] : ["--config", flags.config];
  const lines = [
    ...printSchedule(schedule).map((line) => `  ${line}`),
    `${broken.invariant} of job ${broken.job}: ${broken.witnesses.join("; ")}`,
    `${faultsBefore} faults became ${schedule.faults.length}${globallyMinimal ? ", fewer do not break it" : ""}; ${schedules} schedules, ${millis} ms`,
    `replay it: ${shellWords(["script/interlock", "replay", file, ...config])}`,
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}
