import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { Command } from "commander";
import { InfrastructureError, reasonOf, UsageError } from "../errors.ts";
import { interruption } from "../interrupt.ts";
import { loadConfig } from "../load-config.ts";
import { junitReport, junitTrouble } from "../report/junit.ts";
import { liveProgress } from "../report/progress.ts";
import { shellWords } from "../report/shell-words.ts";
import { terminalReport } from "../report/terminal.ts";
import { NotSwept, sweepDead } from "../rigs/containers/leftovers.ts";
import { plan, runMatrix } from "../run.ts";
import { Secrets } from "../secrets.ts";
import { defaultConfig, runsFolder } from "./defaults.ts";
import { type ExploreFlags, exploreAction } from "./explore.ts";

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
  .option(
    "--rig <rig>",
    "containers, or simulated: every fault under virtual time instead of the matrix",
    "containers",
  )
  .option("--seed <number>", "simulated: decides every latency and jitter", "1")
  .option("--random <number>", "simulated: so many random schedules after the sweep", "0")
  .option("--grid", "simulated: outages of every length up to a day as well")
  .option("--json", "print one JSON object instead of text")
  .option("--junit <file>", "write JUnit XML as well")
  .action(async (flags: RunFlags & ExploreFlags) => {
    if (flags.rig !== "containers") return exploreAction(flags);
    const secrets = new Secrets();
    const config = await loadConfig(flags.config, secrets);
    const api = flags.api ?? config.current;
    const cells = plan(config, api, flags.cell);
    const junit = await junitFile(flags.junit, secrets.redact);
    const signal = AbortSignal.any([interruption(), fault()]);
    try {
      await sweepDead(runsFolder).catch(goOnBeside);
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

/** What an earlier run has left is in nobody's way: names and ports are each run's own. */
function goOnBeside(error: unknown): void {
  if (!(error instanceof NotSwept)) throw error;
  process.stderr.write(`going on beside what a run has left: ${error.trouble.happened}\n`);
}

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

/** What nobody has caught, such as a reader of the progress that went away, stops the run like Ctrl-C does. */
function fault(): AbortSignal {
  const controller = new AbortController();
  process.on("uncaughtException", (error) => controller.abort(error));
  return controller.signal;
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

/** Sorts by time, and two runs that start in the same second differ. */
const newRunId = (at: Date): string =>
  `${at.toISOString().slice(0, 19).replaceAll(":", "").replace("T", "-")}-${randomBytes(2).toString("hex")}`;
