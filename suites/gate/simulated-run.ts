import { mkdir, mkdtemp } from "node:fs/promises";
import { commandLine } from "../../harness/commands/program.ts";
import { askedMatrix, type RunFlags } from "../../harness/commands/shared/asked-matrix.ts";
import { runsFolder } from "../../harness/commands/shared/defaults.ts";
import { exitCode, InfrastructureError, reasonOf } from "../../harness/errors.ts";
import { keepHistory } from "../../harness/history/write.ts";
import { extentOf } from "../../harness/matrix/cell.ts";
import { findReleases } from "../../harness/rigs/containers/system/releases.ts";
import { judged, toldRun } from "../trust/told-matrix.ts";
import { asInContainers, images } from "./as-in-containers.ts";

/**
 * `interlock run` with its own command line, flags and evidence, where the containers alone are replaced: the same jobs
 * run in this process, and their history is kept as one of containers. It ends with the run's exit code.
 */
async function runSimulated(flags: RunFlags): Promise<void> {
  const { attest, ...asked } = await askedMatrix(flags);
  const { config, secrets, api, workers, cells, engines } = asked;
  findReleases(config, { api, workers }, engines);
  const isWhole = cells.length === extentOf(config, config.current).cells;
  const told = await toldRun({ ...asked, probe: asked.probe ?? (isWhole ? true : undefined) });
  await mkdir(runsFolder, { recursive: true });
  const folder = await mkdtemp(`${runsFolder}/`);
  const { events } = await keepHistory({ folder, secrets }, asInContainers(told.events, folder.slice(-6)));
  const result = { ...judged({ ...told, events }), folder };
  await attest({ events, result, images: new Map(Object.entries(images)) });
  process.stdout.write(`kept in ${folder}\n`);
  process.exitCode = result.exit;
}

const program = commandLine((text) => process.stdout.write(text));
const run = program.commands.find((command) => command.name() === "run");
run?.action(() => runSimulated(run.opts<RunFlags>()));
try {
  await program.parseAsync(["run", ...process.argv.slice(2)], { from: "user" });
} catch (error) {
  process.stderr.write(`${reasonOf(error)}\n`);
  process.exitCode = error instanceof InfrastructureError ? exitCode.infrastructure : exitCode.usage;
}
