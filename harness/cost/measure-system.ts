import { generationOf, generations } from "../../contracts/job.ts";
import type { OperationId } from "../../contracts/operations.ts";
import { fill } from "../oracle/fill.ts";
import type { ProbePort } from "../probe/port.ts";
import { Party } from "../probe/probe.ts";
import { prepareSources } from "../rigs/containers/schedule/oracle.ts";
import type { ContainersRig } from "../rigs/containers/system/open-rig.ts";
import { seeded } from "../seeded.ts";
import { CallCounter } from "./call-counter.ts";
import { lockWaits } from "./contention.ts";
import { countedBetween, countingLack, readCounters, storedBytes } from "./counters.ts";
import { dataTour } from "./data-tour.ts";
import { type Figure, type Figures, figure, partsOf } from "./figures.ts";
import { idleCalls } from "./idle.ts";
import { askAsCustomer, type CountedJob, issueJobs, smallestSource, unsuccessful } from "./jobs.ts";
import { lifeTour } from "./life-tour.ts";
import { costPerOperation, type Tour } from "./per-operation.ts";
import { portTo } from "./port.ts";
import { resourceFigures } from "./resources.ts";
import { figuresOf } from "./sampled.ts";
import { costOfChunks } from "./streamed.ts";

/** How much a system is given to do while it is counted. */
export interface Load {
  /** Ended jobs that are in the database before anything is counted. */
  finished: number;
  /** Jobs that wait while calls are counted. */
  queued: number;
  /** Jobs that the workers run, those that waited among them. */
  jobs: number;
  /** Jobs at once while each reply of MySQL comes late. */
  burst: number;
}

/** Of each reply of MySQL during the burst, in real milliseconds. */
const lateness = { least: 3, most: 30 };

/**
 * Counts what a system costs that is up and idle.
 *
 * @param lacks operations that it is not asked for, since one of the two has not got them
 */
export async function measureSystem(
  rig: ContainersRig,
  load: Load,
  lacks: readonly OperationId[],
  note: (line: string) => void,
): Promise<Figures> {
  const one = new Measurement(rig, load, lacks, note);
  rig.stage.traffic = one.counter;
  try {
    return await Promise.race([one.run(), rig.trouble]);
  } finally {
    one.counter.letGo();
    rig.stage.traffic = null;
    rig.stage.replyDelay = null;
  }
}

class Measurement {
  readonly counter = new CallCounter();
  readonly #rig: ContainersRig;
  readonly #load: Load;
  readonly #port: ProbePort;
  readonly #note: (line: string) => void;
  readonly #generations;
  readonly #figures: Figure[] = [];
  readonly #uncounted: Record<string, string> = {};
  #serverErrors = 0;
  /** Jobs that callers of our own were given: many at once may be given one that waits for the workers. */
  readonly #handedOut = new Set<string>();

  constructor(rig: ContainersRig, load: Load, lacks: readonly OperationId[], note: (line: string) => void) {
    this.#rig = rig;
    this.#load = load;
    const onServerError = () => {
      this.#serverErrors += 1;
    };
    const onHandedOut = (job_id: string) => void this.#handedOut.add(job_id);
    this.#port = portTo(rig, { onServerError, onHandedOut }, lacks);
    this.#note = note;
    const { workers } = rig.config;
    const engines = Object.values(workers).flatMap((worker) => worker.engines);
    this.#generations = generations.filter((one) => engines.some((engine) => generationOf(engine) === one));
  }

