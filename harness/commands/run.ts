import { commandTo } from "../installation.ts";
import { extentOf } from "../matrix/cell.ts";
import { partOf } from "../matrix/result.ts";
import { now } from "../now.ts";
import { matrixReport } from "../report/matrix.ts";
import { lastGreen, lastGreenResult } from "./kept-runs.ts";
import { askedMatrix, type RunFlags } from "./shared/asked-matrix.ts";
import { inContainers } from "./shared/in-containers.ts";
import { listCells } from "./shared/list-cells.ts";
import { writeReports } from "./shared/reports.ts";

/** Runs the matrix, or the cells of it that are asked for, and reports. */
export async function action(_: string[], given: RunFlags): Promise<void> {
  const { attest, ...asked } = await askedMatrix(given);
  const flags = given.since === lastGreen ? { ...given, since: await lastGreenResult(asked) } : given;
  if (flags.list === true) return await listCells(asked.api, asked.cells, flags.json === true);
  // What runs them is loaded when it is known that there is something to run.
  const { runMatrix } = await import("../matrix/run-matrix.ts");
  const { api, cells, config, secrets } = asked;
  const on = flags.database === undefined ? "" : ` on ${flags.database}`;
  const title = `API ${api}${on}${partOf(cells.length, extentOf(config, api).cells)}`;
  await writeReports({ flags, file: flags.config, title, redact: secrets.redact }, async () => {
    const { result, events } = await inContainers((started) =>
      runMatrix({ ...started, ...asked, now }, attest),
    );
    return matrixReport(result, (path) => repeatCommand(path, api, flags), events);
  });
}

const repeatCommand = (path: string | null, api: string, { worker }: RunFlags): string =>
  commandTo(
    "run",
    "--api",
    api,
    ...worker.flatMap((one) => ["--worker", one]),
    ...(path === null ? [] : ["--cell", path]),
  );
