import { parseRunnable } from "../replay/counterexample.ts";
import { judgeReplay } from "../replay/replay.ts";
import { runOnce } from "../replay/run-once.ts";
import { replayReport } from "../report/replay.ts";
import { shellWords } from "../report/shell-words.ts";
import type { RigName } from "../rigs/index.ts";
import { openConfig } from "./config.ts";
import { defaultConfig, runsFolder } from "./defaults.ts";
import { readInput } from "./input.ts";
import { openProgress } from "./output.ts";
import { type ReportFlags, writeReports } from "./reports.ts";

interface ReplayFlags extends ReportFlags {
  config: string;
  rig: RigName;
}

/** Runs a counterexample or a schedule from a file. */
export async function action([file = ""]: string[], flags: ReplayFlags): Promise<void> {
  const { schedule, counterexample } = parseRunnable(await readInput(file), file);
  const { config, secrets } = await openConfig(flags.config);
  const { rig } = flags;
  await writeReports({ flags, title: `replay ${file} on ${rig}`, redact: secrets.redact }, async () => {
    using progress = openProgress(secrets.redact);
    const run = await runOnce(rig, schedule, { config, secrets, runsFolder, note: progress.phase });
    const replay = judgeReplay(counterexample, rig, run);
    const command = repeatCommand(file, flags);
    return replayReport({ file, schedule, events: run.events, replay, command });
  });
}

const repeatCommand = (file: string, { rig, config }: ReplayFlags): string =>
  shellWords([
    "script/interlock",
    "replay",
    file,
    "--rig",
    rig,
    ...(config === defaultConfig ? [] : ["--config", config]),
  ]);