  async run(): Promise<Figures> {
    const rig = this.#rig;
    const lack = await countingLack(rig.oracle());
    if (lack !== null) return { figures: [], uncounted: { "all that MySQL counts": lack } };
    await prepareSources(rig, [smallestSource(rig.config.scenarios)]);
    await this.#fill();
    await this.#idle();
    this.counter.hold();
    await this.#calls({ of: "a tour of data", make: dataTour });
    await this.#chunks();
    const waiting = await issueJobs(rig, this.#generations, this.#load.queued);
    await this.#calls({ of: "a life", make: lifeTour });
    await this.#lockWaits();
    const left = waiting.filter(({ id }) => !this.#handedOut.has(id));
    const more = await issueJobs(rig, this.#generations, this.#load.jobs - left.length);
    await this.#work([...left, ...more]);
    await this.#burst();
    return { figures: this.#figures, uncounted: this.#uncounted };
  }

  async #fill(): Promise<void> {
    const { cost } = this.#rig.config;
    const { finished } = this.#load;
    if (finished === 0) return;
    if (cost?.finished === undefined) {
      this.#uncounted[`a database with ${finished} ended jobs`] = "`cost.finished` is not in the config";
      return;
    }
    this.#note(`filling the database with ${finished} ended jobs`);
    await fill(this.#rig.loader(), cost.finished(finished));
  }

  async #idle(): Promise<void> {
    const { workers, clockwork } = this.#rig;
    this.#note("counting what an idle system does");
    const before = await this.#read();
    const began = performance.now();
    const names = workers.map(({ name }) => name);
    this.#figures.push(...(await idleCalls(this.counter, names, clockwork.timeScale)));
    const { statements, byStatement } = countedBetween(before, await this.#read());
    const seconds = (performance.now() - began) / clockwork.timeScale / 1_000;
    const parts = partsOf([new Map([...byStatement].map(([text, { count }]) => [text, count / seconds]))]);
    this.#figures.push(figure("an idle system", "idleStatements", statements / seconds, parts));
  }

  /** What each call costs while no worker of the system is heard. */
  async #calls(tour: Tour): Promise<void> {
    for (const generation of this.#generations) {
      this.#note(`counting what each call of ${tour.of} costs in ${generation}`);
      this.#figures.push(...(await costPerOperation(tour, this.#port, generation, this.#read)));
    }
    this.#failures(`the calls of ${tour.of}`, 0);
  }

  async #chunks(): Promise<void> {
    if (this.#port.lacks.includes("table.import_with_id")) return;
    for (const generation of this.#generations) {
      this.#note(`counting what a chunk of streaming import costs in ${generation}`);
      const { figures, uncounted } = await costOfChunks(new Party(this.#port, generation), this.#read);
      this.#figures.push(...figures);
      Object.assign(this.#uncounted, uncounted);
    }
    this.#failures("chunks of streaming import", 0);
  }

  async #lockWaits(): Promise<void> {
    const { stage } = this.#rig;
    stage.replyDelay = () => lateness.least;
    for (const generation of this.#generations) {
      this.#note(`counting lock waits of many calls at once in ${generation}`);
      this.#figures.push(...(await lockWaits(this.#port, generation, this.#read)));
    }
    stage.replyDelay = null;
    this.#failures("many calls at once", 0);
  }

  async #work(jobs: readonly CountedJob[]): Promise<void> {
    const rig = this.#rig;
    const of = `${this.#load.jobs} jobs`;
    this.counter.takeCalls();
    const before = await this.#read();
    this.counter.letGo();
    const failed = await this.#ended(of, jobs);
    const calls = this.counter.takeCalls();
    await this.#askForResults(jobs);
    const counted = countedBetween(before, await this.#read());
    this.#figures.push(...figuresOf(of, [counted]), ...this.#callsPerJob(jobs, calls));
    this.#figures.push(
      figure(`MySQL, after ${of}`, "openConnections", counted.openConnections),
      figure(`MySQL, after ${of}`, "bytesStored", (await storedBytes(rig.oracle())) / 2 ** 20),
    );
    const { figures, uncounted } = resourceFigures(rig.uses(), of);
    this.#figures.push(...figures);
    Object.assign(this.#uncounted, uncounted);
    this.#failures(of, failed + this.#load.jobs - jobs.length);
  }

  /** @returns how many of these did not end in success */
  #ended(of: string, jobs: readonly CountedJob[]): Promise<number> {
    const tell = (done: number) => this.#note(`running ${of}: ${done} have ended`);
    const often = Math.ceil(jobs.length / 10);
    tell(0);
    return unsuccessful(this.#rig, jobs, (done) => {
      if (done % often === 0) tell(done);
    });
  }

  async #askForResults(jobs: readonly CountedJob[]): Promise<void> {
    for (const { id, generation } of jobs) {
      await askAsCustomer(this.#rig, generation, "job.show", { job_id: id });
      await askAsCustomer(this.#rig, generation, "job.result", { job_id: id, format: "json" });
    }
  }

  #callsPerJob(jobs: readonly CountedJob[], calls: readonly { by: string; operation: string }[]): Figure[] {
    return this.#rig.workers.map(({ name, generation }) => {
      const done = Math.max(1, jobs.filter((job) => job.generation === generation).length);
      const own = calls.filter(({ by }) => by === name);
      const byOperation = [...Map.groupBy(own, ({ operation }) => operation)].map(
        ([operation, some]) => [operation, some.length / done] as const,
      );
      return figure(`${name}, a job`, "calls", own.length / done, partsOf([new Map(byOperation)]));
    });
  }

  /** Every reply of MySQL comes later, to the API and to the workers: as with a database that is farther away. */
  async #burst(): Promise<void> {
    const rig = this.#rig;
    const { least, most } = lateness;
    const of = `a burst of ${this.#load.burst} jobs with ${least} to ${most} ms at each reply of MySQL`;
    const random = seeded(1);
    rig.stage.replyDelay = () => Math.round(least + random() * (most - least));
    const jobs = await issueJobs(rig, this.#generations, this.#load.burst);
    const failed = await this.#ended(of, jobs);
    rig.stage.replyDelay = null;
    this.#failures(of, failed + this.#load.burst - jobs.length);
  }

  /** @param unfinished jobs that did not end in success, or were never taken */
  #failures(of: string, unfinished: number): void {
    const errors = this.#serverErrors + this.counter.takeServerErrors();
    this.#serverErrors = 0;
    this.#figures.push(figure(of, "failures", errors), figure(of, "unfinished", unfinished));
  }

  readonly #read = () => {
    const { oracle, loader } = this.#rig.config.mysql;
    return readCounters(this.#rig.oracle(), [oracle.user, loader.user]);
  };
}
