import { setTimeout as delay } from "node:timers/promises";
import { clusters, generationOf } from "../../../../contracts/job.ts";
import type { Millis } from "../../../../contracts/values.ts";
import type { Caller } from "../../../customers/caller.ts";
import { askForEnd, followJob } from "../../../customers/script.ts";
import { kindNamed } from "../../../destinations/index.ts";
import type { HistoryEvent, MatrixExtent } from "../../../history/event.ts";
import type { Phase, Schedule } from "../../../schedule/schedule.ts";
import type { Run } from "../../run.ts";
import { type Job, jobsOf, orderOf, type UrlOf } from "../../workload.ts";
import type { MachineWatch } from "../docker/machine-watch.ts";
import type { ContainersRig } from "../system/open-rig.ts";
import { callerFor } from "./callers.ts";
import { askAll, lastLooks, type Over } from "./last-looks.ts";
import { ScheduleLife } from "./life.ts";
import { countUnsent, customerOf, finalLooks, heldLook, prepare, reachId } from "./oracle.ts";
import { Probe } from "./probe.ts";
import { ProcessEvents } from "./process-events.ts";
import { isBeyondContainers, mustFit } from "./reach.ts";
import { watchClock } from "./wall-clock.ts";
import { lookAtWorld } from "./world.ts";

/** Between two looks at whether all is quiet. */
const lookMs: Millis = 5;
/** Idle workers come to their sites soon; a fault whose site nobody has come to by then does not fire. */
const idleGraceMs: Millis = 400;
/** Jobs of one engine that are under way at once: more would only wait for its worker. */
const jobsAtOnce = 3;

/** A run on a rig that can be used again. */
export interface ContainersRun {
  run: Run;
  life: ScheduleLife;
  jobs: readonly Job[];
  processes: ProcessEvents;
}

export interface RunOptions {
  /** Which schedule of the rig it is, from 1: what keeps apart the names of several. */
  count?: number;
  /** The customers' last looks are so long after the ends that they saw. */
  ageMs?: Millis;
  /** Where the schedule is a matrix, or a part of one: the whole. */
  matrix?: MatrixExtent;
  /** Told when a job's customer follows it no longer. */
  onEnded?: (done: number, all: number) => void;
  /** Given the history as far as it goes if the run comes to trouble. */
  onTrouble?: (events: readonly HistoryEvent[]) => void;
}

/**
 * Runs one schedule on a rig. What this rig cannot break is told as unfired, without a run. Rejects with the rig's
 * trouble; such a rig must be disposed of.
 */
export async function runSchedule(
  rig: ContainersRig,
  schedule: Schedule,
  options: RunOptions = {},
): Promise<ContainersRun> {
  mustFit(rig, schedule);
  const impossible = schedule.faults.filter((planned) => isBeyondContainers(planned, rig.config));
  const prefix = `r${options.count ?? 1}_`;
  const jobs = jobsOf(schedule, rig.config.scenarios, prefix);
  const processes = new ProcessEvents(rig);
  const stop = new AbortController();
  const one = new OneRun(rig, schedule, jobs, prefix, processes, stop.signal, options);
  const { life } = one;
  if (impossible.length > 0)
    return {
      run: { schedule, events: [], unfired: impossible, reached: [], millis: 0 },
      life,
      jobs,
      processes,
    };
  try {
    const trouble = Promise.race([rig.trouble, processes.trouble]);
    const seen = Promise.race([one.run(), one.blind]).catch((error) => causeOf(error, trouble));
    const run = await Promise.race([seen, trouble]);
    return { run, life, jobs, processes };
  } catch (error) {
    options.onTrouble?.(life.history());
    throw error;
  } finally {
    rig.stage.traffic = null;
    one.stopWatching();
    stop.abort();
  }
}

/** Whoever looks at a component may notice that it is gone before its end is heard of, which says more. */
const hearsayMs: Millis = 5_000;

