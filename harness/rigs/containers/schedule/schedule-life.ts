import { matchOperation } from "../../../../contracts/exchange.ts";
import type { SystemLimits } from "../../../../contracts/in-process.ts";
import type { Generation } from "../../../../contracts/job.ts";
import type { Millis } from "../../../../contracts/values.ts";
import {
  type EventBody,
  type ExchangeEvent,
  type HistoryEvent,
  historyVersion,
} from "../../../history/event.ts";
import { domainKey, field } from "../../../history/job-history.ts";
import type { HttpPlan, HttpReply, HttpRequest, Passage } from "../../../proxy/http-proxy.ts";
import type { MysqlCall } from "../../../proxy/mysql-proxy.ts";
import type { CallPlan } from "../../../proxy/way.ts";
import { lastsMs } from "../../../schedule/faults.ts";
import { type Fault, printFault, printSite, type Schedule, type Site } from "../../../schedule/schedule.ts";
import { FaultPlane } from "../../in-process/fault-plane.ts";
import { UnacknowledgedReports } from "../../unacknowledged-reports.ts";
import { numberOf } from "../../workload.ts";
import type { Actions } from "./carriers.ts";
import { exchangeOf, parseBody } from "./exchange-of.ts";
import { FaultGate } from "./fault-gate.ts";

/** Who calls over an HTTP link of the rig. */
export interface HttpCaller {
  link: "customer->api" | "worker->api";
  by: string;
  generation: Generation | null;
}

/**
 * One schedule's time on a rig that outlives it: what breaks, what was seen, and which jobs are its own. Calls about
 * anybody else's jobs pass untouched and unrecorded. Times in its history are the system's own.
 */
export class ScheduleLife {
  readonly schedule: Schedule;
  readonly faults: FaultPlane;
  /** Before the names of its tables and domain keys. */
  readonly prefix: string;
  /** Job ids as the API gave them, to their numbers in the workload. */
  readonly numbers = new Map<string, number>();
  readonly reports = new UnacknowledgedReports();
  readonly events: HistoryEvent[] = [];
  /** Resolves when the first claim was answered, or when the first fault has seen to it that it may not be. */
  readonly claimed: Promise<void>;
  /** When the last fault has ended, in real time. */
  lastFaultAt: Millis = 0;
  readonly #lastClaims = new Map<string, Millis>();
  readonly #gate: FaultGate;
  readonly #scale: number;
  #began: Millis = 0;
  #claimed: () => void = () => {};
  #firstClaim: HistoryEvent | null = null;
  /** The worker that was last handed a job, by the job's number. */
  readonly #holders = new Map<number, string>();
  /** Ends of jobs by number, as the links tell of them. */
  readonly #ends: readonly PromiseWithResolvers<void>[];

  constructor(schedule: Schedule, prefix: string, scale: number, actions: Omit<Actions, "fired">) {
    this.schedule = schedule;
    this.prefix = prefix;
    this.#scale = scale;
    this.faults = new FaultPlane(schedule.faults);
    this.claimed = new Promise((resolve) => {
      this.#claimed = resolve;
    });
    this.#ends = schedule.workload.jobs.map(() => Promise.withResolvers());
    this.#gate = new FaultGate(
      this.faults,
      { ...actions, fired: (fault, site) => this.#fired(fault, site) },
      scale,
    );
  }

