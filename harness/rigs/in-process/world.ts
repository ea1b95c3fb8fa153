import {
  type Call,
  type InProcessSystem,
  type Link,
  LinkBroken,
  type Reply,
  type Server,
  type SystemState,
} from "../../../contracts/in-process.ts";
import { clusterOf, type Generation, generationOf } from "../../../contracts/job.ts";
import type { Millis } from "../../../contracts/values.ts";
import type { EventBody, HistoryEvent } from "../../history/event.ts";
import type { Meant } from "../../schedule/effect.ts";
import { lastsMs, processOf } from "../../schedule/faults.ts";
import type { LinkName, Planned, Schedule } from "../../schedule/schedule.ts";
import { printFault, printSite } from "../../schedule/schedule.ts";
import { numberOf } from "../../schedule/targets.ts";
import { seeded, seedFor } from "../../seeded.ts";
import { FaultPlane } from "../fault-plane.ts";
import { JobNumbers } from "../job-numbers.ts";
import type { Seen } from "../last-look.ts";
import { Overlaps } from "../overlaps.ts";
import type { TransactionSeen } from "../run.ts";
import { UnacknowledgedReports } from "../unacknowledged-reports.ts";
import type { Job } from "../workload.ts";
import { stateSeed, tokens } from "./accounts.ts";
import { type ApiCall, callApi } from "./api-call.ts";
import { VirtualClock } from "./clock.ts";
import { databaseLink } from "./database-link.ts";
import { heldLook } from "./oracle.ts";
import { SimulatedProcess } from "./process.ts";
import { Apis } from "./processes/apis.ts";
import { ProcessEvents, type Victim } from "./processes/process-events.ts";
import { RunningReleases } from "./processes/running-releases.ts";
import { actionsOn, victimOf, type WorkerLife } from "./processes/victims.ts";
import { runEventOf } from "./run-event.ts";
import { serviceMsOf } from "./service-time.ts";
import { type Passage, type Plane, transit } from "./transit.ts";
import type { ServedRequest, Transport } from "./transport.ts";

/** Everything that runs in one schedule, under one virtual clock. */
export class World {
  readonly clock = new VirtualClock();
  readonly events: HistoryEvent[] = [];
  readonly reports = new UnacknowledgedReports();
  readonly faults: FaultPlane;
  readonly state: SystemState;
  readonly schedule: Schedule;
  customer: SimulatedProcess;
  readonly numbers = new JobNumbers();
  /** What the customers saw when all was over, by the job's number. */
  readonly seen = new Map<number, Seen>();
  /** Called when a fault says that the customer kills a job. */
  onKillJob: (number: number) => void = () => {};
  /** Transactions in the order in which they got to the database. */
  readonly transactions: TransactionSeen[] = [];
  /** When the last fault has ended. */
  lastFaultAt: Millis = 0;
  readonly #system: InProcessSystem;
  readonly #jobs: readonly Job[];
  readonly #running: RunningReleases;
  readonly #transport: Transport;
  /** Processes started so far: each life of a process has randomness of its own. */
  #lives = 0;
  readonly #plane: Plane;
  readonly apis: Apis;
  /** Null where the schedule leaves the order of transactions to chance: then they come one after the other. */
  readonly #overlaps: Overlaps | null;
  /** The database under the API and the warehouse; null where nothing happens to it. */
  #database: SimulatedProcess | null;
  #stopping = false;
  readonly #events = new ProcessEvents(this.clock, (event) => this.record(event));
  readonly #workers = new Map<string, WorkerLife>();

