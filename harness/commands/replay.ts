import { historyStory } from "../history/story.ts";
import { parseRunnable } from "../replay/counterexample.ts";
import { judgeReplay, printReplay } from "../replay/replay.ts";
import { runOnce } from "../replay/run-once.ts";
import type { RigName } from "../rigs/index.ts";
import { printSchedule } from "../schedule/schedule.ts";
import { openConfig } from "./config.ts";
import { runsFolder } from "./defaults.ts";
import { readInput } from "./input.ts";
import { openProgress, writeResult } from "./output.ts";

interface ReplayFlags {
  config: string;
  rig: RigName;
  json?: boolean;
}

/** Runs a counterexample or a schedule from a file. */
export async function action([file = ""]: string[], flags: ReplayFlags): Promise<void> {
  const { schedule, counterexample } = parseRunnable(await readInput(file), file);
  const { config, secrets } = await openConfig(flags.config);
  using progress = openProgress(secrets.redact);
  const run = await runOnce(flags.rig, schedule, { config, secrets, runsFolder, note: progress.phase });
  const replay = judgeReplay(counterexample, flags.rig, run);
  const text = flags.json
    ? JSON.stringify({ file, ...replay })
    : [
        ...printSchedule(schedule).map((line) => `  ${line}`),
        ...historyStory(run.events),
        ...printReplay(replay),
      ].join("\n");
  process.exitCode = replay.exit;
  await writeResult(`${secrets.redact(text)}\n`);
}
