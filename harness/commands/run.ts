import { reasonOf } from "../errors.ts";
import { stopSignal } from "../interrupt.ts";
import { junitReport, junitTrouble } from "../report/junit.ts";
import { shellWords } from "../report/shell-words.ts";
import { terminalReport } from "../report/terminal.ts";
import type { RunResult } from "../result.ts";
import { sweepBefore } from "../rigs/containers/docker/leftovers.ts";
import { plan, runMatrix } from "../run.ts";
import { newRunId } from "../run-id.ts";
import type { Secrets } from "../secrets.ts";
import { apiRelease, openConfig } from "./config.ts";
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
  const api = apiRelease(config, flags.api);
  const cells = plan(config, api, flags.cell);
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

type Asked = Pick<Parameters<typeof runMatrix>[0], "config" | "api" | "cells"> & { secrets: Secrets };

async function matrix(asked: Asked): Promise<RunResult> {
  const signal = stopSignal();
  await sweepBefore(runsFolder, writeNote);
  using progress = openProgress(asked.secrets.redact);
  const runId = newRunId(new Date());
  return runMatrix({ ...asked, runsFolder, runId, progress, signal, now: () => Date.now() });
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
