import type { Run, RunSchedules, TransactionSeen } from "../rigs/run.ts";
import type { Planned, Schedule } from "../schedule/schedule.ts";

/** The orders in which the statements of two transactions that are under way at once may come by. */

/** Two transactions, the earlier one first. */
export type Pair = readonly [TransactionSeen, TransactionSeen];

/** How many orders came about, and how many beginnings of others locks, or who waits for whom, did not allow. */
export interface Orders {
  whole: number;
  barred: number;
}

/** More statements than a transaction of the API has; how many there are a run tells. */
export const mostStatements = 7;

/** A transaction and how many of its statements are over. */
interface Progress {
  of: TransactionSeen;
  over: number;
}

/**
 * Every order of the statements of a pair, each handed over. An order is told by its switches: one transaction has come
 * so far, and the other goes on. A switch that does not come about bars all orders that begin with it.
 */
export async function everyOrder(
  run: RunSchedules,
  base: Schedule,
  [a, b]: Pair,
  take: (run: Run) => void,
): Promise<Orders> {
  const orders: Orders = { whole: 0, barred: 0 };
  const grow = async (before: Schedule, mover: Progress, other: Progress, length: number): Promise<void> => {
    const ends = Array.from({ length: length - mover.over }, (_, i) => mover.over + i + 1);
    const runs = await run(ends.map((over) => switched(before, { ...mover, over }, other)));
    for (const [i, ran] of runs.entries()) {
      if (ran.unfired.length > 0) {
        orders.barred += 1;
        return;
      }
      take(ran);
      const over = ends[i] as number;
      if (over === lengthIn(ran, mover.of)) {
        orders.whole += 1;
        return;
      }
      await grow(ran.schedule, other, { ...mover, over }, lengthIn(ran, other.of));
    }
  };
  await grow(base, { of: a, over: 0 }, { of: b, over: 0 }, mostStatements);
  await grow(base, { of: b, over: 0 }, { of: a, over: 0 }, mostStatements);
  return orders;
}

/** The mover comes so far before the other one goes on. */
const switched = (schedule: Schedule, mover: Progress, other: Progress): Schedule => ({
  ...schedule,
  faults: [...schedule.faults, overtaking(other.of, other.over + 1, mover.of, mover.over)],
});

/** A statement of one transaction is overtaken by another; all of it where no statement is named. */
export const overtaking = (
  { operation, occurrence }: TransactionSeen,
  statement: number,
  by: TransactionSeen,
  byStatement?: number,
): Planned => ({
  at: { link: "api->database", operation, job: null, occurrence, phase: "before" },
  fault: {
    kind: "overtaken",
    statement,
    by: {
      operation: by.operation,
      occurrence: by.occurrence,
      ...(byStatement === undefined ? {} : { statement: byStatement }),
    },
  },
});

const lengthIn = ({ transactions = [] }: Run, wanted: TransactionSeen): number =>
  transactions.find(
    ({ operation, occurrence }) => operation === wanted.operation && occurrence === wanted.occurrence,
  )?.statements ?? 0;
