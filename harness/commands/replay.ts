import { Command, Option } from "commander";
import { parseRunnable } from "../replay/counterexample.ts";
import { loadConfig } from "../config/load-config.ts";
import { judgeReplay, printReplay } from "../replay/replay.ts";
import { historyStory } from "../history/story.ts";
import { liveProgress } from "../report/progress.ts";
import { type RigName, rigNames, scheduleRunners } from "../rigs/schedule-runners.ts";
import { printSchedule } from "../schedule/schedule.ts";
import { Secrets } from "../secrets.ts";
import { defaultConfig, runsFolder } from "./defaults.ts";
import { readInput } from "./input.ts";

export const replayCommand = new Command("replay")
  .description(
    "run a counterexample again: exit 1 when the violation repeats, 2 when it does not; or a schedule: exit 1 when it breaks an invariant",
  )
  .argument("<file>", "counterexample or schedule")
  .option("--config <file>", "systems under test", defaultConfig)
  .addOption(new Option("--rig <rig>", "what to run it on").choices(rigNames).default("simulated"))
  .option("--json", "print one JSON object instead of text")
  .action(async (file: string, flags: { config: string; rig: RigName; json?: boolean }) => {
    const { schedule, counterexample } = parseRunnable(await readInput(file), file);
    const secrets = new Secrets();
    const config = await loadConfig(flags.config, secrets);
    const { redact } = secrets;
    using progress = liveProgress((line) => process.stderr.write(`${redact(line)}\n`));
    const wish = { config, schedule, runsFolder, redact, note: progress.phase };
    const run = await scheduleRunners[flags.rig](wish);
    const replay = judgeReplay(counterexample, flags.rig, run);
    const text = flags.json
      ? JSON.stringify({ file, ...replay })
      : [
          ...printSchedule(schedule).map((line) => `  ${line}`),
          ...historyStory(run.events),
          ...printReplay(replay),
        ].join("\n");
    process.stdout.write(`${redact(text)}\n`);
    process.exitCode = replay.exit;
  });
