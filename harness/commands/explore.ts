import type { InProcessSystem } from "../../contracts/in-process.ts";
import { UsageError } from "../errors.ts";
import { explore } from "../explore/explore.ts";
import type { Found } from "../explore/tally.ts";
import { Threads } from "../explore/threads.ts";
import { defaultFile, shrunkCounterexample, writeCounterexample } from "../replay/counterexample.ts";
import { explorationReport } from "../report/exploration.ts";
import { findSystem } from "../rigs/in-process/find-system.ts";
import type { RigName } from "../rigs/names.ts";
import { type ExploredRig, isExplored } from "../rigs/transports.ts";
import { shrink } from "../shrink/shrink.ts";
import { apiRelease, openConfig } from "./config.ts";
import { openProgress, writeResult } from "./output.ts";

interface ExploreFlags {
  config: string;
  rig: RigName;
  api?: string;
  cell: string[];
  seed: number;
  random?: number;
  grid?: boolean;
  minutes: number;
  json?: boolean;
  junit?: string;
}

/** Single faults are swept on every rig. All pairs are too many for real HTTP handling, which takes a sample instead. */
const scope: Record<ExploredRig, { pairs: boolean; random: number }> = {
  simulated: { pairs: true, random: 0 },
  wire: { pairs: false, random: 300 },
};

/** The complete sweep of single faults, and what else the rig or the flags ask for. */
export async function action(_: string[], flags: ExploreFlags): Promise<void> {
  const { rig, seed } = flags;
  if (flags.junit !== undefined)
    throw new UsageError("--junit: only `interlock run` writes JUnit XML; explore has --json");
  if (!isExplored(rig)) throw new UsageError(`--rig ${rig}: explore does not run there yet`);
  const {
    config,
    secrets: { redact },
  } = await openConfig(flags.config);
  const api = apiRelease(config, flags.api);
  const releases = { api, workers: { v5: config.current, v6: config.current } };
  const system = await findSystem(config, releases);
  Error.stackTraceLimit = 0;
  await using threads = new Threads({ config: flags.config, releases, rig });
  using progress = openProgress(redact);
  const result = await explore(system, threads, {
    rig,
    releases,
    seed,
    cells: flags.cell,
    random: flags.random ?? scope[rig].random,
    pairs: scope[rig].pairs,
    grid: flags.grid ?? false,
    onLine: progress.phase,
    onProgress: progress.share,
    now: () => performance.now(),
  });
  const saved = await saveFirst(system, result.tally.found[0], progress.phase);
  const text = flags.json
    ? JSON.stringify({ ...result, counterexamples: saved })
    : explorationReport(result, saved);
  process.exitCode = result.exit;
  await writeResult(`${redact(text)}\n`);
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
