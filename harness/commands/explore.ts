import type { InProcessSystem } from "../../contracts/in-process.ts";
import { defaultFile, shrunkCounterexample, writeCounterexample } from "../replay/counterexample.ts";
import { UsageError } from "../errors.ts";
import { explore } from "../explore/explore.ts";
import { shrink } from "../shrink/shrink.ts";
import type { Found } from "../explore/tally.ts";
import { Threads } from "../explore/threads.ts";
import { type ExploredRig, isExplored } from "../rigs/transports.ts";
import { loadConfig } from "../config/load-config.ts";
import { explorationReport } from "../report/exploration.ts";
import { liveProgress } from "../report/progress.ts";
import { findSystem } from "../rigs/in-process/find-system.ts";
import { Secrets } from "../secrets.ts";

export interface ExploreFlags {
  config: string;
  rig: string;
  api?: string;
  cell: string[];
  seed?: string;
  random?: string;
  grid?: boolean;
  json?: boolean;
  junit?: string;
}

/** Single faults are swept on every rig. All pairs are too many for real HTTP handling, which takes a sample instead. */
const scope: Record<ExploredRig, { pairs: boolean; random: number }> = {
  simulated: { pairs: true, random: 0 },
  wire: { pairs: false, random: 300 },
};

/** `interlock run --rig simulated|wire`: the complete sweep of single faults, and what else the rig or the flags ask for. */
export async function exploreAction(flags: ExploreFlags): Promise<void> {
  const { rig } = flags;
  if (!isExplored(rig))
    throw new UsageError(
      `--rig ${rig}: there is containers for the matrix, and to explore ${Object.keys(scope).join(" and ")}`,
    );
  if (flags.junit !== undefined)
    throw new UsageError(
      `--junit: only the matrix is written as JUnit XML; for --rig ${rig} there is --json`,
    );
  const { pairs, random: usual } = scope[rig];
  const seed = wholeNumber("--seed", flags.seed ?? "1", 0xffff_ffff);
  const random = wholeNumber("--random", flags.random ?? String(usual), 100_000_000);
  const config = await loadConfig(flags.config, new Secrets());
  const api = flags.api ?? config.current;
  const releases = { api, workers: { v5: config.current, v6: config.current } };
  const system = await findSystem(config, releases);
  Error.stackTraceLimit = 0;
  await using threads = new Threads({ config: flags.config, releases, rig });
  using progress = liveProgress((line) => process.stderr.write(`${line}\n`));
  const result = await explore(system, threads, {
    rig,
    releases,
    seed,
    cells: flags.cell,
    random,
    pairs,
    grid: flags.grid ?? false,
    onLine: progress.phase,
    onProgress: progress.share,
    now: () => performance.now(),
  });
  const saved = await saveFirst(system, result.tally.found[0], progress.phase);
  process.stdout.write(
    `${flags.json ? JSON.stringify({ ...result, counterexamples: saved }) : explorationReport(result, saved)}\n`,
  );
  process.exitCode = result.exit;
}

/** Makes the first finding as small as it can be and keeps it in a file that can be replayed. */
async function saveFirst(
  system: InProcessSystem,
  found: Found | undefined,
  note: (line: string) => void,
): Promise<string[]> {
  const broken = found?.broken[0];
  if (found === undefined || broken === undefined) return [];
  const shrunk = await shrink(system, found.schedule, broken.invariant, { note });
  if (shrunk === null) return [];
  const counterexample = shrunkCounterexample(shrunk, found.schedule.faults.length);
  const file = defaultFile(counterexample);
  await writeCounterexample(counterexample, file);
  return [`${broken.invariant} in its smallest form: script/interlock replay ${file}`];
}

function wholeNumber(flag: string, text: string, most: number): number {
  const number = Number(text);
  if (/^\d{1,10}$/.test(text) && number <= most) return number;
  throw new UsageError(`${flag} ${text}: expected a whole number from 0 to ${most}`);
}