  constructor(system: InProcessSystem, schedule: Schedule, jobs: readonly Job[], transport: Transport) {
    this.#system = system;
    this.#jobs = jobs;
    this.#running = new RunningReleases(system, schedule);
    this.#transport = transport;
    this.schedule = schedule;
    this.record(runEventOf(system, schedule, jobs, transport.rig));
    this.customer = this.#process("customer");
    this.faults = new FaultPlane(schedule.faults);
    const onOvertaken = (index: number) => this.#fired(index, this.faults.fireAt(index));
    this.#overlaps = Overlaps.of(schedule.faults, { clock: this.clock, onOvertaken });
    this.state = system.createState(stateSeed(jobs));
    this.#plane = {
      clock: this.clock,
      faults: this.faults,
      actions: {
        fired: (fault, site) => this.#fired(this.faults.indexOf(fault), { at: site, fault }),
        ...actionsOn(this.#events, (which, near) => this.#victim(which, near)),
        cancelJob: (number) => this.#cancel(number ?? 1),
      },
    };
    const meant = schedule.faults.some(({ fault }) => processOf(fault) === "database");
    this.#database = meant ? this.#process("database") : null;
    this.apis = new Apis(schedule.releases, schedule.seed);
    for (const name of this.apis.names) this.#startApi(name);
    const needed = new Set(schedule.workload.jobs.map(({ engine }) => generationOf(engine)));
    for (const generation of needed) {
      for (let n = 1; n <= schedule.workload.workers; n += 1)
        this.#startWorker(`worker-${generation}-${n}`, generation);
    }
  }

