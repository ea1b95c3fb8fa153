import { exitCode, UsageError } from "../errors.ts";
import { commandTo } from "../installation.ts";
import { invariants } from "../invariants/index.ts";
import { allBroken, judgeHistory } from "../invariants/judge.ts";
import { defaultFile, parseRunnable, writeCounterexample } from "../replay/counterexample.ts";
import { printSchedule } from "../report/schedule.ts";
import { rigs } from "../rigs/index.ts";
import { needsOf } from "../rigs/needs.ts";
import type { RunSchedules } from "../rigs/run.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { type Shrunk, shrink } from "../shrink/shrink.ts";
import { shrunkCounterexample } from "../shrink/shrunk-counterexample.ts";
import { openConfig } from "./shared/config.ts";
import { runsFolder } from "./shared/defaults.ts";
import { readInput } from "./shared/input.ts";
import { openProgress, writeResult } from "./shared/output.ts";

interface ShrinkFlags {
  config: string;
  invariant?: string;
  out?: string;
}

/** Writes the smallest counterexample of a failing schedule. */
export async function action([file = ""]: string[], flags: ShrinkFlags): Promise<void> {
  const { schedule, counterexample } = parseRunnable(await readInput(file), file);
  const wanted = knownInvariant(flags.invariant) ?? counterexample?.expected.invariant;
  const { config, secrets } = await openConfig(flags.config);
  using progress = openProgress();
  const note = progress.phase;
  const kind = await rigs.simulated();
  await using rig = await kind.open(needsOf(schedule, config), { config, secrets, runsFolder, note });
  const invariant = wanted ?? (await firstBroken(rig.run, schedule));
  const shrunk = invariant === undefined ? null : await shrink(rig.run, schedule, invariant, { note });
  if (shrunk === null) {
    process.exitCode = exitCode.missing;
    const text = `${file}: does not break ${wanted ?? "any invariant"}: there is nothing to shrink\n`;
    return await writeResult(text);
  }
  const lines = await write(shrunk, schedule.faults.length, flags);
  await writeResult(`${lines.join("\n")}\n`);
}

function knownInvariant(wanted: string | undefined): string | undefined {
  const known = invariants.map(({ id }) => id);
  if (wanted === undefined || known.includes(wanted)) return wanted;
  throw new UsageError(`--invariant ${wanted}: is none of ${known.join(", ")}`);
}

async function firstBroken(run: RunSchedules, schedule: Schedule): Promise<string | undefined> {
  const [ran] = await run([schedule]);
  return ran === undefined ? undefined : allBroken(judgeHistory(ran.events))[0]?.invariant;
}

/** Keeps the counterexample in its file; what to say about it comes back. */
async function write(shrunk: Shrunk, faultsBefore: number, flags: ShrinkFlags): Promise<string[]> {
  const { broken, schedule, schedules, millis, globallyMinimal } = shrunk;
  const counterexample = shrunkCounterexample(shrunk, faultsBefore);
  const file = flags.out ?? defaultFile(counterexample);
  await writeCounterexample(counterexample, file);
  return [
    ...printSchedule(schedule).map((line) => `  ${line}`),
    `${broken.invariant} of job ${broken.job}: ${broken.witnesses.join("; ")}`,
    `${faultsBefore} faults became ${schedule.faults.length}${globallyMinimal ? ", fewer do not break it" : ""}; ${schedules} schedules, ${millis} ms`,
    `replay it: ${commandTo("replay", file)}`,
  ];
}
