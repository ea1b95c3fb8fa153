import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { Command } from "commander";
import { interruption } from "../interrupt.ts";
import { loadConfig } from "../load-config.ts";
import { junitReport } from "../report/junit.ts";
import { liveProgress } from "../report/progress.ts";
import { terminalReport } from "../report/terminal.ts";
import { sweepDead } from "../rigs/containers/leftovers.ts";
import { runMatrix } from "../run.ts";
import { Secrets } from "../secrets.ts";
import { defaultConfig, runsFolder } from "./defaults.ts";

interface RunFlags {
  config: string;
  api?: string;
  cell: string[];
  json?: boolean;
  junit?: string;
}

export const runCommand = new Command("run")
  .description("run the matrix: every scenario with every engine, judged by what is at the destinations")
  .option("--config <file>", "systems under test", defaultConfig)
  .option("--api <release>", "release of the API; the config's current one by default")
  .option("--cell <path...>", "only cells whose path matches; * within a part, ** across parts", [])
  .option("--json", "print one JSON object instead of text")
  .option("--junit <file>", "write JUnit XML as well")
  .action(async (flags: RunFlags) => {
    const secrets = new Secrets();
    const config = await loadConfig(flags.config, secrets);
    const signal = interruption();
    await sweepDead(runsFolder);
    using progress = liveProgress((line) => process.stderr.write(`${secrets.redact(line)}\n`));
    const result = await runMatrix({
      config,
      secrets,
      ...(flags.api === undefined ? {} : { api: flags.api }),
      patterns: flags.cell,
      runsFolder,
      runId: newRunId(new Date()),
      progress,
      signal,
      now: () => Date.now(),
    });
    if (flags.junit !== undefined) await writeFile(flags.junit, secrets.redact(junitReport(result)));
    const again = (path: string) =>
      `script/compat --api ${result.api} --cell ${path}${flags.config === defaultConfig ? "" : ` --config ${flags.config}`}`;
    const text = flags.json ? JSON.stringify(result) : terminalReport(result, again);
    process.stdout.write(`${secrets.redact(text)}\n`);
    process.exitCode = result.exit;
  });

/** Sorts by time, and two runs that start in the same second differ. */
const newRunId = (at: Date): string =>
  `${at.toISOString().slice(0, 19).replaceAll(":", "").replace("T", "-")}-${randomBytes(2).toString("hex")}`;
