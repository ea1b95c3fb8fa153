import type { InProcessSystem } from "../../contracts/in-process.ts";
import { type Run, runSchedules } from "../rigs/in-process/run.ts";
import { direct, type Transport } from "../rigs/in-process/transport.ts";
import { partnersAt, singlesAt } from "../schedule/catalog.ts";
import type { LinkName, Planned, Schedule } from "../schedule/schedule.ts";
import { count, emptyTally, type Tally } from "./tally.ts";

/** So many worlds take turns in one thread: enough to share the cost of a turn, few enough for the caches. */
export const worldsAtOnce = 16;

/** Runs schedules in their order and hands over each outcome. */
export async function runAll(
  system: InProcessSystem,
  schedules: readonly Schedule[],
  take: (run: Run) => void,
  transport: Transport = direct,
): Promise<void> {
  for (let start = 0; start < schedules.length; start += worldsAtOnce) {
    const some = schedules.slice(start, start + worldsAtOnce);
    for (const run of await runSchedules(system, some, transport)) take(run);
  }
}

/** Every single fault that can be put into a workload: those at the steps which it takes when nothing goes wrong. */
export async function singlesOf(system: InProcessSystem, base: Schedule): Promise<Planned[]> {
  const [run] = await runSchedules(system, [base]);
  return singlesAt((run as Run).reached);
}

/**
 * A first fault, and then with every second one. The second is put at the places that the run with the first has
 * reached from there on: retries and takeovers are places of their own. `own`: links one of which must be hit by
 * one of the two; null where any two will do.
 */
export async function sweepPairs(
  system: InProcessSystem,
  base: Schedule,
  first: Planned,
  tally: Tally = emptyTally(),
  own: readonly LinkName[] | null = null,
  transport: Transport = direct,
): Promise<Tally> {
  const [run] = await runSchedules(system, [{ ...base, faults: [first] }], transport);
  const { reached } = run as Run;
  count(tally, run as Run);
  const from = reached.findIndex((site) => JSON.stringify(site) === JSON.stringify(first.at));
  if (from < 0) return tally;
  const seconds = partnersAt(reached.slice(from)).filter(
    (second) => !isSame(second, first) && isAbout(own, [first, second]),
  );
  await runAll(
    system,
    seconds.map((second) => ({ ...base, faults: [first, second] })),
    (pair) => count(tally, pair),
    transport,
  );
  return tally;
}

const isAbout = (own: readonly LinkName[] | null, pair: readonly Planned[]): boolean =>
  own === null || pair.some(({ at }) => own.includes(at.link));

const isSame = (a: Planned, b: Planned): boolean => JSON.stringify(a) === JSON.stringify(b);

export async function sweepSingles(
  system: InProcessSystem,
  base: Schedule,
  transport: Transport = direct,
): Promise<Tally> {
  const tally = emptyTally();
  const schedules = [
    base,
    ...(await singlesOf(system, base)).map((single) => ({ ...base, faults: [single] })),
  ];
  await runAll(system, schedules, (run) => count(tally, run), transport);
  return tally;
}
