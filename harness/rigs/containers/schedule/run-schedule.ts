import { setTimeout as delay } from "node:timers/promises";
import { type Generation, generationOf, generations } from "../../../../contracts/job.ts";
import type { Millis } from "../../../../contracts/values.ts";
import { customerWith } from "../../../config/config.ts";
import type { Caller } from "../../../customers/caller.ts";
import { askForEnd, followJob } from "../../../customers/script.ts";
import type { IsAt, MatrixExtent } from "../../../history/event.ts";
import { madeTables } from "../../../history/modelled/made-tables.ts";
import type { Phase, Schedule, Site } from "../../../schedule/schedule.ts";
import { sideBySide } from "../../../side-by-side.ts";
import { beyondIn } from "../../beyond.ts";
import { lacksIn } from "../../needs.ts";
import type { Run } from "../../run.ts";
import { isMoving, type Job, jobsOf, lanesOf, orderOf } from "../../workload.ts";
import type { MachineWatch } from "../docker/machine-watch.ts";
import { urlsFor } from "../system/destinations.ts";
import type { ContainersRig } from "../system/open-rig.ts";
import { callerFor } from "./callers.ts";
import { withDisks } from "./disks.ts";
import { askAll, lastLooks, type Over } from "./last-looks.ts";
import { ScheduleLife } from "./life.ts";
import { type Enter, onStage, recordAsides, type Told } from "./on-stage.ts";
import { countUnsent, customerOf, finalLooks, heldLook, prepare, reachId } from "./oracle.ts";
import { probeOf } from "./probe.ts";
import { apisInTurn } from "./processes/apis-in-turn.ts";
import { hitBefore } from "./processes/hit-before.ts";
import { untilTold } from "./processes/notices.ts";
import { ProcessEvents } from "./processes/process-events.ts";
import { beyondReach, mustFit } from "./reach.ts";
import { untilQuiet } from "./until-quiet.ts";
import { lookAtWorld } from "./world.ts";

/** Jobs of one engine that are under way at once: more would only wait for its worker. */
const jobsAtOnce = 3;

/** A run on a rig that can be used again. */
export interface ContainersRun {
  run: Run;
  life: ScheduleLife;
  jobs: readonly Job[];
  processes: ProcessEvents;
}

export interface RunOptions extends Partial<Told> {
  /** Which schedule of the rig it is, from 1: what keeps apart the names of several. */
  count?: number;
  /** How long after the end of its job a customer looks for the last time. */
  ageMs?: Millis;
  /** Where the schedule is a matrix, or a part of one: the whole. */
  matrix?: MatrixExtent;
  /** Told when a job's customer follows it no longer. */
  onEnded?: (done: number, all: number) => void;
  /** A place in the history at which nothing goes on, and what is done there; the rest of the schedule is not run. */
  standStill?: { isAt: IsAt; during: () => Promise<void> };
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
  const impossible = [...beyondIn({ beyond: beyondReach }, schedule, rig.config).keys()];
  const prefix = `r${options.count ?? 1}_`;
  const jobs = jobsOf(schedule, rig.config.scenarios, prefix);
  const processes = new ProcessEvents(rig);
  const stop = new AbortController();
  const one = new OneRun(rig, schedule, jobs, prefix, processes, stop, options);
  const { life } = one;
  const notRun: Run = { schedule, events: [], unfired: impossible, reached: [], millis: 0 };
  if (impossible.length > 0) return { run: notRun, life, jobs, processes };
  const { onBegun, onTrouble } = options;
  try {
    const run = await onStage(rig, life, { trouble: [processes.trouble], onBegun, onTrouble }, (enter) =>
      Promise.race([one.run(enter), one.blind.promise]),
    );
    return { run, life, jobs, processes };
  } finally {
    stop.abort();
  }
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
  readonly #stop: AbortController;
  /** Rejects where the oracle could not look. */
  readonly blind = Promise.withResolvers<never>();
  readonly #stopped = Promise.withResolvers<Run>();
  #watch: MachineWatch | null = null;
  readonly #over = new Map<number, Promise<void>>();
  /** The jobs whose customers are done with them. */
  readonly #followed: Job[] = [];
  #followedAt = 0;
  readonly #leftUndone: Over["leftUndone"] = new Map();

