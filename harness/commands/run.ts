import { writeFile } from "node:fs/promises";
import { Command } from "commander";
import { InfrastructureError, reasonOf, UsageError } from "../errors.ts";
import { stopSignal } from "../interrupt.ts";
import { loadConfig } from "../config/load-config.ts";
import { junitReport, junitTrouble } from "../report/junit.ts";
import { liveProgress } from "../report/progress.ts";
import { shellWords } from "../report/shell-words.ts";
import { terminalReport } from "../report/terminal.ts";
import { sweepBefore } from "../rigs/containers/docker/leftovers.ts";
import { plan, runMatrix } from "../run.ts";
import { newRunId } from "../run-id.ts";
import { Secrets } from "../secrets.ts";
import { defaultConfig, runsFolder } from "./defaults.ts";
import { type ExploreFlags, exploreAction } from "./explore.ts";

export const runCommand = new Command("run")
  .description("run the matrix: every scenario with every engine, judged by what is at the destinations")
  .option("--config <file>", "systems under test", defaultConfig)
  .option("--api <release>", "release of the API; the config's current one by default")
  .option(
    "--cell <path...>",
    "only cells whose path matches; * within a part, ** across parts; simulated, wire: only such workloads",
    [],
  )
  .option(
    "--rig <rig>",
    "containers: the matrix; simulated or wire: every fault under virtual time instead",
    "containers",
  )
  .option("--seed <number>", "simulated, wire: decides every latency and jitter; 1 by default")
  .option("--random <number>", "simulated, wire: so many random schedules after the sweep; 0, wire 300")
  .option("--grid", "simulated, wire: outages of every length up to a day as well")
  .option("--json", "print one JSON object instead of text")
  .option("--junit <file>", "write JUnit XML as well")
  .action(async (flags: ExploreFlags) => {
    if (flags.rig !== "containers") return exploreAction(flags);
    const idle = (["seed", "random", "grid"] as const).filter((flag) => flags[flag] !== undefined);
    if (idle.length > 0)
      throw new UsageError(
        `--${idle.join(", --")}: the matrix knows nothing of it; name --rig simulated or wire`,
      );
    const secrets = new Secrets();
    const config = await loadConfig(flags.config, secrets);
    const api = flags.api ?? config.current;
    const cells = plan(config, api, flags.cell);
    const junit = await junitFile(flags.junit, secrets.redact);
    const signal = stopSignal();
    try {
      await sweepBefore(runsFolder, (line) => process.stderr.write(`${line}\n`));
      using progress = liveProgress((line) => process.stderr.write(`${secrets.redact(line)}\n`));
      const runId = newRunId(new Date());
      const now = () => Date.now();
      const wish = { config, secrets, api, cells, runsFolder, runId, progress, signal, now };
      const result = await runMatrix(wish);
      const text = flags.json
        ? JSON.stringify(result)
        : terminalReport(result, (path) => repeatCommand(path, api, flags.config));
      await written(`${secrets.redact(text)}\n`);
      process.exitCode = result.exit;
      await junit(junitReport(result));
    } catch (error) {
      await junit(junitTrouble(api, error instanceof Error ? error.message : String(error)));
      throw error;
    }
  });

/** A pipe takes what it has room for, and the process ends at once when all is done: so the reader is waited for. */
const written = (text: string): Promise<void> =>
  new Promise((resolve) => process.stdout.write(text, () => resolve()));

/** Says at once when the file cannot be written, and empties it: an earlier run's report must not pass for this one's. */
async function junitFile(file: string | undefined, redact: (text: string) => string) {
  if (file === undefined) return async () => {};
  const write = (text: string) => writeFile(file, redact(text));
  try {
    await write("");
  } catch (error) {
    throw new UsageError(`--junit ${file}: cannot be written: ${reasonOf(error)}`);
  }
  return (text: string) =>
    write(text).catch((error: unknown) => {
      throw new InfrastructureError({
        component: "JUnit report",
        expected: `${file} to take it`,
        happened: reasonOf(error),
        next: "make room or name another file with --junit",
      });
    });
}

const repeatCommand = (path: string, api: string, config: string): string =>
  shellWords([
    "script/compat",
    "--api",
    api,
    "--cell",
    path,
    ...(config === defaultConfig ? [] : ["--config", config]),
  ]);
