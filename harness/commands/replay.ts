import { parseRunnable } from "../replay/counterexample.ts";
import { judgeReplay, printReplay } from "../replay/replay.ts";
import { historyStory } from "../report/history-story.ts";
import type { RigName } from "../rigs/names.ts";
import { scheduleRunners } from "../rigs/schedule-runners.ts";
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
  const {
    config,
    secrets: { redact },
  } = await openConfig(flags.config);
  using progress = openProgress(redact);
  const run = await scheduleRunners[flags.rig]({
    config,
    schedule,
    runsFolder,
    redact,
    note: progress.phase,
  });
  const replay = judgeReplay(counterexample, flags.rig, run);
  const text = flags.json
    ? JSON.stringify({ file, ...replay })
    : [
        ...printSchedule(schedule).map((line) => `  ${line}`),
        ...historyStory(run.events),
        ...printReplay(replay),
      ].join("\n");
  process.exitCode = replay.exit;
  await writeResult(`${redact(text)}\n`);
}
