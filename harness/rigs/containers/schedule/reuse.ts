import { setTimeout as delay } from "node:timers/promises";
import { clusterOf, isTerminal } from "../../../../contracts/job.ts";
import type { Millis } from "../../../../contracts/values.ts";
import { askForEnd } from "../../../customers/script.ts";
import { InfrastructureError, troubleOf } from "../../../errors.ts";
import { type Schedule, versionStepsOf } from "../../../schedule/schedule.ts";
import type { Run } from "../../run.ts";
import type { ContainersRig } from "../system/open-rig.ts";
import { callerFor } from "./callers.ts";
import { countUnsent, storedStatus } from "./oracle.ts";
import { type ContainersRun, runSchedule } from "./run-schedule.ts";

/** Between two looks at whether a job has ended. */
const lookMs = 5;

/** A rig on which one schedule after the other is run; each is left as it was found: processes up, no job unfinished. */
export class ReusedRig {
  readonly rig: ContainersRig;
  readonly #runSchedule: typeof runSchedule;
  #count = 0;
  /** Why no further schedule can be run on it; null while one can. */
  #dirty: InfrastructureError | null = null;

  /** @param run how a schedule is run on it */
  constructor(rig: ContainersRig, run = runSchedule) {
    this.rig = rig;
    this.#runSchedule = run;
  }

  /** @param ageMs how long after the ends that they saw customers look for the last time */
  async run(schedule: Schedule, ageMs: Millis = 0): Promise<Run> {
    if (this.#dirty !== null) throw this.#dirty;
    this.#count += 1;
    const ran = await this.#runSchedule(this.rig, schedule, { count: this.#count, ageMs });
    // What was seen stands, whatever becomes of the rig: the next schedule is told of that.
    if (ran.run.events.length > 0)
      await this.#clear(ran).catch((error: unknown) => {
        const trouble = troubleOf(error);
        if (trouble === null) throw error;
        this.#dirty = trouble;
      });
    return ran.run;
  }

  /** A job that has not ended, or a report that is kept, would be in the way of the next schedule. */
  async #clear({ run, life, jobs, processes }: ContainersRun): Promise<void> {
    const { limits, timeScale } = this.rig.clockwork;
    const fired = run.schedule.faults.filter((planned) => !run.unfired.includes(planned));
    if (versionStepsOf({ faults: fired }).length > 0) this.#dirty = otherReleases;
    const waitMs = 2 * limits.leaseMs * timeScale;
    const back = await processes.restore();
    await countUnsent(this.rig, back, waitMs);
    const limit = performance.now() + waitMs;
    const stop = AbortSignal.timeout(waitMs + 1);
    const oneOfEach = new Map(jobs.map((job) => [clusterOf(job.engine), job]));
    const customers = [...oneOfEach.values()].map((job) => callerFor(this.rig, job, Promise.resolve(), stop));
    for (const id of life.book.ids()) {
      for (;;) {
        const status = await storedStatus(this.rig, id);
        if (status === null || isTerminal(status)) break;
        if (performance.now() > limit) {
          this.#dirty = unfinished(id);
          return;
        }
        // Whose it is the book does not say: to the others it is not there.
        for (const customer of customers) await askForEnd(customer, id);
        await delay(lookMs);
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

const unfinished = (job: string) =>
  new InfrastructureError({
    component: "the containers rig",
    expected: "the jobs of the last schedule to end, at the latest when they are killed",
    happened: `job ${job} did not`,
    next: "start a new rig for the next schedule",
  });
