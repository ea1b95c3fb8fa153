import { troubleOf } from "../errors.ts";
import { sampleFaults } from "../explore/random.ts";
import { count, emptyTally, type Tally } from "../explore/tally.ts";
import type { BrokenInvariant } from "../invariants/judge.ts";
import type { Run, RunSchedules } from "../rigs/run.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { exitOf, type Verdict, worstOf } from "../verdict.ts";
import { statesOf } from "./live.ts";
import type { NamedPlan } from "./one-each.ts";
import { shortPlans } from "./plans.ts";
import { randomPlans } from "./random-plans.ts";
import { type RedPlan, runPlans } from "./run-plans.ts";
import type { PlanShape } from "./shape.ts";
import { runTogether, type Together, type TogetherOptions } from "./together.ts";
import { inWords, type Window } from "./window.ts";

/** What rolling through the windows of a policy came to. */
export interface Rollout {
  rig: string;
  seed: number;
  together: Together;
  windows: WindowRolled[];
  verdict: Verdict;
  exit: number;
}

export interface WindowRolled {
  window: Window;
  phases: { name: PhaseName; tally: Tally; red: RedPlan[]; millis: number }[];
  /** Whether an allowed plan leads to its end. */
  isPassed: boolean;
  /** Short plans that the policy does not allow: they lead through what must not be live together. */
  refused: number;
}

/** Of the API and of each generation, in the long plans: instances that are changed one by one. */
export const mostInstances = { apis: 3, workers: 2 };

export const phaseNames = [
  "short plans",
  "long plans at random",
  "short plans with other faults",
  "plans, one of each order of steps",
] as const;
/** Their steps are put where such jobs always come by. */
const steady: readonly PhaseName[] = ["short plans", "plans, one of each order of steps"];
export type PhaseName = (typeof phaseNames)[number];

export interface RolloutOptions extends TogetherOptions {
  shapes: readonly PlanShape[];
  rig: string;
  /** How many long plans of each window. */
  random: number;
  note: (line: string) => void;
  /** Told the plans that are drawn up, before they run. */
  onPlans: (plans: readonly Schedule[]) => void;
  now: () => number;
}

export async function rollOut(run: RunSchedules, options: RolloutOptions): Promise<Rollout> {
  const { shapes, rig, seed, note } = options;
  note("the whole matrix in every combination that the policy allows");
  const together = await runTogether(run, options);
  const windows: WindowRolled[] = [];
  for (const shape of shapes) windows.push(await rollWindow(run, shape, options));
  const verdict = verdictOf({ together, windows });
  return { rig, seed, together, windows, verdict, exit: exitOf[verdict] };
}

type Rolled = Pick<Rollout, "together" | "windows">;

/** Red where anything broke; missing where a window has no way to its end, or something of it was not shown. */
export function verdictOf({ together, windows }: Rolled): Verdict {
  const lacks = [
    ...together.allowed.map(({ tally }) => lackOf(tally)),
    ...windows.flatMap(({ phases }) => phases.map(({ name, tally }) => lackOf(tally, name))),
  ];
  const isMissing = windows.some(({ isPassed }) => !isPassed) || lacks.some((lack) => lack !== null);
  return worstOf([
    ...(isRed({ together, windows }) ? ["violation" as const] : []),
    ...(isMissing ? ["missing" as const] : []),
  ]);
}

const isRed = ({ together, windows }: Rolled): boolean =>
  together.allowed.some(({ tally }) => tally.found.length > 0) ||
  together.refused.some(({ problems }) => problems.length > 0) ||
  windows.some(({ phases }) => phases.some(({ red }) => red.length > 0));

/** Why what was run does not show what it was run for; null where it does. */
export function lackOf({ schedules, invalid, unjudged, starved }: Tally, name?: PhaseName): string | null {
  if (schedules === invalid) return "nothing was run, or no step came about";
  if (name !== undefined && steady.includes(name) && invalid > 0)
    return `the steps of ${invalid} plans did not come about`;
  if (starved > 0) return `in ${starved} plans jobs were only late, on a machine that gave them too little`;
  return unjudged > 0 ? `${unjudged} exchanges could not be judged: too much was possible` : null;
}

