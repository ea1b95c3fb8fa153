import { invariants } from "../invariants/index.ts";
import { allBroken, type BrokenInvariant, judgeHistory, type Triggered } from "../invariants/judge.ts";
import type { Run } from "../rigs/run.ts";
import type { Schedule } from "../schedule/schedule.ts";

/** Counts over many schedules. Plain data, so that threads can pass it on. */
export interface Tally {
  schedules: number;
  /** Schedules in which a fault did not fire: they prove nothing. */
  invalid: number;
  /** Exchanges that the model of the service could not judge: too much was possible. */
  unjudged: number;
  /** Orders of two transactions that were run to their end, and prefixes of orders that cannot happen. */
  orders: number;
  barred: number;
  /** Schedules in which a job was only late, on a starved machine: they prove nothing either. */
  starved: number;
  /** Schedules that broke an invariant, the first of each kind. */
  found: Found[];
  /** How many schedules broke which invariant. */
  broken: Record<string, number>;
  /** In how many schedules each invariant was put to the test: under a fault, unless it speaks of runs without faults. */
  triggered: Record<string, number>;
  /** How often each kind of fault fired at each link and phase. */
  fired: Record<string, number>;
}

export interface Found {
  schedule: Schedule;
  broken: readonly BrokenInvariant[];
}

export const emptyTally = (): Tally => ({
  schedules: 0,
  invalid: 0,
  unjudged: 0,
  orders: 0,
  barred: 0,
  starved: 0,
  found: [],
  broken: {},
  triggered: {},
  fired: {},
});

/** How many schedules are kept as examples of each invariant. */
const examples = 3;

export function count(tally: Tally, run: Run): readonly BrokenInvariant[] {
  tally.schedules += 1;
  if (run.unfired.length > 0) {
    tally.invalid += 1;
    return [];
  }
  const judgement = judgeHistory(run.events);
  const broken = allBroken(judgement);
  if (broken.length === 0 && judgement.starved.length > 0) {
    tally.starved += 1;
    return [];
  }
  for (const { at, fault } of run.schedule.faults) add(tally.fired, `${at.link} ${at.phase} ${fault.kind}`);
  const { triggered } = judgement;
  tally.unjudged += judgement.unjudged;
  for (const { id, isOfCalm } of invariants) {
    const { jobs, faulted } = triggered[id] as Triggered;
    if (faulted > 0 || (isOfCalm && jobs > 0)) add(tally.triggered, id);
  }
  const ids = new Set(broken.map(({ invariant }) => invariant));
  for (const id of ids) add(tally.broken, id);
  if ([...ids].some((id) => (tally.broken[id] ?? 0) <= examples))
    tally.found.push({ schedule: run.schedule, broken });
  return broken;
}

export function merge(into: Tally, from: Tally): Tally {
  into.schedules += from.schedules;
  into.invalid += from.invalid;
  into.unjudged += from.unjudged;
  into.orders += from.orders;
  into.barred += from.barred;
  into.starved += from.starved;
  into.found.push(...from.found);
  for (const part of ["broken", "triggered", "fired"] as const) {
    for (const [key, n] of Object.entries(from[part])) into[part][key] = (into[part][key] ?? 0) + n;
  }
  return into;
}

const add = (counts: Record<string, number>, key: string): void => {
  counts[key] = (counts[key] ?? 0) + 1;
};
