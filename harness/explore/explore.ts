import { UsageError } from "../errors.ts";
import { invariants } from "../invariants/index.ts";
import type { RunSchedules } from "../rigs/run.ts";
import { singlesAt } from "../schedule/catalog.ts";
import { selectPaths, unmatchedPatterns } from "../schedule/paths.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { exitOf, type Verdict, worstOf } from "../verdict.ts";
import { askedInTrouble } from "./asked.ts";
import { orderPlan } from "./order-plan.ts";
import {
  chunks,
  leftOutOfPairs,
  leftToOtherEngines,
  type Part,
  pairPlan,
  pairTasks,
  partOfPairs,
  standsForItself,
} from "./pairs.ts";
import type { Performer } from "./performer.ts";
import { takeoversOf } from "./takeovers.ts";
import { emptyTally, merge, type Tally } from "./tally.ts";
import type { Task } from "./task.ts";
import { type Base, type Workload, workloadsOf } from "./workloads.ts";

/** What an exploration found. */
export interface Exploration {
  rig: string;
  releases: Schedule["releases"];
  seed: number;
  phases: { name: string; schedules: number; millis: number }[];
  tally: Tally;
  /** What was not explored, and how it can be, a sentence each. */
  leftOut: string[];
  /** Invariants that no schedule put to the test: green for nothing. */
  untested: string[];
  /** Whether all usual workloads were explored: then every invariant must be put to the test. */
  isWhole: boolean;
  verdict: Verdict;
  exit: number;
}

export interface ExploreOptions {
  rig: string;
  releases: Schedule["releases"];
  seed: number;
  pairs: boolean;
  /** Which part of the pairs; all by default. */
  part?: Part | undefined;
  grid: boolean;
  random: number;
  /** What was left out before it began. */
  leftOut: string[];
  /** Whether all usual workloads are explored: then every invariant must be put to the test. */
  isWhole: boolean;
  /** Workloads of which only takeovers are explored. */
  others: readonly Base[];
  onLine: (line: string) => void;
  onProgress: (done: number, all: number) => void;
  now: () => number;
}

const randomATask = 1_000;

/**
 * All singles, all pairs, the grid of outage lengths, seeded random schedules and their neighbours, takeovers of other
 * workloads, then what is asked for in no job's life.
 */
