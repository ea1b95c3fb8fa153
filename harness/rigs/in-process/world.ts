import {
  type InProcessSystem,
  LinkBroken,
  type Reply,
  type SystemState,
} from "../../../contracts/in-process.ts";
import { clusterOf, type Generation } from "../../../contracts/job.ts";
import type { Millis } from "../../../contracts/values.ts";
import type { EventBody, HistoryEvent } from "../../history/event.ts";
import type { Meant } from "../../schedule/effect.ts";
import { lastsMs, processOf } from "../../schedule/faults.ts";
import type { Planned, Schedule } from "../../schedule/schedule.ts";
import { printFault, printSite } from "../../schedule/schedule.ts";
import { FaultPlane } from "../fault-plane.ts";
import { JobNumbers } from "../job-numbers.ts";
import type { Seen } from "../last-look.ts";
import { Overlaps } from "../overlaps.ts";
import type { TransactionSeen } from "../run.ts";
import { UnacknowledgedReports } from "../unacknowledged-reports.ts";
import type { Job } from "../workload.ts";
import { stateSeed } from "./accounts.ts";
import { type ApiCall, callApi } from "./api-call.ts";
import { VirtualClock } from "./clock.ts";
import { Chance } from "./continuing/chance.ts";
import type { Rest } from "./continuing/rest.ts";
import { databaseLink } from "./database-link.ts";
import { heldLook } from "./oracle.ts";
import { SimulatedProcess } from "./process.ts";
import { Apis } from "./processes/apis.ts";
import { noticesLink } from "./processes/notices-link.ts";
import { operated } from "./processes/operated.ts";
import { ProcessEvents, type Victim } from "./processes/process-events.ts";
import { RunningReleases } from "./processes/running-releases.ts";
import { actionsOn, startedOtherwise, victimOf, type WorkerLife, workersOf } from "./processes/victims.ts";
import { type Around, workerPorts } from "./processes/worker-ports.ts";
import { runEventOf } from "./run-event.ts";
import type { Plane } from "./transit.ts";
import type { ServedRequest, Transport } from "./transport.ts";

/** Everything that runs in one schedule, under one virtual clock. */
export class World {
  readonly clock = new VirtualClock();
  readonly events: HistoryEvent[] = [];
  readonly reports = new UnacknowledgedReports();
  readonly faults: FaultPlane;
  readonly chance: Chance;
  readonly state: SystemState;
  readonly schedule: Schedule;
  customer: SimulatedProcess;
  readonly numbers: JobNumbers;
  /** What the customers saw when all was over, by the job's number. */
  readonly seen = new Map<number, Seen>();
  /** Called when a fault says that the customer kills a job. */
  onKillJob: (number: number) => void = () => {};
  /** Transactions in the order in which they got to the database. */
  readonly transactions: TransactionSeen[] = [];
  /** What goes on since some place otherwise than the schedule says; null where nothing does. */
  rest: Rest | null = null;
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
  /** Told before a call of the API begins, and before a fault takes hold. Without it no other code comes to serve. */
  readonly #onBegin: ((world: World, isProbe?: boolean) => void) | undefined;
  readonly #events = new ProcessEvents(this.clock, (event) => this.record(event));
  readonly #workers = new Map<string, WorkerLife>();

  constructor(
    system: InProcessSystem,
    schedule: Schedule,
    jobs: readonly Job[],
    transport: Transport,
    onBegin?: (world: World, isProbe?: boolean) => void,
  ) {
    this.#onBegin = onBegin;
    this.#system = system;
    this.#jobs = jobs;
    this.numbers = new JobNumbers(jobs);
    this.#running = new RunningReleases(system, schedule);
    this.#transport = transport;
    this.schedule = schedule;
    this.chance = new Chance(schedule.seed);
    this.record(runEventOf(system, schedule, jobs, transport.rig));
    this.customer = this.#process("customer");
    this.faults = new FaultPlane(schedule.faults);
    this.faults.onHit = () => this.onBegin();
    const onOvertaken = (index: number) => this.#fired(index, this.faults.fireAt(index));
    this.#overlaps = Overlaps.of(schedule.faults, { clock: this.clock, onOvertaken });
    this.state = system.createState(stateSeed(jobs));
    this.apis = new Apis(schedule.releases, schedule.seed);
    this.#plane = {
      clock: this.clock,
      faults: this.faults,
      actions: {
        fired: (fault, site) => this.#fired(this.faults.indexOf(fault), { at: site, fault }),
        ...actionsOn(this.#events, (which, near) => this.#victim(which, near)),
        ...operated(system, this),
        // Nobody can ask for the end of a job whose id is not known yet.
        cancelJob: (number) => (this.idOf(number ?? 1) === null ? null : () => this.onKillJob(number ?? 1)),
      },
    };
    const meant = schedule.faults.some(({ fault }) => processOf(fault) === "database");
    this.#database = meant ? this.#process("database") : null;
    for (const name of this.apis.names) this.#startApi(name);
    for (const [name, generation] of workersOf(schedule)) this.#startWorker(name, generation);
  }

  onBegin(isProbe?: boolean): void {
    this.#onBegin?.(this, isProbe);
  }

