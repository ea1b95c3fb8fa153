import { reasonOf } from "../errors.ts";
import { stopSignal } from "../interrupt.ts";
import { chooseCells } from "../matrix/cell.ts";
import type { RunResult } from "../matrix/result.ts";
import { type MatrixOptions, runMatrix } from "../matrix/run-matrix.ts";
import { junitReport, junitTrouble } from "../report/junit.ts";
import { shellWords } from "../report/shell-words.ts";
import { terminalReport } from "../report/terminal.ts";
import { sweepBefore } from "../rigs/containers/docker/leftovers.ts";
import { openConfig } from "./config.ts";
import { defaultConfig, runsFolder } from "./defaults.ts";
import { openJunitFile } from "./junit-file.ts";
import { openProgress, writeNote, writeResult } from "./output.ts";

interface RunFlags {
  config: string;
  api?: string;
  cell: string[];
  json?: boolean;
  junit?: string;
}

/** Runs the matrix, or the cells of it that are asked for, and reports. */
export async function action(_: string[], flags: RunFlags): Promise<void> {
  const { config, secrets } = await openConfig(flags.config);
  const api = flags.api ?? config.current;
  const cells = chooseCells(config, api, flags.cell);
  const writeJunit = await openJunitFile(flags.junit, secrets.redact);
  const result = await matrix({ config, secrets, api, cells }).catch(async (error: unknown) => {
    await writeJunit(junitTrouble(api, reasonOf(error)));
    throw error;
  });
  process.exitCode = result.exit;
  // A report that is lost must not take the other one along.
  const reports = await Promise.allSettled([
    writeResult(`${secrets.redact(textOf(result, flags))}\n`),
    writeJunit(junitReport(result)),
  ]);
  for (const report of reports) if (report.status === "rejected") throw report.reason;
}

async function matrix(
  asked: Pick<MatrixOptions, "config" | "secrets" | "api" | "cells">,
): Promise<RunResult> {
  const signal = stopSignal();
  await sweepBefore(runsFolder, writeNote);
  using progress = openProgress(asked.secrets.redact);
  return runMatrix({ ...asked, runsFolder, progress, signal, now: () => Date.now() });
}

const textOf = (result: RunResult, { json, config }: RunFlags): string =>
  json ? JSON.stringify(result) : terminalReport(result, (path) => repeatCommand(path, result.api, config));

const repeatCommand = (path: string, api: string, config: string): string =>
  shellWords([
    "script/compat",
    "--api",
    api,
    "--cell",
    path,
    ...(config === defaultConfig ? [] : ["--config", config]),
  ]);
