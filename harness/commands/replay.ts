import { Command, Option } from "commander";
import { parseCounterexample } from "../counterexample.ts";
import { loadConfig } from "../load-config.ts";
import { judgeReplay, printReplay } from "../replay.ts";
import { type ScheduleRunner, scheduleRunners } from "../rigs/schedule-runners.ts";
import { printSchedule } from "../schedule/schedule.ts";
import { Secrets } from "../secrets.ts";
import { defaultConfig } from "./defaults.ts";
import { readInput } from "./input.ts";

export const replayCommand = new Command("replay")
  .description("run a counterexample again: exit 1 when the violation repeats, 2 when it does not")
  .argument("<file>", "counterexample")
  .option("--config <file>", "systems under test", defaultConfig)
  .addOption(
    new Option("--rig <rig>", "what to run it on").choices(Object.keys(scheduleRunners)).default("simulated"),
  )
  .option("--json", "print one JSON object instead of text")
  .action(async (file: string, flags: { config: string; rig: string; json?: boolean }) => {
    const counterexample = parseCounterexample(await readInput(file), file);
    const { schedule } = counterexample;
    const secrets = new Secrets();
    const config = await loadConfig(flags.config, secrets);
    const runner = scheduleRunners[flags.rig] as ScheduleRunner;
    const replay = judgeReplay(counterexample, flags.rig, await runner(config, schedule));
    const text = flags.json
      ? JSON.stringify({ file, ...replay })
      : [...printSchedule(schedule).map((line) => `  ${line}`), ...printReplay(replay)].join("\n");
    process.stdout.write(`${secrets.redact(text)}\n`);
    process.exitCode = replay.exit;
  });
