import { isDeepStrictEqual } from "node:util";
import { parseDestination } from "../../../contracts/destination.ts";
import type { InProcessSystem, SystemState } from "../../../contracts/in-process.ts";
import type { Millis, Row } from "../../../contracts/values.ts";
import type { HistoryEvent } from "../../history/event.ts";
import type { Planned, Schedule, Site } from "../../schedule/schedule.ts";
import { resultUrlOf, sourceRows, targetTable } from "../workload.ts";
import { customers, database, destinationHost } from "./accounts.ts";
import { customerLife, kill, lastLook } from "./customer.ts";
import { direct, type Transport } from "./transport.ts";
import { World } from "./world.ts";

/** What one schedule came to. */
export interface Run {
  schedule: Schedule;
  events: readonly HistoryEvent[];
  /** Faults that found no call to break: the run proves nothing about them. */
  unfired: readonly Planned[];
  /** The places that were reached, for a sweep to break next. */
  reached: readonly Site[];
  /** Virtual time at the end. */
  millis: Millis;
}

/**
 * How long after the last fault everything must have come to its end: the longest retry limit of the system, a lease
 * for a takeover, and the back-offs on the way, with room.
 */
export const settleMs = ({ limits }: InProcessSystem): Millis =>
  Math.max(limits.registerMs, limits.statementMs) + 3 * limits.leaseMs + 10 * limits.retryCapMs;

/** Several worlds take turns: one turn of the event loop lets all of them settle, and costs the same as for one. */
export async function runSchedules(
  system: InProcessSystem,
  schedules: readonly Schedule[],
  transport: Transport = direct,
): Promise<Run[]> {
  const lives = schedules.map((schedule) => startLife(system, schedule, transport));
  for (let alive = lives; alive.length > 0; alive = alive.filter((life) => life.advance()))
    await transport.settle();
  return lives.map(({ conclude }) => conclude());
}

interface Life {
  /** Moves time once; false when nothing is left to happen. */
  advance: () => boolean;
  conclude: () => Run;
}

function startLife(system: InProcessSystem, schedule: Schedule, transport: Transport): Life {
  const world = new World(system, schedule, transport);
  const { jobs } = schedule.workload;
  let customersDone = 0;
  let phase: "working" | "stopping" | "looking" | "over" = "working";
  for (const [i, job] of jobs.entries()) {
    void customerLife(world, i + 1, job).then(() => {
      customersDone += 1;
    });
  }
  world.onKillJob = (number) => {
    const job = jobs[number - 1];
    if (job !== undefined) void kill(world, number, job);
  };
  const settled = () =>
    customersDone === jobs.length && world.pending === 0 && !world.working() && world.unsent() === 0;
  const limit = settleMs(system);
  const overdue = () => world.pending === 0 && world.clock.now() > world.lastFaultAt + limit;

  return {
    advance: () => {
      if (phase === "working" && (settled() || overdue())) {
        phase = "stopping";
        world.stop.abort();
        return true;
      }
      if (phase === "working" || phase === "stopping") {
        if (world.clock.step() && world.clock.now() < world.lastFaultAt + 2 * limit) return true;
        phase = "looking";
        world.renewCustomer();
        for (const [i, job] of jobs.entries()) void lastLook(world, i + 1, job);
        return true;
      }
      return world.clock.step() && world.clock.now() < world.lastFaultAt + 3 * limit;
    },
    conclude: () => {
      recordFinals(world);
      const { events, faults, clock } = world;
      return { schedule, events, unfired: faults.unfired(), reached: faults.reached, millis: clock.now() };
    },
  };
}

/** The oracle's own look at what outlived the processes. */
function recordFinals(world: World): void {
  for (const [i, job] of world.schedule.workload.jobs.entries()) {
    const { engine, statement } = job;
    const number = i + 1;
    const id = [...world.numbers].find(([, known]) => known === number)?.[0] ?? null;
    const stored = id === null ? undefined : world.state.job(id);
    const { account } = customers[engine === "hive-hdp2" ? "hdp2" : "cdh4"];
    const result = resultUrlOf(job, targetTable(number), destinationHost);
    world.record({
      kind: "final",
      number,
      job: id,
      stored: stored?.status ?? null,
      leased: stored?.leaseUntil != null,
      rows: world.state.table(account, database, targetTable(number)),
      expected: sourceRows,
      ...(result === null ? {} : { delivered: deliveredTo(world.state, result) }),
      registered:
        statement === "create-table" && world.state.registered(account, database, targetTable(number)),
      residue: world.state.residue(),
      unsent: world.unsent(),
    });
  }
}

/** What came to the very place that the customer named, in its form; what was sent elsewhere has not arrived. */
function deliveredTo(state: SystemState, url: string): Row[] {
  const wanted = parseDestination(url);
  return state
    .deliveries()
    .filter(({ settings }) => wanted.ok && isDeepStrictEqual(settings, wanted.settings))
    .flatMap(({ rows }) => rows);
}
