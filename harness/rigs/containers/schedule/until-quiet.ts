import { setTimeout as delay } from "node:timers/promises";
import type { Generation } from "../../../../contracts/job.ts";
import type { Millis } from "../../../../contracts/values.ts";
import type { ScheduleLife } from "./life.ts";
import type { ProcessEvents } from "./processes/process-events.ts";

/** Between two looks at whether all is quiet. */
const lookMs: Millis = 5;
/** Idle workers come to their sites soon; a fault whose site nobody has come to by then does not fire. */
const idleGraceMs: Millis = 400;

interface UnderWay {
  life: ScheduleLife;
  processes: ProcessEvents;
  /** Whose jobs they are. */
  generations: readonly Generation[];
  /** How many jobs the workers of these have. */
  jobs: number;
  /** How many of them their customers follow no longer. */
  done: () => number;
  /** How long nothing may go on. */
  jobMs: Millis;
  stop: AbortSignal;
}

/**
 * Resolves when the jobs of these generations have ended, nothing is to come and each of their workers that live is idle, or when it
 * is too late for that.
 */
export async function untilQuiet(underWay: UnderWay): Promise<void> {
  const { life, processes, generations, jobs, done, jobMs, stop } = underWay;
  const living = () =>
    processes.living.filter(({ generation }) => generations.includes(generation)).map(({ name }) => name);
  let progress = -1;
  let progressAt = 0;
  const isOverdue = () => {
    const now = performance.now();
    const sofar = done() + life.book.progress;
    if (sofar !== progress) [progress, progressAt] = [sofar, now];
    return processes.pending === 0 && now > Math.max(life.lastFaultAt, progressAt) + jobMs;
  };
  const isQuiet = () => done() === jobs && processes.pending === 0 && !life.reports.of(living());
  let quietSince = Number.POSITIVE_INFINITY;
  for (;;) {
    stop.throwIfAborted();
    if (isOverdue()) return;
    quietSince = isQuiet() ? Math.min(quietSince, performance.now()) : Number.POSITIVE_INFINITY;
    const idle = life.haveAsked(living(), quietSince);
    const complete = life.faults.unfired().length === 0 || performance.now() > quietSince + idleGraceMs;
    if (idle && complete) return;
    await delay(lookMs);
  }
}
