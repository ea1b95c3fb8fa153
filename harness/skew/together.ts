import { type Engine, enginesOf } from "../../contracts/job.ts";
import type { SkewPolicy } from "../config/skew-policy.ts";
import { runAll } from "../explore/sweep.ts";
import { count, emptyTally, type Tally } from "../explore/tally.ts";
import { type Base, baseSchedule } from "../explore/workloads.ts";
import type { Run, RunSchedules } from "../rigs/run.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { combinationsOf, type RefusedPair, refusedPairsOf } from "./combinations.ts";
import { refusalProblems } from "./refusal.ts";

/** What came of running every combination that a policy allows, and of asking for work in every one that it does not. */
export interface Together {
  allowed: { releases: Schedule["releases"]; tally: Tally }[];
  refused: { pair: RefusedPair; problems: string[] }[];
}

export interface TogetherOptions {
  policy: SkewPolicy;
  /** Every engine with every scenario, on these releases. */
  bases: (releases: Schedule["releases"]) => readonly Base[];
  /** A scenario that ends in success, for a job that nobody may be handed. */
  scenario: string;
  seed: number;
  onProgress: (done: number, all: number) => void;
}

export async function runTogether(run: RunSchedules, options: TogetherOptions): Promise<Together> {
  const { policy, bases, scenario, seed, onProgress } = options;
  const combinations = combinationsOf(policy);
  const pairs = refusedPairsOf(policy);
  const allowed: Together["allowed"] = [];
  for (const releases of combinations) {
    const tally = emptyTally();
    await runAll(
      run,
      bases(releases).map(({ base }) => base),
      (one) => count(tally, one),
    );
    allowed.push({ releases, tally });
    onProgress(allowed.length, combinations.length + pairs.length);
  }
  const schedules = pairs.map(({ api, generation, worker }) => {
    const [engine] = enginesOf[generation];
    return baseSchedule(engine as Engine, scenario, { api, workers: { [generation]: worker } }, seed);
  });
  const runs = await run(schedules);
  const refused = pairs.map((pair, i) => ({ pair, problems: refusalProblems((runs[i] as Run).events) }));
  return { allowed, refused };
}
