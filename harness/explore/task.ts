import type { InProcessSystem } from "../../contracts/in-process.ts";
import { type Run, runSchedules } from "../rigs/in-process/run.ts";
import { direct, type Transport } from "../rigs/in-process/transport.ts";
import type { LinkName, Planned, Schedule } from "../schedule/schedule.ts";
import type { Workload } from "./bases.ts";
import { outageGrid } from "./grid.ts";
import { neighbours, sampleSchedules } from "./random.ts";
import { runAll, sweepPairs, sweepSingles } from "./sweep.ts";
import { count, emptyTally, type Tally } from "./tally.ts";

/** A piece of exploration that one thread does on its own: plain data. */
export type Task =
  | { kind: "singles"; base: Schedule }
  | { kind: "pairs"; base: Schedule; firsts: readonly Planned[]; own: readonly LinkName[] | null }
  | { kind: "grid"; base: Schedule; part: number; parts: number }
  | { kind: "random"; workloads: readonly Workload[]; seed: number; count: number };

export async function perform(
  system: InProcessSystem,
  task: Task,
  transport: Transport = direct,
): Promise<Tally> {
  switch (task.kind) {
    case "singles":
      return sweepSingles(system, task.base, transport);
    case "pairs": {
      const tally = emptyTally();
      for (const first of task.firsts) await sweepPairs(system, task.base, first, tally, task.own, transport);
      return tally;
    }
    case "grid": {
      const [run] = await runSchedules(system, [task.base]);
      const all = outageGrid(task.base, system.limits, (run as Run).reached);
      return tallied(
        system,
        all.filter((_, i) => i % task.parts === task.part),
        transport,
      );
    }
    case "random":
      return random(system, task, transport);
  }
}

async function tallied(
  system: InProcessSystem,
  schedules: readonly Schedule[],
  transport: Transport,
): Promise<Tally> {
  const tally = emptyTally();
  await runAll(system, schedules, (run) => count(tally, run), transport);
  return tally;
}

/** Seeded random schedules, and the neighbours of those that went where none of this task had been. */
async function random(
  system: InProcessSystem,
  { workloads, seed, count: wanted }: Extract<Task, { kind: "random" }>,
  transport: Transport,
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
    await runAll(
      system,
      batch,
      (run) => {
        count(tally, run);
        const where = signature(run);
        if (seen.has(where) || next.length > 200) return;
        seen.add(where);
        next.push(...neighbours(run.schedule, workloads, seed + round));
      },
      transport,
    );
  }
  return tally;
}

/** What kind of place a run went to: which answers there were, how many attempts, and how it ended. */
function signature({ events }: Run): string {
  const parts = new Set<string>();
  let attempts = 0;
  for (const event of events) {
    if (event.kind === "exchange") {
      if (event.operation === "worker.claim" && event.job !== null) attempts += 1;
      parts.add(`${event.operation} ${event.outcome} ${event.status}`);
    }
    if (event.kind === "final") parts.add(`${event.stored} ${event.rows?.length}`);
  }
  return `${Math.min(attempts, 4)} ${[...parts].sort().join(",")}`;
}