  #fired(index: number, { at, fault }: Planned): void {
    this.lastFaultAt = Math.max(this.lastFaultAt, this.clock.now() + (lastsMs(fault) ?? 0));
    this.record({ kind: "fault", index, what: `${printSite(at)}: ${printFault(fault)}` });
  }

  #process(name: string): SimulatedProcess {
    this.#lives += 1;
    const life = `${name} ${this.#lives}`;
    return this.#life(name, (use) => seeded(seedFor(this.schedule.seed, `${life} ${use}`)));
  }

  #life(name: string, randomOf: (use: string) => () => number): SimulatedProcess {
    const process = new SimulatedProcess(name, randomOf, lost);
    process.skewMs = this.#events.skewOf(name);
    return process;
  }

  record(body: EventBody): void {
    this.events.push({ seq: this.events.length, at: this.clock.now(), ...body });
  }

  /** The id that the API gave to a job of the workload; null as long as it is not known. */
  idOf(number: number): string | null {
    return this.numbers.idOf(number);
  }

  /** Asks every worker that lives to end. */
  stop(): void {
    this.#stopping = true;
    for (const { process } of this.#workers.values()) process.stop();
  }

  /** Restarts and resumptions that are still to come. */
  get pending(): number {
    return this.#events.pending;
  }

  /** Ends what the customer still does; the next one begins anew. */
  renewCustomer(): void {
    this.customer.kill();
    this.customer = this.#process("customer");
  }

  /**
   * Whether a worker that lives is at a job, perhaps one that another has ended meanwhile, or still has a report to
   * send, wherever it keeps it.
   */
  working(): boolean {
    const living = [...this.#workers].filter(([, { process }]) => !process.dead);
    return living.some(([, { process }]) => process.busy) || this.reports.of(living.map(([id]) => id));
  }

  /** Finish reports that are still to be sent; those of a worker that never comes back are not. */
  unsent(): number {
    return [...this.#workers].reduce(
      (sum, [id, { process }]) => sum + (this.#events.gone.has(process) ? 0 : this.state.unsent(id)),
      0,
    );
  }

  /** A call of the customer to the API. */
  callAsCustomer(request: ServedRequest, { number, engine }: Job): Promise<Reply> {
    const by = this.customer;
    const customer = clusterOf(engine);
    const link = "customer->api";
    return this.#callApi({ link, by, generation: null, customer, number, ...request });
  }

  #startApi(name: string): void {
    // Its latencies are all alike: they would else depend on the order in which requests come in.
    const process = this.#life(name, () => () => 0.5);
    const ways = { plane: this.#plane, overlaps: this.#overlaps, transactions: this.transactions };
    const serves = this.#running.of(name).startApi(this.state, {
      clock: process.clock(this.clock),
      database: databaseLink({ ...ways, by: process, to: () => this.#database }),
      stop: process.stopSignal,
    });
    const release = this.#running.releaseOf(name);
    this.apis.lives.set(name, { process, serves, release, ended: serves.ended });
  }

  #startWorker(id: string, generation: Generation): void {
    const process = this.#process(id);
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    // Known before its first call, where a fault may hit it.
    this.#workers.set(id, { process, generation, ended });
    if (this.#stopping) process.stop();
    const authorization = `Worker ${tokens[generation]}`;
    const running = this.#running.of(id).startWorker(
      generation,
      this.state,
      {
        clock: process.clock(this.clock),
        random: () => process.random("jitter"),
        id,
        token: tokens[generation],
        api: this.#transport.workerApi(process, (operation, input, signal) => {
          const number = this.numbers.numberOf(String(input["job_id"])) ?? null;
          return this.#callApi({
            link: "worker->api",
            by: process,
            generation,
            operation,
            input,
            number,
            authorization,
            signal,
          });
        }),
        warehouse: this.#plainLink("worker->warehouse", process),
        destination: this.#plainLink("worker->destination", process),
        disk: this.#plainLink("worker->disk", process),
      },
      process.stopSignal,
    );
    void running.then(resolve);
  }

  #plainLink(link: LinkName, by: SimulatedProcess): Link {
    return <T>({ operation, job, signal }: Call, effect: (server: Server) => Promise<T>): Promise<T> => {
      const number = job === null ? null : (this.numbers.numberOf(job) ?? null);
      const passage: Passage<T> = {
        link,
        operation,
        job: number,
        by,
        to: link === "worker->warehouse" ? this.#database : null,
        effect,
        serviceMs: serviceMsOf(operation, this.#jobs[(number ?? 0) - 1]),
        signal,
        ...(link === "worker->destination" ? { limitMs: this.#system.limits.deliveryTryMs } : {}),
      };
      // What a process does comes in the order in which it does it, by whatever way it goes.
      const begun = this.#transport.begun(by);
      return begun === null ? transit(this.#plane, passage) : begun.then(() => transit(this.#plane, passage));
    };
  }

  #callApi(call: Omit<ApiCall, "api" | "serve" | "limitMs" | "numberIn" | "onHeld">): Promise<Reply> {
    const api = this.apis.next(call.by.name, call.number);
    return callApi(this.#plane, this, {
      ...call,
      api: api.process,
      ...(this.#running.areSeveral ? { release: api.release } : {}),
      serve: () => this.#transport.serve(api.serves, call),
      limitMs: this.#system.limits.requestMs,
      numberIn: (reply) => this.#numberIn(reply),
      onHeld: (phase) => {
        const job = this.#jobs[(call.number ?? 0) - 1];
        if (job !== undefined)
          this.record(heldLook(this.state, job, this.idOf(job.number), call.by.name, phase));
      },
    });
  }

  /** The workload's number of the job that a reply hands out or names; learned from the table that its query fills. */
  #numberIn({ body }: Reply): number | null {
    const job = (body as { job?: unknown } | null)?.job;
    if (typeof job !== "object" || job === null) return null;
    const { job_id: id, query } = job as { job_id?: unknown; query?: unknown };
    const number = numberOf(query);
    if (typeof id !== "string" || number === null) return null;
    this.numbers.learnt(id, number);
    return number;
  }

  /** Nobody can ask for the end of a job whose id is not known yet. */
  #cancel(number: number): (() => void) | null {
    return this.idOf(number) === null ? null : () => this.onKillJob(number);
  }

  #victim(which: Meant, near: SimulatedProcess): Victim | null {
    return victimOf(
      {
        workers: this.#workers,
        running: this.#running,
        apis: this.apis.lives,
        database: () => this.#database as SimulatedProcess,
        start: {
          api: (name) => this.#startApi(name),
          database: () => {
            this.#database = this.#process("database");
          },
          worker: (name, generation) => this.#startWorker(name, generation),
        },
      },
      which,
      near,
    );
  }
}

const lost = () => new LinkBroken("reset");
