import { setTimeout as delay } from "node:timers/promises";
import { isTerminal } from "../../../../contracts/job.ts";
import { generationOf } from "../../../cells/cell.ts";
import { askForEnd, type Caller, followJob, look } from "../../../customers/script.ts";
import { InfrastructureError, UsageError } from "../../../errors.ts";
import type { FinalEvent } from "../../../history/event.ts";
import { type Planned, type Schedule, versionStepsOf } from "../../../schedule/schedule.ts";
import type { Run } from "../../in-process/run.ts";
import { clusterOf, orderOf } from "../../workload.ts";
import type { ScheduleRig } from "../system/schedule-rig.ts";
import { ProcessEvents } from "./process-events.ts";
import { isBeyondReach, needsOf } from "./reach.ts";
import { httpCaller } from "./schedule-customer.ts";
import { ScheduleLife } from "./schedule-life.ts";
import { countUnsent, finalLook, prepareSources, prepareTables, storedStatus } from "./schedule-oracle.ts";

/** Between two looks at whether all is quiet. */
const lookMs = 5;
/** Idle workers come to their sites soon; a fault whose site nobody has come to by then does not fire. */
const idleGraceMs = 400;

/**
 * Runs one schedule on a rig and leaves the rig as it was: every process running, no job unfinished. After a version step
 * no other schedule can follow. What this rig
 * cannot break is told as unfired, without a run. Rejects with the rig's trouble; such a rig must be disposed of.
 */
export async function runSchedule(rig: ScheduleRig, schedule: Schedule): Promise<Run> {
  mustFit(rig, schedule);
  const impossible = schedule.faults.filter(isBeyondReach);
  if (impossible.length > 0) return unfiredRun(schedule, impossible);
  const stop = new AbortController();
  const processes = new ProcessEvents(rig);
  try {
    return await Promise.race([
      new ScheduleRun(rig, schedule, processes, stop.signal).run(),
      rig.trouble,
      processes.trouble,
    ]);
  } finally {
    rig.life = null;
    stop.abort();
  }
}

/** What comes of a schedule of which a fault cannot fire: nothing was run. */
export const unfiredRun = (schedule: Schedule, unfired: readonly Planned[]): Run => ({
  schedule,
  events: [],
  unfired,
  reached: [],
  millis: 0,
});

function mustFit({ releases, workers, dirty }: ScheduleRig, schedule: Schedule): void {
  const { workload, releases: wanted } = schedule;
  if (dirty !== null) throw dirty;
  for (const generation of needsOf(schedule).generations) {
    const there = workers.filter((worker) => worker.generation === generation).length;
    if (there < workload.workers)
      throw new UsageError(
        `the schedule needs ${workload.workers} workers of generation ${generation}, the rig has ${there}`,
      );
    if (wanted.workers[generation] !== releases.workers[generation] || wanted.api !== releases.api)
      throw new UsageError("the schedule is about other releases than those that the rig runs");
  }
}

class ScheduleRun {
  readonly #rig: ScheduleRig;
  readonly #schedule: Schedule;
  readonly #processes: ProcessEvents;
  readonly #life: ScheduleLife;
  readonly #callers: readonly Caller[];
  #following = 0;

