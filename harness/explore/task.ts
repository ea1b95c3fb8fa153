import type { SystemLimits } from "../../contracts/in-process.ts";
import { stepOf } from "../../contracts/steps.ts";
import type { Run, RunSchedules } from "../rigs/run.ts";
import type { LinkName, Planned, Schedule } from "../schedule/schedule.ts";
import { outageGrid } from "./grid.ts";
import type { Meeting } from "./order-plan.ts";
import { everyOrder } from "./orders.ts";
import { neighbours, sampleSchedules } from "./random.ts";
import { runAll, sweepPairs } from "./sweep.ts";
import { count, emptyTally, type Tally } from "./tally.ts";
import type { Workload } from "./workloads.ts";

/** A piece of exploration that one thread does on its own: plain data. */
export type Task =
  /** The workload with each of these sets of faults. */
  | { kind: "each"; base: Schedule; sets: readonly Planned[][] }
  | { kind: "pairs"; base: Schedule; firsts: readonly Planned[]; own: readonly LinkName[] | null }
  /** Every order of the statements of two transactions. */
  | ({ kind: "orders" } & Meeting)
  | { kind: "grid"; base: Schedule; part: number; parts: number }
  | { kind: "random"; workloads: readonly Workload[]; seed: number; count: number };

export async function perform(run: RunSchedules, limits: SystemLimits, task: Task): Promise<Tally> {
  switch (task.kind) {
    case "each":
      return tallied(
        run,
        task.sets.map((faults) => ({ ...task.base, faults })),
      );
    case "pairs": {
      const tally = emptyTally();
      for (const first of task.firsts) await sweepPairs(run, task.base, first, tally, task.own);
      return tally;
    }
    case "orders":
      return orders(run, task);
    case "grid": {
      const [ran] = await run([task.base]);
      const all = outageGrid(task.base, limits, (ran as Run).reached);
      return tallied(
        run,
        all.filter((_, i) => i % task.parts === task.part),
      );
    }
    case "random":
      return random(run, task);
  }
}

async function orders(run: RunSchedules, { base, pair }: Meeting): Promise<Tally> {
  const tally = emptyTally();
  const { whole, barred } = await everyOrder(run, base, pair, (one) => count(tally, one));
  return { ...tally, orders: whole, barred };
}

async function tallied(run: RunSchedules, schedules: readonly Schedule[]): Promise<Tally> {
  const tally = emptyTally();
  await runAll(run, schedules, (one) => count(tally, one));
  return tally;
}

/** Seeded random schedules, and the neighbours of those that reached something new in this task. */
async function random(
  run: RunSchedules,
  { workloads, seed, count: wanted }: Extract<Task, { kind: "random" }>,
): Promise<Tally> {
  const tally = emptyTally();
  const seen = new Set<string>();
  let left = wanted;
  let next: Schedule[] = [];
  for (let round = 0; left > 0; round += 1) {
    const batch = [
      ...next,
      ...sampleSchedules(workloads, seed + round, Math.max(0, Math.min(left, 500) - next.length)),
    ].slice(0, left);
    left -= batch.length;
    next = [];
    await runAll(run, batch, (one) => {
      count(tally, one);
      const where = signature(one);
      if (seen.has(where) || next.length > 200) return;
      seen.add(where);
      next.push(...neighbours(one.schedule, workloads, seed + round));
    });
  }
  return tally;
}

/** What kind of place a run went to: which answers there were, how many attempts, and how it ended. */
function signature({ events }: Run): string {
  const parts = new Set<string>();
  let attempts = 0;
  for (const event of events) {
    if (event.kind === "exchange") {
      if (stepOf(event.operation) === "grant" && event.job !== null) attempts += 1;
      parts.add(`${event.operation} ${event.outcome} ${event.status}`);
    }
    if (event.kind === "final") parts.add(`${event.stored} ${event.table?.length}`);
  }
  return `${Math.min(attempts, 4)} ${[...parts].sort().join(",")}`;
}