async function causeOf(error: unknown, trouble: Promise<never>): Promise<never> {
  await Promise.race([trouble, delay(hearsayMs)]);
  throw error;
}

class OneRun {
  readonly life: ScheduleLife;
  readonly #rig: ContainersRig;
  readonly #schedule: Schedule;
  readonly #jobs: readonly Job[];
  readonly #prefix: string;
  readonly #processes: ProcessEvents;
  readonly #options: RunOptions;
  readonly #callers: ReadonlyMap<number, Caller>;
  readonly #stop: AbortSignal;
  /** Rejects where the oracle could not look. */
  readonly #blind = Promise.withResolvers<never>();
  #watch: MachineWatch | null = null;
  #done = 0;
  #doneAt = 0;

  constructor(
    rig: ContainersRig,
    schedule: Schedule,
    jobs: readonly Job[],
    prefix: string,
    processes: ProcessEvents,
    stop: AbortSignal,
    options: RunOptions,
  ) {
    this.#rig = rig;
    this.#schedule = schedule;
    this.#jobs = jobs;
    this.#prefix = prefix;
    this.#processes = processes;
    this.#options = options;
    this.#stop = stop;
    const life = new ScheduleLife({
      schedule,
      jobs,
      prefix,
      clockwork: rig.clockwork,
      customerOf: (authorization) =>
        clusters.find((cluster) => authorization === `TD1 ${rig.config.customers[cluster]?.apikey}`),
      actions: {
        kill: (which, by, back) => processes.kill(life, which, by, back),
        pause: (which, by, ms) => processes.pause(life, which, by, ms),
        cancelJob: (number) => this.#cancel(number ?? 1),
      },
      whileHeld: (number, by, phase) => this.#lookWhileHeld(number, by, phase),
    });
    this.life = life;
    this.#callers = new Map(
      jobs.map((job) => [job.number, callerFor(rig, job, life.book.ended(job.number), stop)]),
    );
  }

  get blind(): Promise<never> {
    return this.#blind.promise;
  }

  async run(): Promise<Run> {
    const rig = this.#rig;
    const { life } = this;
    await Promise.all([prepare(rig, this.#jobs), this.#processes.onlyNeeded(this.#schedule)]);
    const lookAgain = await lookAtWorld(rig, this.#jobs, this.#prefix);
    const refuseSetClock = watchClock();
    life.begin(
      rig.run,
      rig.identities.map(({ component, release, digest, image }) => ({ component, release, digest, image })),
      this.#options.matrix,
    );
    rig.stage.traffic = life;
    this.#watch = rig.watchMachine((event) => life.record(event));
    // As in the simulated rig, the first claim finds nothing to do.
    await life.claimed;
    void this.#issueJobs();
    await this.#quiet();
    const probe = this.#schedule.workload.probe === true ? new Probe(rig, life, this.#stop) : null;
    await Promise.all([probe?.askOfJobs(), this.#age()]);
    const over: Over = {
      rig,
      schedule: this.#schedule,
      jobs: this.#jobs,
      callers: this.#callers,
      idOf: (number) => life.book.idOf(number),
      stop: this.#stop,
    };
    const seen = await lastLooks(over);
    const reached = [...life.faults.reached];
    await askAll(over, seen);
    // Calls are recorded until the oracle has looked: a job that ends in between has its report on record.
    const unsent = await countUnsent(rig, this.#processes.living);
    const endOf = (job: Job) => ({
      job,
      id: life.book.idOf(job.number),
      seen: seen.get(job.number) ?? {},
      unsent,
    });
    const ended = this.#jobs.map(endOf);
    life.record(await lookAgain([...ended.map(({ id }) => id), ...(probe?.ids ?? [])], life.requested));
    await this.#watch.finished();
    for (const exchange of rig.departed) life.record(exchange);
    for (const component of rig.telltales)
      life.record({ kind: "component", component, what: "disclosed", detail: "a secret stands in its log" });
    for (const final of await finalLooks(rig, ended)) life.record(final);
    await probe?.askOfNames();
    refuseSetClock();
    return {
      schedule: this.#schedule,
      events: life.history(),
      unfired: life.faults.unfired(),
      reached,
      millis: life.now(),
    };
  }

  /** Of a run that came to its end, or to trouble. */
  stopWatching(): void {
    this.#watch?.stop();
  }

  /** Each engine's jobs in their order, so many at a time. */
  async #issueJobs(): Promise<void> {
    const byEngine = Map.groupBy(this.#jobs, ({ engine }) => engine);
    await Promise.all(
      [...byEngine.values()].flatMap((queue) =>
        Array.from({ length: jobsAtOnce }, async () => {
          for (let job = queue.shift(); job !== undefined; job = queue.shift()) await this.#follow(job);
        }),
      ),
    );
  }

  async #follow(job: Job): Promise<void> {
    const { database } = customerOf(this.#rig, job);
    const generation = generationOf(job.engine);
    const urlOf: UrlOf = (name, output, target) => {
      const seen = this.#rig.destinations.get(name);
      if (seen === undefined) throw new Error(`the rig has no destination ${name}`);
      return kindNamed(name).url(output, target, seen.seenBy(generation), seen.open.server);
    };
    const { number, scenario } = job;
    await reachId(this.#rig, job).catch((error: unknown) => this.#blind.reject(error));
    // Faults hold jobs up for as long as they last; without any a job has its own time.
    const limits =
      this.#schedule.faults.length === 0 ? [AbortSignal.timeout(this.#rig.config.limits.jobMs)] : [];
    await followJob(this.#callers.get(number) as Caller, orderOf(job, database, urlOf, this.#prefix), {
      onAccepted: (id) => this.life.book.accepted(id, number),
      kills: scenario.ending === "killed",
      giveUp: AbortSignal.any([this.#stop, ...limits]),
    });
    this.#done += 1;
    this.#doneAt = performance.now();
    this.#options.onEnded?.(this.#done, this.#jobs.length);
  }

  /** Resolves when every job has ended, nothing is to come and every worker is idle, or when it is too late for that. */
  async #quiet(): Promise<void> {
    const { jobMs } = this.#rig.config.limits;
    const { life } = this;
    const processes = this.#processes;
    const living = () => processes.living.map(({ name }) => name);
    let progress = -1;
    let progressAt = 0;
    const isOverdue = () => {
      const now = performance.now();
      const sofar = this.#done + life.book.progress;
      if (sofar !== progress) [progress, progressAt] = [sofar, now];
      return processes.pending === 0 && now > Math.max(life.lastFaultAt, progressAt) + jobMs;
    };
    const isQuiet = () =>
      this.#done === this.#jobs.length && processes.pending === 0 && !life.reports.of(living());
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

  /** An end that does not last is seen by a look some time after it. */
  async #age(): Promise<void> {
    const { ageMs = 0 } = this.#options;
    const rest = this.#doneAt + ageMs - performance.now();
    if (rest > 0) await delay(rest, undefined, { signal: this.#stop });
  }

  async #lookWhileHeld(number: number, by: string, phase: Phase): Promise<void> {
    const id = this.life.book.idOf(number);
    if (id === null) return;
    try {
      this.life.record(await heldLook(this.#rig, this.#jobs[number - 1] as Job, id, by, phase));
    } catch (error) {
      // A fault may have taken the server away.
      if (this.#schedule.faults.length === 0) this.#blind.reject(error);
    }
  }

  /** Nobody can ask for the end of a job whose id is not known yet. */
  #cancel(number: number): (() => void) | null {
    return this.life.book.idOf(number) === null ? null : () => void this.#about(number, askForEnd);
  }

  async #about(number: number, use: (caller: Caller, id: string) => Promise<unknown>): Promise<void> {
    const id = this.life.book.idOf(number);
    if (id !== null) await use(this.#callers.get(number) as Caller, id);
  }
}
