import type { Run, RunSchedules } from "../rigs/run.ts";
import { partnersAt, singlesAt } from "../schedule/catalog.ts";
import type { LinkName, Planned, Schedule } from "../schedule/schedule.ts";
import { count, emptyTally, type Tally } from "./tally.ts";

/** Schedules that are handed to a rig together: enough to share the cost of a turn, few enough for the caches. */
export const schedulesAtOnce = 16;

/** Runs schedules in their order and hands over each outcome. */
export async function runAll(
  run: RunSchedules,
  schedules: readonly Schedule[],
  take: (run: Run) => void,
): Promise<void> {
  for (let start = 0; start < schedules.length; start += schedulesAtOnce) {
    const some = schedules.slice(start, start + schedulesAtOnce);
    for (const one of await run(some)) take(one);
  }
}

/** Every single fault that can be put into a workload: those at the steps which it takes when nothing goes wrong. */
export async function singlesOf(run: RunSchedules, base: Schedule): Promise<Planned[]> {
  const [ran] = await run([base]);
  return singlesAt((ran as Run).reached);
}

/**
 * A first fault, and then with every second one. The second is put at the places that the run with the first has
 * reached from there on: retries and takeovers are places of their own. `own`: links one of which must be hit by
 * one of the two; null where any two will do.
 */
export async function sweepPairs(
  run: RunSchedules,
  base: Schedule,
  first: Planned,
  tally: Tally = emptyTally(),
  own: readonly LinkName[] | null = null,
): Promise<Tally> {
  const [ran] = await run([{ ...base, faults: [first] }]);
  const { reached } = ran as Run;
  count(tally, ran as Run);
  // Nothing that goes with a fault which cannot fire proves anything.
  if ((ran as Run).unfired.length > 0) return tally;
  const from = reached.findIndex((site) => JSON.stringify(site) === JSON.stringify(first.at));
  if (from < 0) return tally;
  const seconds = partnersAt(reached.slice(from)).filter(
    (second) => !isSame(second, first) && isAbout(own, [first, second]),
  );
  await runAll(
    run,
    seconds.map((second) => ({ ...base, faults: [first, second] })),
    (pair) => count(tally, pair),
  );
  return tally;
}

const isAbout = (own: readonly LinkName[] | null, pair: readonly Planned[]): boolean =>
  own === null || pair.some(({ at }) => own.includes(at.link));

const isSame = (a: Planned, b: Planned): boolean => JSON.stringify(a) === JSON.stringify(b);

export async function sweepSingles(run: RunSchedules, base: Schedule): Promise<Tally> {
  const tally = emptyTally();
  const schedules = [base, ...(await singlesOf(run, base)).map((single) => ({ ...base, faults: [single] }))];
  await runAll(run, schedules, (one) => count(tally, one));
  return tally;
}