async function rollWindow(
  run: RunSchedules,
  shape: PlanShape,
  { policy, random, note, onPlans, onProgress, now }: RolloutOptions,
): Promise<WindowRolled> {
  const { plans, refused } = shortPlans(policy, shape);
  const phases: WindowRolled["phases"] = [];
  const phase = async (name: PhaseName, some: readonly Schedule[]): Promise<Run[]> => {
    note(`${inWords(shape.window)}: ${some.length} ${name}`);
    // The third are those of the first once more.
    if (name !== "short plans with other faults") onPlans(some);
    const began = now();
    const tally = emptyTally();
    const ran: Run[] = [];
    const red = await runPlans(run, some, tally, (one) => {
      ran.push(one);
      onProgress(ran.length, some.length);
    });
    phases.push({ name, tally, red, millis: now() - began });
    return ran;
  };
  const short = await phase("short plans", plans);
  if (random > 0)
    await phase("long plans at random", randomPlans(policy, { ...shape, ...mostInstances }, random));
  const others = [...short.flatMap((ran) => withKill(ran, shape)), ...short.flatMap(withFaults)];
  await phase("short plans with other faults", others);
  return { window: shape.window, phases, isPassed: plans.some(leadsTo(shape.window)), refused };
}

export interface OneByOneOptions
  extends Pick<RolloutOptions, "rig" | "seed" | "note" | "onProgress" | "now"> {
  window: Window;
  /** Runs a plan, and says what it breaks beside the same jobs without its steps. */
  run: (plan: Schedule) => Promise<{ run: Run; beside: readonly BrokenInvariant[] }>;
}

/**
 * Rolls through a window where time is real, by plans that were picked of it. Trouble of the rig ends it; what was found red
 * before that stands.
 */
export async function rollOneByOne(
  plans: readonly NamedPlan[],
  { window, run, rig, seed, note, onProgress, now }: OneByOneOptions,
): Promise<Rollout> {
  const began = now();
  const tally = emptyTally();
  const red: RedPlan[] = [];
  try {
    for (const [i, { name, plan }] of plans.entries()) {
      note(`${inWords(window)}: ${name}, ${i + 1} of ${plans.length}`);
      const ran = await run(plan);
      const broken = [...count(tally, ran.run), ...ran.beside];
      if (broken.length > 0) red.push({ plan, broken });
      onProgress(i + 1, plans.length);
    }
  } catch (error) {
    const trouble = troubleOf(error);
    if (trouble === null || red.length === 0) throw error;
    note(`the others were not run: ${trouble.message}`);
  }
  const phase = { name: "plans, one of each order of steps" as const, tally, red, millis: now() - began };
  const isPassed = plans.some(({ plan }) => leadsTo(window)(plan));
  const rolled = {
    together: { allowed: [], refused: [] },
    windows: [{ window, phases: [phase], isPassed, refused: 0 }],
  };
  const verdict = verdictOf(rolled);
  return { rig, seed, ...rolled, verdict, exit: exitOf[verdict] };
}

/** Whether all are of the window's last releases in the end. */
const leadsTo =
  ({ to }: Window) =>
  (plan: Schedule): boolean =>
    (statesOf(plan).at(-1) ?? []).every(
      ({ generation, release }) => release === (generation === null ? to.api : to.workers[generation]),
    );

/** A plan of one step with a customer who kills the job at hand, which would else end well; none of any other. */
function withKill({ schedule }: Run, { scenarios }: PlanShape): Schedule[] {
  const [step, ...more] = schedule.faults;
  if (step === undefined || more.length > 0) return [];
  const { job } = step.at;
  const scenario = schedule.workload.jobs[(job ?? 0) - 1]?.scenario ?? "";
  if (scenarios[scenario]?.ending !== "success") return [];
  const at = {
    link: "worker->api",
    operation: "worker.heartbeat",
    phase: "before",
    job,
    occurrence: 1,
  } as const;
  return [{ ...schedule, faults: [step, { at, fault: { kind: "kill-job" } }] }];
}

const mostFaults = 2;

/**
 * The plan with what else can go wrong at the places that it came to, by its seed; none where nothing was drawn, nor of two
 * steps, of which there are most and which the longer ones begin with.
 */
function withFaults({ schedule, reached }: Run, i: number): Schedule[] {
  const { seed, workload, faults } = schedule;
  if (faults.length === 2) return [];
  const more = sampleFaults(reached, workload.jobs.length, { seed: seed + i, most: mostFaults });
  return more.length === 0 ? [] : [{ ...schedule, faults: [...faults, ...more] }];
}