  constructor(rig: ScheduleRig, schedule: Schedule, processes: ProcessEvents, stop: AbortSignal) {
    this.#rig = rig;
    this.#schedule = schedule;
    this.#processes = processes;
    rig.count += 1;
    const life = new ScheduleLife(schedule, `r${rig.count}_`, rig.schedules.timeScale, {
      kill: (which, by, back) => processes.kill(life, which, by, back),
      pause: (which, by, ms) => processes.pause(life, which, by, ms),
      cancelJob: (number) => this.#cancel(number ?? 1),
    });
    this.#life = life;
    this.#callers = schedule.workload.jobs.map((job, i) =>
      httpCaller(rig, rig.config.customers[clusterOf(job)].apikey, life.ended(i + 1), stop),
    );
  }

  async run(): Promise<Run> {
    const rig = this.#rig;
    const life = this.#life;
    const schedule = this.#schedule;
    if (rig.count === 1) await prepareSources(rig);
    await Promise.all([prepareTables(rig, life), this.#processes.onlyNeeded(schedule)]);
    life.begin(rig.schedules.limits);
    rig.life = life;
    // As in the simulated rig, the first claim finds nothing to do.
    await life.claimed;
    this.#issueJobs();
    await this.#quiet();
    const numbers = schedule.workload.jobs.map((_, i) => i + 1);
    await Promise.all(numbers.map((number) => this.#about(number, look)));
    rig.life = null;
    const unsent = await countUnsent(rig, this.#processes.living);
    const finals = await Promise.all(numbers.map((number) => finalLook(rig, life, number, unsent)));
    for (const final of finals) life.record(final);
    const millis = life.now();
    await this.#clear(finals);
    return {
      schedule,
      events: life.events.map((event) => ({ ...event })),
      unfired: life.faults.unfired(),
      reached: life.faults.reached,
      millis,
    };
  }

  #issueJobs(): void {
    const { prefix, numbers } = this.#life;
    for (const [i, job] of this.#schedule.workload.jobs.entries()) {
      const number = i + 1;
      const { database } = this.#rig.config.customers[clusterOf(job)];
      const host = this.#rig.destination(generationOf(job.engine));
      const order = orderOf(job, number, { database, host, prefix });
      this.#following += 1;
      const onAccepted = (id: string) => void numbers.set(id, number);
      void followJob(this.#callers[i] as Caller, order, onAccepted).then(() => {
        this.#following -= 1;
      });
    }
  }

  /** Resolves when every job has ended, nothing is to come and every worker is idle, or when it is too late for that. */
  async #quiet(): Promise<void> {
    const { jobMs } = this.#rig.config.limits;
    const life = this.#life;
    const processes = this.#processes;
    const living = () => processes.living.map(({ name }) => name);
    const isQuiet = () => this.#following === 0 && processes.pending === 0 && !life.reports.of(living());
    const isOverdue = () => processes.pending === 0 && performance.now() > life.lastFaultAt + jobMs;
    let quietSince = Number.POSITIVE_INFINITY;
    for (;;) {
      if (isOverdue()) return;
      quietSince = isQuiet() ? Math.min(quietSince, performance.now()) : Number.POSITIVE_INFINITY;
      const idle = life.haveAsked(living(), quietSince);
      const complete = life.faults.unfired().length === 0 || performance.now() > quietSince + idleGraceMs;
      if (idle && complete) return;
      await delay(lookMs);
    }
  }

  /** Nobody can ask for the end of a job whose id is not known yet. */
  #cancel(number: number): (() => void) | null {
    return this.#life.idOf(number) === null ? null : () => void this.#about(number, askForEnd);
  }

  async #about(number: number, use: (caller: Caller, id: string) => Promise<unknown>): Promise<void> {
    const id = this.#life.idOf(number);
    if (id !== null) await use(this.#callers[number - 1] as Caller, id);
  }

  /** A job that has not ended, or a report that is kept, would be in the way of the next schedule. */
  async #clear(finals: readonly FinalEvent[]): Promise<void> {
    const { limits, timeScale } = this.#rig.schedules;
    const unfired = this.#life.faults.unfired();
    const fired = this.#schedule.faults.filter((planned) => !unfired.includes(planned));
    if (versionStepsOf({ faults: fired }).length > 0) this.#rig.dirty = otherReleases;
    const waitMs = 2 * limits.leaseMs * timeScale;
    const back = await this.#processes.restore();
    await countUnsent(this.#rig, back, waitMs);
    const limit = performance.now() + waitMs;
    for (const { job, number, stored } of finals) {
      let status = stored;
      while (job !== null && (status === null || !isTerminal(status))) {
        if (performance.now() > limit) {
          this.#rig.dirty = unfinished(job);
          return;
        }
        await this.#about(number, askForEnd);
        await delay(lookMs);
        status = await storedStatus(this.#rig, job);
      }
    }
  }
}

const otherReleases = new InfrastructureError({
  component: "the containers rig",
  expected: "the releases that it was started with",
  happened: "the last schedule has changed them by a version step",
  next: "start a new rig for the next schedule",
});

const unfinished = (job: string): Error =>
  new InfrastructureError({
    component: "the containers rig",
    expected: "the jobs of the last schedule to end, at the latest when they are killed",
    happened: `job ${job} did not`,
    next: "start a new rig for the next schedule",
  });