  /** The system's own time since the start. */
  now(): Millis {
    return (performance.now() - this.#began) / this.#scale;
  }

  record(body: EventBody): void {
    this.events.push({ seq: this.events.length, at: this.now(), ...body });
  }

  /** Everything that happens from here on is part of it. */
  begin(limits: SystemLimits): void {
    const { schedule } = this;
    const run = { version: historyVersion, id: "", api: schedule.releases.api, rig: "containers" } as const;
    this.#began = performance.now();
    this.lastFaultAt = this.#began;
    this.record({ kind: "run", ...run, schedule, limits });
  }

  /** Whether each of these workers has asked for work since, in real time: it is done with what it had. */
  haveAsked(workers: readonly string[], since: Millis): boolean {
    return workers.every((worker) => (this.#lastClaims.get(worker) ?? 0) > since);
  }

  /** Resolves when a report or a kill of this job of the workload was acknowledged: its customer may soon see the end. */
  ended(number: number): Promise<void> {
    return (this.#ends[number - 1] as PromiseWithResolvers<void>).promise;
  }

  /** The id that the API gave to a job of the workload, as far as it is known. */
  idOf(number: number): string | null {
    return [...this.numbers].find(([, known]) => known === number)?.[0] ?? null;
  }

  httpPlan(caller: HttpCaller, request: HttpRequest): HttpPlan | null {
    const matched = matchOperation(request.method, request.url);
    if (matched === undefined) return null;
    const job = this.#jobOfRequest(matched.parameters["job_id"], request);
    if (job === undefined) return null;
    if (matched.id === "worker.claim") this.#lastClaims.set(caller.by, performance.now());
    const { link, by } = caller;
    const event = this.#begin(caller, request);
    if (event.operation === "worker.claim") this.#firstClaim ??= event;
    const plan = this.#gate.plan<HttpReply>({
      link,
      operation: matched.id,
      job,
      by,
      to: "api",
      jobOf: (reply) => this.#jobOfReply(reply, by),
    });
    return { ...plan, concluded: (passage) => this.#conclude(event, job, caller, passage) };
  }

  /** A result on its way to the web destination. Who sends it does not show: the worker that has the job. */
  deliveryPlan({ url }: HttpRequest): HttpPlan | null {
    const job = numberOf(url, this.prefix);
    if (job === null) return null;
    const by = this.#holders.get(job) ?? "";
    return this.#gate.plan({ link: "worker->destination", operation: "deliver", job, by, to: null });
  }

  mysqlPlan(link: "api->database" | "worker->warehouse", by: string, call: MysqlCall): CallPlan<void> | null {
    const { operation, job: id } = call;
    const job = id === null ? null : (this.numbers.get(id) ?? undefined);
    if (job === undefined) return null;
    return this.#gate.plan({ link, operation, job, by, to: "database" });
  }

  /** The number of the job that a request is about, null where it is about none; undefined: somebody else's. */
  #jobOfRequest(
    id: string | undefined,
    { requestBody, contentType }: HttpRequest,
  ): number | null | undefined {
    if (id !== undefined) return this.numbers.get(id);
    const key = field(parseBody(requestBody, contentType), "domain_key");
    if (key === undefined) return null;
    const jobs = this.schedule.workload.jobs.map((_, i) => i + 1);
    return jobs.find((number) => this.prefix + domainKey(number) === key);
  }

  /** The job that a claim hands out or that was just issued. */
  #jobOfReply({ body }: HttpReply, by: string): number | null {
    const job = field(parseBody(body, "application/json"), "job");
    const id = field(job, "job_id");
    const number = numberOf(field(job, "query"), this.prefix);
    if (typeof id !== "string" || number === null) return null;
    this.numbers.set(id, number);
    this.#holders.set(number, by);
    return number;
  }

  /** An exchange has its place in the history from its beginning on: its caller may die before it ends. */
  #begin(caller: HttpCaller, request: HttpRequest): HistoryEvent & ExchangeEvent {
    const pending = { status: null, served: null, reached: true, problem: "no answer so far", millis: 0 };
    const sent = this.now();
    const event = {
      seq: this.events.length,
      at: sent,
      ...this.#seen(caller, { ...request, ...pending }),
      sent,
    };
    this.events.push(event);
    this.reports.sent(event);
    return event;
  }

  #conclude(
    event: HistoryEvent & ExchangeEvent,
    job: number | null,
    caller: HttpCaller,
    passage: Passage,
  ): void {
    Object.assign(event, this.#seen(caller, passage), { at: this.now() });
    if (event.served === null && passage.served !== null) delete event.served;
    this.reports.concluded(event);
    if (event === this.#firstClaim) this.#claimed();
    const ends = event.operation === "worker.finish" || event.operation === "job.kill";
    if (ends && passage.served?.status === 200 && job !== null) this.#ends[job - 1]?.resolve();
  }

  /** As the schedule names things: what keeps schedules apart is no part of what happened. */
  #seen({ link, by, generation }: HttpCaller, passage: Passage): ExchangeEvent {
    const seen = exchangeOf({ link, by, generation }, passage);
    const key = field(seen.request, "domain_key");
    if (typeof key !== "string") return seen;
    return { ...seen, request: { ...(seen.request as object), domain_key: key.slice(this.prefix.length) } };
  }

  #fired(fault: Fault, site: Site): void {
    // A request that comes twice is answered all the same; if the second copy claims a job, the first copy's site is skipped.
    if (fault.kind !== "duplicate") this.#claimed();
    const endsAt = performance.now() + (lastsMs(fault) ?? 0) * this.#scale;
    this.lastFaultAt = Math.max(this.lastFaultAt, endsAt);
    const index = this.faults.indexOf(fault);
    this.record({ kind: "fault", index, what: `${printSite(site)}: ${printFault(fault)}` });
  }
}