  #fired(index: number, { at, fault }: Planned): void {
    this.lastFaultAt = Math.max(this.lastFaultAt, this.clock.now() + (lastsMs(fault) ?? 0));
    this.record({ kind: "fault", index, what: `${printSite(at)}: ${printFault(fault)}` });
  }

  #process(name: string): SimulatedProcess {
    this.#lives += 1;
    const life = `${name} ${this.#lives}`;
    return this.#life(name, this.chance.of(life));
  }

  #life(name: string, randomOf: (use: string) => () => number): SimulatedProcess {
    const process = new SimulatedProcess(name, randomOf, lost);
    process.skewMs = this.#events.skewOf(name);
    return process;
  }

  /** What begins from now on is not what the schedule says: latencies, the sites of faults, and whose code it is. */
  goOn(rest: Rest): void {
    this.rest = rest;
    this.chance.goOn(rest, this.faults, this.#jobs.length);
    if (rest.seed !== null) {
      for (const process of [this.customer, ...[...this.#workers.values()].map((life) => life.process)])
        process.drawFrom(this.chance.of(process.name));
    }
    if (rest.releases !== null) this.#become(rest.releases);
  }

  #become({ api, workers }: Schedule["releases"]): void {
    for (const name of this.apis.lives.keys()) this.#changeApi(name, api);
    const all = { workers: this.#workers, running: this.#running, schedule: this.schedule };
    for (const { name, process, release } of startedOtherwise(all, workers)) {
      const victim = this.#victim({ process: "worker", name }, process);
      if (victim !== null) this.#events.kill(victim, { ms: 0, release })?.();
    }
  }

  record(body: EventBody): void {
    this.events.push({ seq: this.events.length, at: this.clock.now(), ...body });
  }

  /** The id that the API gave to a job of the workload; null as long as it is not known. */
  idOf(number: number): string | null {
    return this.numbers.idOf(number);
  }

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

  callAsCustomer(request: ServedRequest, { number, engine }: Job): Promise<Reply> {
    const by = this.customer;
    const customer = clusterOf(engine);
    const link = "customer->api";
    return this.#callApi({ link, by, generation: null, customer, number, ...request });
  }

  #startApi(name: string): void {
    // Its latencies are all alike: they would else depend on the order in which requests come in.
    const life = this.#life(name, () => () => 0.5);
    this.#serve(name, life);
  }

  /** Other code serves what comes from now on; what is under way is answered by the code that has it. */
  #changeApi(name: string, release: string): void {
    const life = this.apis.lives.get(name);
    if (life === undefined || life.release === release) return;
    if (life.process.dead) return this.#running.change(name, null, release);
    this.#running.beginAs(name, null, release);
    life.retire();
    this.#serve(name, life.process);
  }

  #serve(name: string, process: SimulatedProcess): void {
    const ways = { plane: this.#plane, overlaps: this.#overlaps, transactions: this.transactions };
    const retired = this.#onBegin === undefined ? null : process.ownStop();
    const serves = this.#running.of(name).startApi(this.state, {
      name,
      clock: process.clock(this.clock),
      database: databaseLink({ ...ways, by: process, to: () => this.#database }),
      notices: noticesLink(this.#plane, process, this),
      // One of several costs half as much as a run.
      stop: retired?.signal ?? process.stopSignal,
    });
    const release = this.#running.releaseOf(name);
    const ended = serves.ended.catch(() => process.kill());
    this.apis.lives.set(name, { process, serves, release, ended, retire: () => retired?.abort() });
  }

  #startWorker(id: string, generation: Generation): void {
    const process = this.#process(id);
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    // Known before its first call, where a fault may hit it.
    this.#workers.set(id, { process, generation, ended });
    if (this.#stopping) process.stop();
    const around = {
      plane: this.#plane,
      transport: this.#transport,
      numbers: this.numbers,
      jobs: this.#jobs,
      limits: this.#system.limits,
      database: () => this.#database,
      callApi: (call: Parameters<Around["callApi"]>[0]) => this.#callApi(call),
    };
    const ports = workerPorts(around, id, generation, process);
    const running = this.#running.of(id).startWorker(generation, this.state, ports, process.stopSignal);
    void running.then(resolve);
  }

  #callApi(call: Omit<ApiCall, "api" | "serve" | "limitMs" | "numberIn" | "onHeld">): Promise<Reply> {
    this.onBegin();
    const api = this.apis.next(call.by.name, call.number);
    return callApi(this.#plane, this, {
      ...call,
      api: api.process,
      ...(this.#running.areSeveral ? { release: api.release } : {}),
      serve: () => this.#transport.serve(api.serves, call),
      limitMs: this.#system.limits.requestMs,
      numberIn: (reply) => this.numbers.learntFrom(reply),
      onHeld: (phase) => {
        const job = this.#jobs[(call.number ?? 0) - 1];
        if (job !== undefined)
          this.record(heldLook(this.state, job, this.idOf(job.number), call.by.name, phase));
      },
    });
  }

  #victim(which: Meant, near: SimulatedProcess): Victim | null {
    return victimOf(
      {
        workers: this.#workers,
        running: this.#running,
        apis: this.apis,
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
