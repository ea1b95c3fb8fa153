import { isDeepStrictEqual } from "node:util";
import type { InProcessSystem, SystemLimits } from "../../../contracts/in-process.ts";
import type { OperationId } from "../../../contracts/operations.ts";
import { longestNoticeWaitMs } from "../../../contracts/scheduled/notice.ts";
import type { Millis } from "../../../contracts/values.ts";
import { askOfJobs, askOfNames } from "../../probe/conversation.ts";
import type { ProbePort } from "../../probe/port.ts";
import { daysOfProbe } from "../../probe/probe.ts";
import type { ProbeTopic } from "../../probe-topics.ts";
import type { Scenario } from "../../schedule/scenario.ts";
import { type Schedule, topicsOf } from "../../schedule/schedule.ts";
import { sideBySide } from "../../side-by-side.ts";
import { asksAll } from "../questions.ts";
import type { Run } from "../run.ts";
import { untold } from "../untold.ts";
import { isMoving, type Job, jobsOf, lanesOf } from "../workload.ts";
import { withFired } from "./continuing/rest.ts";
import { askAll, customerLife, kill, lastLook } from "./customer.ts";
import { lookAtWorld } from "./look-at-world.ts";
import { finalLook } from "./oracle.ts";
import { probePort } from "./probe.ts";
import { limitsIn } from "./processes/limits-in.ts";
import { direct, type Transport } from "./transport.ts";
import { World } from "./world.ts";

/** What an in-process rig runs: a system as code, and the scenarios that its schedules may name. */
export interface InProcessRig {
  /** In the releases that the rig was opened with. */
  system: InProcessSystem;
  scenarios: readonly Scenario[];
  /** What the APIs of a schedule lack; nothing, unless it says so. */
  lacks?: (schedule: Schedule) => readonly OperationId[];
  /** What the rig was opened with; without it every schedule is of the system's own releases. */
  releases?: Schedule["releases"];
  /** Function calls, unless another is given. */
  transport?: Transport;
}

/**
 * How long after the last fault everything must have come to its end: the longest retry limit of the system, a lease
 * for a takeover, and the back-offs on the way, with room.
 */
const settleMs = ({ registerMs, statementMs, leaseMs, retryCapMs }: SystemLimits): Millis =>
  Math.max(registerMs, statementMs) + 3 * leaseMs + 10 * retryCapMs;

/** How long notices of the jobs that have ended may be in coming, whatever has gone wrong with them. */
const noticesWaitMs = (
  { lastFaultAt, clock }: World,
  { withinMs }: NonNullable<InProcessSystem["notices"]>,
): Millis => {
  const troubledMs = lastFaultAt === 0 ? 0 : Math.max(0, lastFaultAt - clock.now()) + longestNoticeWaitMs;
  return withinMs + 1_000 + troubledMs;
};

/** Longer than the probe waits where days may pass. */
const mostProbeMs: Millis = 2 * daysOfProbe;

/** The system in the releases of a schedule: no other code runs under their names. */
function systemFor({ system, releases }: InProcessRig, schedule: Schedule): InProcessSystem {
  if (releases === undefined || isDeepStrictEqual(releases, schedule.releases)) return system;
  const other = system.inReleases(schedule.releases);
  if (other === undefined) throw new Error(`no code of these releases: ${JSON.stringify(schedule.releases)}`);
  return other;
}

/**
 * Several worlds take turns: one turn of the event loop lets all of them settle, and costs the same as for one.
 *
 * @param isOver ends a run early, by its index
 */
export async function runSchedules(
  rig: InProcessRig,
  schedules: readonly Schedule[],
  onBegin?: (world: World, i: number, isProbe?: boolean) => void,
  isOver: (i: number) => boolean = () => false,
): Promise<Run[]> {
  const { transport = direct } = rig;
  const lives = schedules.map((schedule, i) => ({
    i,
    life: startLife(rig, schedule, transport, onBegin && ((world, isProbe) => onBegin(world, i, isProbe))),
  }));
  for (
    let alive = lives;
    alive.length > 0;
    alive = alive.filter(({ i, life }) => !isOver(i) && life.advance())
  )
    await transport.settle();
  return lives.map(({ life }) => life.conclude());
}

