import type { InProcessSystem, Releases } from "../../contracts/in-process.ts";
import { selectCells, unmatchedPatterns } from "../cells/cell.ts";
import { invariants } from "../invariants/judge.ts";
import { exitCode, UsageError } from "../errors.ts";
import { singlesAt } from "../schedule/catalog.ts";
import { type Workload, workloadsOf } from "./bases.ts";
import { pairPlan, pairTasks } from "./pairs.ts";
import { emptyTally, merge, type Tally } from "./tally.ts";
import type { Task } from "./task.ts";
import type { Threads } from "./threads.ts";
import type { ExploredRig } from "../rigs/transports.ts";

/** What an exploration found. */
export interface Exploration {
  rig: ExploredRig;
  releases: Releases;
  seed: number;
  phases: { name: string; schedules: number; millis: number }[];
  tally: Tally;
  /** Invariants that no schedule put to the test: green for nothing. */
  untested: string[];
  exit: number;
}

export interface ExploreWish {
  rig: ExploredRig;
  releases: Releases;
  seed: number;
  /** Patterns of the workloads' paths; all of them, where there is none. */
  cells: readonly string[];
  pairs: boolean;
  grid: boolean;
  random: number;
  onLine: (line: string) => void;
  onProgress: (done: number, all: number) => void;
  now: () => number;
}

const randomATask = 1_000;

/** All singles, all pairs, the grid of outage lengths, then seeded random schedules and their neighbours. */
export async function explore(
  system: InProcessSystem,
  threads: Threads,
  wish: ExploreWish,
): Promise<Exploration> {
  const { rig, releases, seed, onLine, onProgress, now } = wish;
  const all = await workloadsOf(system, releases, seed);
  const workloads = picked(all, wish.cells);
  onLine(planLine(workloads));
  if (wish.pairs) onLine(`pairs: ${pairPlan(workloads)}`);

  const tally = emptyTally();
  const phases: Exploration["phases"] = [];
  const phase = async (name: string, tasks: readonly Task[]) => {
    const began = now();
    let done = 0;
    const part = await threads.perform(tasks, () => {
      done += 1;
      onProgress(done, tasks.length);
    });
    merge(tally, part);
    const millis = now() - began;
    phases.push({ name, schedules: part.schedules, millis });
    onLine(
      `${name}: ${part.schedules} schedules in ${(millis / 1000).toFixed(1)} s (${Math.round(part.schedules / (millis / 1000))}/s), ${violationsOf(part)}`,
    );
  };

  await phase(
    "single faults",
    workloads.map(({ base }) => ({ kind: "singles", base })),
  );
  if (wish.pairs) await phase("pairs of faults", pairTasks(workloads));
  if (wish.grid) {
    const parts = threads.size * 4;
    await phase(
      "outage lengths",
      workloads.flatMap(({ base }) =>
        Array.from({ length: parts }, (_, part) => ({ kind: "grid" as const, base, part, parts })),
      ),
    );
  }
  if (wish.random > 0) await phase("random schedules", randomTasks(workloads, seed, wish.random));

  tally.found.sort(
    (a, b) =>
      a.schedule.faults.length - b.schedule.faults.length || (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1),
  );
  const untested = invariants.filter(({ id }) => (tally.triggered[id] ?? 0) === 0).map(({ id }) => id);
  const exit =
    tally.found.length > 0
      ? exitCode.violation
      : (untested.length > 0 && workloads.length === all.length) || tally.schedules === tally.invalid
        ? exitCode.missing
        : exitCode.go;
  return { rig, releases, seed, phases, tally, untested, exit };
}

function picked(all: readonly Workload[], patterns: readonly string[]): Workload[] {
  const unmatched = unmatchedPatterns(all, patterns);
  if (unmatched.length === 0) return selectCells(all, patterns);
  const paths = all.map(({ path }) => path);
  throw new UsageError(`no workload matches ${unmatched.join(", ")}; there are ${paths.join(", ")}`);
}

const randomTasks = (workloads: readonly Workload[], seed: number, wanted: number): Task[] =>
  Array.from({ length: Math.ceil(wanted / randomATask) }, (_, i) => ({
    kind: "random",
    workloads,
    seed: (seed * 1_000_003 + i * 10_007) >>> 0,
    count: Math.min(randomATask, wanted - i * randomATask),
  }));

function planLine(workloads: readonly Workload[]): string {
  const steps = workloads.map(({ reached }) => reached.length);
  const singles = workloads.map(({ reached }) => singlesAt(reached).length);
  const sum = (list: readonly number[]) => list.reduce((a, b) => a + b, 0);
  return `${workloads.length} workloads (engine x statement), ${sum(steps)} sites, ${sum(singles)} single faults (site x kind)`;
}

export const violationsOf = ({ broken, invalid }: Tally): string => {
  const list = Object.entries(broken).map(([id, n]) => `${id} in ${n}`);
  return `${list.length === 0 ? "0 violations" : `violations: ${list.join(", ")}`}${invalid > 0 ? `, ${invalid} invalid (a fault did not fire)` : ""}`;
};
