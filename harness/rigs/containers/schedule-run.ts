import { setTimeout as delay } from "node:timers/promises";
import { generationOf } from "../../cells/cell.ts";
import { askForEnd, type Caller, followJob, look } from "../../customers/script.ts";
import { UsageError } from "../../errors.ts";
import { historyVersion } from "../../history/event.ts";
import { domainKey } from "../../history/job-history.ts";
import type { Planned, Schedule, WorkloadJob } from "../../schedule/schedule.ts";
import type { Run } from "../in-process/run.ts";
import { clusterOf, queryOf, queryTypeOf, targetTable } from "../workload.ts";
import { ProcessEvents } from "./process-events.ts";
import { httpCaller } from "./schedule-customer.ts";
import { ScheduleLife } from "./schedule-life.ts";
import { finalLook, prepareSources, prepareTables } from "./schedule-oracle.ts";
import type { ScheduleRig } from "./schedule-rig.ts";

/** Between two looks at whether all is quiet. */
const lookMs = 5;
/** Idle workers reach their places soon; a fault whose place nobody has reached by then does not fire. */
const idleGraceMs = 400;

/** Runs one schedule on a rig, and leaves the rig as it was: every process running, no job unfinished. */
export async function runSchedule(rig: ScheduleRig, schedule: Schedule): Promise<Run> {
  const impossible = schedule.faults.filter(cannotBe);
  check(rig, schedule);
  if (impossible.length > 0) return { schedule, events: [], unfired: impossible, reached: [], millis: 0 };
  rig.count += 1;
  if (rig.count === 1) await prepareSources(rig);
  const stop = new AbortController();
  const events = new ProcessEvents(rig);
  const life: ScheduleLife = new ScheduleLife(schedule, `r${rig.count}_`, rig.schedules.timeScale, {
    kill: (which, by, ms) => events.kill(life, which, by, ms),
    pause: (which, by, ms) => events.pause(life, which, by, ms),
    killJob: (number) => void endJob(number ?? 1),
  });
  const callers = schedule.workload.jobs.map((job) =>
    httpCaller(rig, rig.config.customers[clusterOf(job)].apikey, stop.signal),
  );
  const idOf = (number: number) => [...life.numbers].find(([, known]) => known === number)?.[0];
  const withJob = async (number: number, use: (caller: Caller, id: string) => Promise<unknown>) => {
    const [caller, id] = [callers[number - 1], idOf(number)];
    if (caller !== undefined && id !== undefined) await use(caller, id);
  };
  const endJob = (number: number) => withJob(number, askForEnd);
  life.record({
    kind: "run",
    version: historyVersion,
    id: "",
    api: schedule.releases.api,
    rig: "containers",
    schedule,
    limits: rig.schedules.limits,
  });
  const { signal } = stop;
  const work = async () => {
    await Promise.all([prepareTables(rig, life), events.onlyNeeded(schedule)]);
    rig.life = life;
    await life.firstClaim;
    await settle(rig, life, events, callers, schedule.workload.jobs);
    await Promise.all(schedule.workload.jobs.map((_, i) => Promise.race([withJob(i + 1, look), lookLimit(signal)])));
    rig.life = null;
    const unsent = events.unsent(life);
    for (const [i] of schedule.workload.jobs.entries()) life.record(await finalLook(rig, life, i + 1, unsent));
    await events.restore();
  };
  try {
    await Promise.race([work(), rig.trouble, events.trouble]);
    return {
      schedule,
      events: life.history(),
      unfired: life.faults.unfired(),
      reached: life.faults.reached,
      millis: life.now(),
    };
  } finally {
    rig.life = null;
    stop.abort();
  }
}
