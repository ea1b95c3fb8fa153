import type { SkewPolicy } from "../config/skew-policy.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { seeded, seedFor } from "../seeded.ts";
import { type LiveProcess, whyNotTogether } from "./live.ts";
import { moments } from "./moments.ts";
import { type Move, planOf, ways } from "./plans.ts";
import { beginningOf, type PlanShape } from "./shape.ts";

/** Long plans at random, by seed. */

/** Steps of the longest plan. */
export const mostSteps = 40;

/**
 * Plans within a window: each step makes a process that the policy lets change one of the window's releases; every other
 * plan goes all the way back from where it has come to. Each step is taken in a way of its own.
 */
export function randomPlans(policy: SkewPolicy, shape: PlanShape, count: number): Schedule[] {
  return Array.from({ length: count }, (_, i) => {
    const seed = seedFor(shape.seed, `plan ${i}`);
    const random = seeded(seed);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
    const own = { ...shape, seed };
    const moves = movesOf(policy, own, { pick, random, isBack: i % 2 === 0 });
    const each = moves.map((move): Move => ({ ...move, way: pick(ways) }));
    return planOf(own, each, "killed", Math.floor(random() * moments.length));
  });
}

/** Share of the steps that fail: the process dies once it is up. */
const failing = 0.1;

interface Drawing {
  pick: <T>(from: readonly T[]) => T;
  random: () => number;
  /** Whether it ends with a rollback. */
  isBack: boolean;
}

function movesOf(policy: SkewPolicy, shape: PlanShape, { pick, random, isBack }: Drawing): Move[] {
  const wanted = 1 + Math.floor(random() * ((isBack ? mostSteps / 2 : mostSteps) - 1));
  const moves: Move[] = [];
  const before: Move[] = [];
  let live = beginningOf(shape);
  while (moves.length < wanted) {
    const possible = choices(policy, shape, live);
    if (possible.length === 0) break;
    const { name, from, to } = pick(possible);
    before.push({ name, to: from });
    moves.push({ name, to });
    live = moved(live, name, to);
    if (random() < failing) moves.push({ name, to: null });
  }
  return isBack ? [...moves, ...before.toReversed()] : moves;
}

const moved = (live: readonly LiveProcess[], name: string, release: string): LiveProcess[] =>
  live.map((one) => (one.name === name ? { ...one, release } : one));

/** Every change of one process to the other release of the window that the policy allows now, its old life included. */
function choices(
  policy: SkewPolicy,
  { window }: PlanShape,
  live: readonly LiveProcess[],
): { name: string; from: string; to: string }[] {
  return live.flatMap((one) => {
    const { name, generation, release } = one;
    const both =
      generation === null
        ? [window.from.api, window.to.api]
        : [window.from, window.to].map(({ workers }) => workers[generation]);
    return both.flatMap((to) =>
      to === undefined || to === release || whyNotTogether(policy, [...moved(live, name, to), one]) !== null
        ? []
        : [{ name, from: release, to }],
    );
  });
}