  constructor(
    rig: ContainersRig,
    schedule: Schedule,
    jobs: readonly Job[],
    prefix: string,
    processes: ProcessEvents,
    stop: AbortController,
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
      nextApi: apisInTurn(rig, schedule),
      plannedName: (name) => processes.plannedName(name),
      customerOf: customerWith(rig.config),
      actions: {
        ...processes.actions(() => life),
        cancelJob: (number) => this.#cancel(number ?? 1),
      },
      whileHeld: (number, by, phase) => this.#lookWhileHeld(number, by, phase),
      onEvent: (event, isOver) => {
        const { standStill } = options;
        if (standStill === undefined || !standStill.isAt(event, isOver) || life.isOver) return;
        life.end(processes.workers);
        this.#stopped.resolve(this.#standStill(standStill.during));
      },
    });
    this.life = life;
    this.#callers = new Map(
      jobs.map((job) => [job.number, callerFor(rig, job, life.book.ended(job.number), stop.signal)]),
    );
  }

  /** To its end, or to where it is to stand still. */
  run(enter: Enter): Promise<Run> {
    return Promise.race([this.#unlessStopped(enter), this.#stopped.promise]);
  }

  /** What is stopped in the middle of something may fail at it, or go on for a while. */
  async #unlessStopped(enter: Enter): Promise<Run> {
    try {
      const run = await this.#toTheEnd(enter);
      return this.life.isOver ? await this.#stopped.promise : run;
    } catch (error) {
      if (this.life.isOver) return this.#stopped.promise;
      throw error;
    }
  }

  async #toTheEnd(enter: Enter): Promise<Run> {
    const rig = this.#rig;
    const { life } = this;
    await Promise.all([prepare(rig, this.#jobs), this.#processes.onlyNeeded(this.#schedule)]);
    const lookAgain = await lookAtWorld(rig, this.#jobs, this.#prefix, this.#schedule);
    this.#watch = enter(this.#options.matrix);
    // As in the simulated rig, the first claim finds nothing to do.
    await life.claimed;
    void this.#issueJobs();
    const probe = probeOf(rig, life, this.#schedule, this.#stop.signal);
    // A generation whose jobs are over is free for the probe, whatever the other one has to do.
    await (probe?.askOfJobs((generation) => this.#quiet([generation])) ?? this.#quiet(generations));
    await this.#age();
    const over: Over = {
      rig,
      schedule: this.#schedule,
      jobs: this.#jobs,
      callers: this.#callers,
      idOf: (number) => life.book.idOf(number),
      leftUndone: this.#leftUndone,
      stop: this.#stop.signal,
    };
    const seen = await lastLooks(over);
    const reached = [...life.faults.reached];
    await askAll(over, seen);
    // Calls are recorded until the oracle has looked: a job that ends in between has its report on record.
    const unsent = await countUnsent(rig, this.#processes.living);
    const ended = this.#jobs.map((job) => {
      const id = life.book.idOf(job.number);
      return { job, id, seen: seen.get(job.number) ?? {}, unsent };
    });
    const ids = [...ended.map(({ id }) => id), ...life.book.told, ...(probe?.ids ?? [])];
    const world = await lookAgain({ ids, requested: life.requested, made: madeTables(life.history()) });
    for (const event of await withDisks(rig, this.#schedule, world)) life.record(event);
    await this.#watch.finished();
    recordAsides(rig, life);
    for (const final of await finalLooks(rig, ended)) life.record(final);
    await probe?.askOfNames();
    return this.#ran(reached);
  }

  #ran(reached: readonly Site[]): Run {
    return {
      schedule: this.#schedule,
      events: this.life.history(),
      unfired: this.life.faults.unfired(),
      reached,
      millis: this.life.now(),
    };
  }

  /** Nobody drives the system from here on: whoever asked for it has it to themselves. */
  async #standStill(during: () => Promise<void>): Promise<Run> {
    this.#stop.abort();
    this.#watch?.stop();
    await during();
    return this.#ran([...this.life.faults.reached]);
  }

  /** Until nothing is to come of these generations' jobs. */
  #quiet(whose: readonly Generation[]): Promise<void> {
    const isTheirs = ({ engine }: Job) => whose.includes(generationOf(engine));
    return untilQuiet({
      life: this.life,
      processes: this.#processes,
      generations: whose,
      jobs: this.#jobs.filter(isTheirs).length,
      done: () => this.#followed.filter(isTheirs).length,
      jobMs: this.#rig.config.limits.jobMs,
      stop: this.#stop.signal,
    });
  }

  /** Jobs as the schedule has them follow one another, or each engine's with a limit of jobs under way at once. */
  async #issueJobs(): Promise<void> {
    const { atOnce } = this.#schedule.workload;
    const ofEngines = () => [...Map.groupBy(this.#jobs, ({ engine }) => engine).values()];
    const queues = atOnce === undefined ? ofEngines() : lanesOf(this.#jobs, atOnce);
    const most = atOnce === undefined ? jobsAtOnce : 1;
    await Promise.all(queues.map((queue) => sideBySide(queue, most, (job) => this.#follow(job))));
  }

  async #follow(job: Job): Promise<void> {
    const rig = this.#rig;
    const { number, engine, scenario } = job;
    const over = Promise.withResolvers<void>();
    this.#over.set(number, over.promise);
    await reachId(rig, job).catch(this.blind.reject);
    // Faults hold jobs up for as long as they last; without any a job has its own time.
    const limits = this.#schedule.faults.length === 0 ? [AbortSignal.timeout(rig.config.limits.jobMs)] : [];
    // A process takes longer here to end and to start: jobs that follow one another do not overtake it.
    if (this.#schedule.workload.atOnce !== undefined) {
      await Promise.all(hitBefore(this.#schedule, number).flatMap((before) => this.#over.get(before) ?? []));
      await this.#processes.up();
    }
    const moves = isMoving(this.#schedule, lacksIn(this.#schedule, rig.config));
    const owner = { ...customerOf(rig, job), moves };
    const order = orderOf(job, owner, urlsFor(rig.destinations, engine), this.#prefix);
    const isDone = await followJob(this.#callers.get(number) as Caller, order, {
      onAccepted: (id) => this.life.book.accepted(id, number),
      kills: scenario.ending === "killed",
      giveUp: AbortSignal.any([this.#stop.signal, ...limits]),
    });
    if (!isDone) this.#leftUndone.set(number, order);
    this.#followed.push(job);
    over.resolve();
    this.#followedAt = performance.now();
    this.#options.onEnded?.(this.#followed.length, this.#jobs.length);
  }

  /** An end that does not last is seen by a look some time after it. */
  async #age(): Promise<void> {
    const { ageMs = 0 } = this.#options;
    const rest = this.#followedAt + ageMs - performance.now();
    if (rest > 0) await delay(rest, undefined, { signal: this.#stop.signal });
    await untilTold(this.#schedule, this.life, this.#stop.signal);
  }

  async #lookWhileHeld(number: number, by: string, phase: Phase): Promise<void> {
    const id = this.life.book.idOf(number);
    if (id === null) return;
    try {
      this.life.record(await heldLook(this.#rig, this.#jobs[number - 1] as Job, id, by, phase));
    } catch (error) {
      // A fault may have taken the server away.
      if (this.#schedule.faults.length === 0) this.blind.reject(error);
    }
  }

  /** Nobody can ask for the end of a job whose id is not known yet. */
  #cancel(number: number): (() => void) | null {
    const id = this.life.book.idOf(number);
    return id === null ? null : () => void askForEnd(this.#callers.get(number) as Caller, id);
  }
}
