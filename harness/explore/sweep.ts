import type { InProcessSystem } from "../../contracts/in-process.ts";
import { type Run, runSchedules } from "../rigs/in-process/run.ts";
import { pairFaults, singlesAt } from "../schedule/catalog.ts";
import type { Planned, Schedule } from "../schedule/schedule.ts";
import { count, emptyTally, type Tally } from "./tally.ts";

/** So many worlds take turns in one thread: enough to share the cost of a turn, few enough for the caches. */
export const worldsAtOnce = 16;

/** Runs schedules in their order and hands over each outcome. */
export async function runAll(
  system: InProcessSystem,
  schedules: readonly Schedule[],
  take: (run: Run) => void,
): Promise<void> {
  for (let start = 0; start < schedules.length; start += worldsAtOnce) {
    for (const run of await runSchedules(system, schedules.slice(start, start + worldsAtOnce))) take(run);
  }
}

/** Every single fault that can be put into a workload: those at the steps which it takes when nothing goes wrong. */
export async function singlesOf(system: InProcessSystem, base: Schedule): Promise<Planned[]> {
  const [run] = await runSchedules(system, [base]);
  return singlesAt((run as Run).reached);
}

/**
 * A first fault, and then with every second one. The second is put at the places that the run with the first has
 * reached from there on: retries and takeovers are places of their own.
 */
export async function sweepPairs(
  system: InProcessSystem,
  base: Schedule,
  first: Planned,
  tally: Tally = emptyTally(),
): Promise<Tally> {
  const [run] = await runSchedules(system, [{ ...base, faults: [first] }]);
  const { reached } = run as Run;
  count(tally, run as Run);
  const from = reached.findIndex((site) => JSON.stringify(site) === JSON.stringify(first.at));
  if (from < 0) return tally;
  const seconds = singlesAt(reached.slice(from), pairFaults).filter(
    ({ at, fault }) => !isSame({ at, fault }, first),
  );
  await runAll(
    system,
    seconds.map((second) => ({ ...base, faults: [first, second] })),
    (pair) => count(tally, pair),
  );
  return tally;
}

const isSame = (a: Planned, b: Planned): boolean => JSON.stringify(a) === JSON.stringify(b);

export async function sweepSingles(system: InProcessSystem, base: Schedule): Promise<Tally> {
  const tally = emptyTally();
  const schedules = [
    base,
    ...(await singlesOf(system, base)).map((single) => ({ ...base, faults: [single] })),
  ];
  await runAll(system, schedules, (run) => count(tally, run));
  return tally;
}
