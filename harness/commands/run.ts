import { chooseCells, extentOf } from "../matrix/cell.ts";
import { partOf } from "../matrix/result.ts";
import { runMatrix } from "../matrix/run-matrix.ts";
import { now } from "../now.ts";
import { matrixReport } from "../report/matrix.ts";
import { shellWords } from "../report/shell-words.ts";
import { openConfig } from "./config.ts";
import { defaultConfig } from "./defaults.ts";
import { inContainers } from "./in-containers.ts";
import { type ReportFlags, writeReports } from "./reports.ts";

interface RunFlags extends ReportFlags {
  config: string;
  api?: string;
  cell: string[];
  probe?: true;
}

/** Runs the matrix, or the cells of it that are asked for, and reports. */
export async function action(_: string[], flags: RunFlags): Promise<void> {
  const { config, secrets } = await openConfig(flags.config);
  const api = flags.api ?? config.current;
  const cells = chooseCells(config, api, flags.cell);
  const title = `API ${api}${partOf(cells.length, extentOf(config).cells)}`;
  await writeReports({ flags, title, redact: secrets.redact }, async () => {
    const result = await inContainers((given) =>
      runMatrix({ ...given, config, secrets, api, cells, isProbed: flags.probe === true, now }),
    );
    return matrixReport(result, (path) => repeatCommand(path, api, flags.config));
  });
}

const repeatCommand = (path: string | null, api: string, config: string): string =>
  shellWords([
    "script/compat",
    "--api",
    api,
    ...(path === null ? [] : ["--cell", path]),
    ...(config === defaultConfig ? [] : ["--config", config]),
  ]);