export async function explore(
  run: RunSchedules,
  performer: Performer,
  bases: readonly Base[],
  options: ExploreOptions,
): Promise<Exploration> {
  const { seed, onLine, onProgress, now } = options;
  const workloads = await workloadsOf(run, bases);
  const swept = workloads.filter(standsForItself);
  const others = workloads.filter((workload) => !swept.includes(workload));
  onLine(planLine(swept));
  if (options.pairs) onLine(`pairs: ${pairPlan(workloads)}`);

  const tally = emptyTally();
  const phases: Exploration["phases"] = [];
  const phase = async (name: string, tasks: readonly Task[]) => {
    const began = now();
    let done = 0;
    onLine(name);
    const part = await performer.perform(tasks, () => {
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

  await phase("single faults", [...swept.flatMap(singleTasks), ...calmTasks(others)]);
  const { pairs, part } = options;
  if (pairs) {
    const tasks = pairTasks(workloads);
    await phase("pairs of faults", part === undefined ? tasks : partOfPairs(tasks, part));
  }
  if (pairs) await phase("orders of two transactions", await orderTasks(run, swept));
  if (options.grid) await phase("outage lengths", gridTasks(workloads, performer.size * 4));
  if (options.random > 0) await phase("random schedules", randomTasks(workloads, seed, options.random));
  const unusual = await workloadsOf(run, options.others);
  if (unusual.length > 0) await phase("takeovers of other scenarios", unusual.flatMap(takeoverTasks));
  if (options.isWhole) await phase("what the probe alone asks", await askedTasks(run, workloads));
  const leftOut = [
    ...options.leftOut,
    ...(others.length > 0 ? [leftToOtherEngines(others)] : []),
    ...(pairs ? [leftOutOfPairs(swept)] : []),
    ...(pairs && part !== undefined
      ? [`${part.of - 1} of ${part.of} parts of the pairs; without --pairs all are run`]
      : []),
  ];
  return concluded(tally, phases, { ...options, leftOut });
}

/** The verdict over a tally: red with a violation; missing where nothing, or not every invariant, was put to the test. */
export function concluded(
  tally: Tally,
  phases: Exploration["phases"],
  {
    rig,
    releases,
    seed,
    isWhole,
    leftOut,
  }: Pick<ExploreOptions, "rig" | "releases" | "seed" | "isWhole" | "leftOut">,
): Exploration {
  tally.found.sort(
    (a, b) =>
      a.schedule.faults.length - b.schedule.faults.length || (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1),
  );
  const untested = invariants.filter(({ id }) => (tally.triggered[id] ?? 0) === 0).map(({ id }) => id);
  // Without one fault that fired nothing was explored.
  const isVain = Object.keys(tally.fired).length === 0;
  const { unjudged } = tally;
  const isMissing = (untested.length > 0 && isWhole) || isVain || unjudged > 0;
  const verdict = worstOf([
    ...(tally.found.length > 0 ? ["violation" as const] : []),
    ...(tally.starved > 0 ? ["infrastructure" as const] : []),
    ...(isMissing ? ["missing" as const] : []),
  ]);
  const unseen = unjudged > 0 ? [`${unjudged} exchanges could not be judged: too much was possible`] : [];
  const left = [...leftOut, ...unseen];
  return {
    rig,
    releases,
    seed,
    phases,
    tally,
    leftOut: left,
    untested,
    isWhole,
    verdict,
    exit: exitOf[verdict],
  };
}

/** The workloads whose path matches; patterns that match none are refused. */
export function chooseBases(all: readonly Base[], patterns: readonly string[]): Base[] {
  const unmatched = unmatchedPatterns(all, patterns);
  if (unmatched.length === 0) return selectPaths(all, patterns);
  throw noWorkload(all, unmatched.join(", "));
}

export const noWorkload = (all: readonly Base[], asked: string): UsageError =>
  new UsageError(`no workload matches ${asked}; there are ${all.map(({ path }) => path).join(", ")}`);

/** Schedules of one task: few enough that threads finish together and progress is seen. */
const setsATask = 64;

/** No fault, and every single one. */
const singleTasks = ({ base, reached }: Workload): Task[] =>
  chunks([[], ...singlesAt(reached).map((single) => [single])], setsATask).map((sets) => ({
    kind: "each",
    base,
    sets,
  }));

/** Without a fault. */
const calmTasks = (workloads: readonly Workload[]): Task[] =>
  workloads.map(({ base }) => ({ kind: "each", base, sets: [[]] }));

const takeoverTasks = (workload: Workload): Task[] =>
  chunks(
    takeoversOf(workload).map((takeover) => [takeover]),
    setsATask,
  ).map((sets) => ({ kind: "each", base: workload.base, sets }));

async function askedTasks(run: RunSchedules, workloads: readonly Workload[]): Promise<Task[]> {
  const [first] = workloads;
  if (first === undefined) return [];
  const inLives = workloads.flatMap(({ reached }) => reached);
  const schedules = await askedInTrouble(run, first.base, inLives);
  return schedules.map(({ faults, ...base }) => ({
    kind: "each",
    base: { ...base, faults: [] },
    sets: [faults],
  }));
}

async function orderTasks(run: RunSchedules, workloads: readonly Workload[]): Promise<Task[]> {
  const tasks: Task[] = [];
  for (const workload of workloads) {
    const { meetings } = await orderPlan(run, workload);
    tasks.push(...meetings.map((meeting): Task => ({ kind: "orders", ...meeting })));
  }
  return tasks;
}

const gridTasks = (workloads: readonly Workload[], parts: number): Task[] =>
  workloads.flatMap(({ base }) =>
    Array.from({ length: parts }, (_, part) => ({ kind: "grid" as const, base, part, parts })),
  );

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
  return `${workloads.length} workloads (engine x scenario), ${sum(steps)} sites, ${sum(singles)} single faults (site x kind)`;
}

export const violationsOf = ({ broken, invalid, starved, orders, barred }: Tally): string => {
  const list = Object.entries(broken).map(([id, n]) => `${id} in ${n}`);
  return `${list.length === 0 ? "0 violations" : `violations: ${list.join(", ")}`}${invalid > 0 ? `, ${invalid} invalid (a fault did not fire)` : ""}${orders > 0 ? `, ${orders} orders, ${barred} more barred by locks or by who waits for whom` : ""}${starved > 0 ? `, ${starved} on a starved machine` : ""}`;
};