interface Life {
  /** Moves time once; false when nothing is left to happen. */
  advance: () => boolean;
  conclude: () => Run;
}

function startLife(
  rig: InProcessRig,
  schedule: Schedule,
  transport: Transport,
  onBegin?: (world: World, isProbe?: boolean) => void,
): Life {
  const system = systemFor(rig, schedule);
  const jobs = jobsOf(schedule, rig.scenarios);
  const world = new World(system, schedule, jobs, transport, onBegin);
  let customersDone = 0;
  let phase: "working" | "stopping" | "looking" | "asking" | "probing" = "working";
  let reached: Run["reached"] = [];
  const { atOnce = jobs.length } = schedule.workload;
  const lacks = rig.lacks?.(schedule);
  const moves = isMoving(schedule, lacks);
  for (const lane of lanesOf(jobs, atOnce))
    void sideBySide(lane, 1, async (job) => {
      await customerLife(world, job, moves);
      customersDone += 1;
    });
  world.onKillJob = (number) => {
    const job = jobs[number - 1];
    if (job !== undefined) void kill(world, job);
  };
  const settled = () =>
    customersDone === jobs.length && world.pending === 0 && !world.working() && world.unsent() === 0;
  const limit = Math.max(...limitsIn(system, schedule).map(settleMs));
  const overdue = () => world.pending === 0 && world.clock.now() > world.lastFaultAt + limit;

  return {
    advance: () => {
      if (phase === "working" && (settled() || overdue())) {
        phase = "stopping";
        world.stop();
        if (
          system.notices !== undefined &&
          jobs.some(({ scenario }) => scenario.statement.kind === "scheduled-query")
        )
          void world.clock.sleep(noticesWaitMs(world, system.notices));
        return true;
      }
      if (phase === "working" || phase === "stopping") {
        if (world.clock.step() && world.clock.now() < world.lastFaultAt + 2 * limit) return true;
        phase = "looking";
        world.renewCustomer();
        for (const job of jobs) void lastLook(world, job);
        return true;
      }
      const asksMs = phase === "probing" ? mostProbeMs : 0;
      if (world.clock.step() && world.clock.now() < world.lastFaultAt + 3 * limit + asksMs) return true;
      if (phase === "looking") {
        phase = "asking";
        reached = [...world.faults.reached];
        if (asksAll(schedule)) {
          void askAll(world, jobs);
          return true;
        }
      }
      if (phase === "probing" || schedule.workload.probe === undefined) return false;
      phase = "probing";
      void ask(probePort(world, system, transport, lacks), topicsOf(schedule));
      return true;
    },
    conclude: () => ({ ...concluded(world, schedule, jobs, system), reached }),
  };
}

/** The last looks, and all that was recorded. */
function concluded(
  world: World,
  schedule: Schedule,
  jobs: readonly Job[],
  { notices }: Pick<InProcessSystem, "notices">,
): Omit<Run, "reached"> {
  const found = lookAtWorld(world.state, jobs, (id) => world.numbers.numberOf(id));
  world.record({ ...found, notCompared: [...found.notCompared, ...untold(jobs, notices)] });
  for (const job of jobs) world.record(finalLook(world, job));
  const { events, faults, clock, transactions } = world;
  const own = world.rest === null ? { schedule, events } : withFired(schedule, events, faults.all);
  return { ...own, unfired: faults.unfired(), transactions, millis: clock.now() };
}

async function ask(port: ProbePort, topics: readonly ProbeTopic[]): Promise<void> {
  await askOfJobs(port, topics, async () => {});
  await askOfNames(port, topics);
}
