import { setTimeout as delay } from "node:timers/promises";
import { matchOperation } from "../../../../contracts/exchange.ts";
import { engineFor, queryTypes } from "../../../../contracts/job.ts";
import { field } from "../../../../contracts/step.ts";
import { factsOf, stepOf } from "../../../../contracts/steps.ts";
import type { Millis } from "../../../../contracts/values.ts";
import type { Config } from "../../../config/config.ts";
import {
  type EventBody,
  type ExchangeEvent,
  type HistoryEvent,
  historyVersion,
  type RunEvent,
} from "../../../history/event.ts";
import { headerOf } from "../../../proxy/http-message.ts";
import type { HttpPlan, HttpReply, HttpRequest, Passage } from "../../../proxy/http-proxy.ts";
import type { MysqlCall } from "../../../proxy/mysql-proxy.ts";
import type { CallPlan } from "../../../proxy/way.ts";
import { lastsMs } from "../../../schedule/faults.ts";
import { type Fault, printFault, printSite, type Site } from "../../../schedule/schedule.ts";
import { FaultPlane } from "../../fault-plane.ts";
import { saysSuccess } from "../../held.ts";
import { UnacknowledgedReports } from "../../unacknowledged-reports.ts";
import { scenariosOf } from "../../workload.ts";
import { exchangeOf, headersIn, parseBody, underWay } from "../system/exchange-of.ts";
import type { HttpCaller, Traffic } from "../system/traffic.ts";
import { FaultGate } from "./fault-gate.ts";
import { JobBook } from "./job-book.ts";
import type { LifeOptions } from "./life-options.ts";
import type { CalledApi } from "./processes/apis-in-turn.ts";
import { noticePlan, noticesOf } from "./processes/notices.ts";

/** A call that stays on its link until its connection is closed. */
const held: CallPlan<unknown> = { before: () => new Promise(() => {}), after: () => ({}) };

const database = { process: "database", name: "database" } as const;

type RecordedExchange = HistoryEvent & ExchangeEvent;

/**
 * One schedule's time on a rig that outlives it: what breaks, and what was seen. Calls about anybody else's jobs pass
 * untouched and unrecorded. Times in its history are the system's own.
 */
export class ScheduleLife implements Traffic {
  readonly faults: FaultPlane;
  readonly book: JobBook;
  readonly reports = new UnacknowledgedReports();
  /** What workers asked of destinations over HTTP, taken or not: destination, method and path. */
  readonly requested = new Set<string>();
  /** Resolves when the first claim was answered, or when the first fault has seen to it that it may not be. */
  readonly claimed: Promise<void>;
  /** When the last fault has ended, in real time. */
  lastFaultAt: Millis = 0;
  readonly #options: LifeOptions;
  readonly #events: HistoryEvent[] = [];
  /** Exchanges that a dead process had begun: what it wanted to say was not said. */
  readonly #unsaid = new Set<HistoryEvent>();
  readonly #lastClaims = new Map<string, Millis>();
  readonly #gate: FaultGate;
  /** Exchanges without an answer so far. */
  readonly #underWay = new Map<RecordedExchange, PromiseWithResolvers<void>>();
  /** Where exchanges go, as far as there are several releases to tell apart. */
  readonly #servers = new Map<RecordedExchange, CalledApi>();
  /** The processes whose calls no longer begin. */
  #held: readonly string[] | "all" = [];
  /** Whether nothing is recorded any more. */
  #isOver = false;
  #began: Millis = 0;
  #claimed: () => void = () => {};
  #firstClaim: HistoryEvent | null = null;

  constructor(options: LifeOptions) {
    const { schedule, jobs, prefix, clockwork, actions } = options;
    this.#options = options;
    this.faults = new FaultPlane(schedule.faults);
    this.book = new JobBook(jobs, prefix);
    this.claimed = new Promise((resolve) => {
      this.#claimed = resolve;
    });
    const fired = (fault: Fault, site: Site) => this.#fired(fault, site);
    this.#gate = new FaultGate(this.faults, { ...actions, fired }, clockwork.timeScale);
  }

  /** The system's own time since the start. */
  now(): Millis {
    return (performance.now() - this.#began) / this.#options.clockwork.timeScale;
  }

  record(body: EventBody): void {
    const event = { seq: this.#events.length, at: this.now(), ...body };
    this.#events.push(event);
    this.#options.onEvent?.(event, true);
  }

  /** Whether nothing is recorded any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /**
   * From now on no call of these processes begins either: each waits on its link until the rig is taken down. Calls that
   * have begun go on to their end.
   */
  hold(whose: readonly string[] | "all"): void {
    if (this.#held !== "all") this.#held = whose === "all" ? whose : [...this.#held, ...whose];
  }

  /** The same, and nothing more is recorded: whoever is not held passes untouched. */
  end(whose: readonly string[] | "all"): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.hold(whose);
  }

  /** Resolves when no call of whoever is held is under way any more, or when it is too late for that. */
  async settled(limitMs: Millis): Promise<void> {
    const meant = [...this.#underWay].filter(([{ by }]) => this.#isHeld(by));
    const answered = Promise.all(meant.map(([, { promise }]) => promise));
    await Promise.race([answered, delay(limitMs, undefined, { ref: false })]);
  }

  #isHeld(by: string): boolean {
    return this.#held === "all" || this.#held.includes(by);
  }

  /** Everything that happens from here on is part of it. */
  begin(id: string, ran: Pick<RunEvent, "builds" | "images" | "settings" | "matrix">, config?: Config): void {
    const { schedule, jobs, clockwork } = this.#options;
    this.#began = performance.now();
    this.lastFaultAt = this.#began;
    this.record({
      kind: "run",
      version: historyVersion,
      id,
      rig: "containers",
      epoch: Date.now(),
      timeScale: clockwork.timeScale,
      schedule,
      scenarios: scenariosOf(jobs),
      limits: clockwork.limits,
      ...ran,
      notices: config && noticesOf(config, schedule),
    });
  }

  /** What was seen, in order. */
  history(): HistoryEvent[] {
    return this.#events.filter((event) => !this.#unsaid.has(event)).map((event, seq) => ({ ...event, seq }));
  }

  /** Whether each of these workers has asked for work since, in real time: it is done with what it had. */
  haveAsked(workers: readonly string[], since: Millis): boolean {
    return workers.every((worker) => (this.#lastClaims.get(worker) ?? 0) > since);
  }

  httpPlan(caller: HttpCaller, request: HttpRequest): HttpPlan | null {
    const { link, by } = caller;
    const matched = matchOperation(request.method, request.url);
    const body = parseBody(request.requestBody, headersIn(request.head));
    const known = matched === undefined ? null : this.book.jobOfRequest(matched, body);
    if (known === undefined && this.#options.visitorWith === undefined) return null;
    const job = known ?? null;
    if (this.#isHeld(by)) return held;
    if (this.#isOver) return null;
    const isGrant = stepOf(matched?.id ?? null) === "grant";
    if (isGrant) this.#lastClaims.set(by, performance.now());
    const event = this.#beginExchange(caller, request);
    // It is the very call at which all stands still, whoever makes it.
    if (this.#isOver) return held;
    if (isGrant) this.#firstClaim ??= event;
    const concluded = (passage: Passage) => this.#conclude(event, job, caller, passage);
    // What is in no contract is no site of a schedule; it is on record all the same.
    if (matched === undefined) return { before: () => ({}), after: () => ({}), concluded };
    const planned = this.#options.plannedName(by);
    const api = this.#options.nextApi(planned, job);
    if (api.release !== undefined) this.#servers.set(event, api);
    const plan = this.#gate.plan<HttpReply>({
      link,
      operation: matched.id,
      job,
      by,
      planned,
      to: { process: "api", name: api.name },
      jobOf: ({ body: bytes, head }) =>
        isGrant ? this.book.jobOfReply(parseBody(bytes, headersIn(head)), by) : null,
      unsaid: () => void this.#unsaid.add(event),
      whileHeld: (phase, reply) => {
        const matters =
          phase === "before"
            ? saysSuccess(matched.id, body)
            : stepOf(matched.id) === "report" && reply?.status === 200;
        return matters && job !== null ? this.#options.whileHeld(job, by, phase) : null;
      },
    });
    return { ...plan, concluded, ...(api.upstream && { upstream: api.upstream }) };
  }

  /** A result on its way to a destination. Who sends it does not show: the worker that has the job. */
  deliveryPlan(to: string, { method, url }: HttpRequest): HttpPlan | null {
    this.requested.add(`${to} ${method} ${url}`);
    const job = this.book.jobOfTarget(url);
    if (job === null) return null;
    const by = this.book.holderOf(job);
    if (this.#isHeld(by ?? "")) return held;
    if (this.#isOver) return null;
    const planned = this.#options.plannedName(by);
    return this.#gate.plan({ link: "worker->destination", operation: "deliver", job, by, planned, to: null });
  }

  noticePlan(by: string, request: HttpRequest): HttpPlan | null {
    if (this.#isHeld(by)) return held;
    const whose = { by, planned: this.#options.plannedName(by), to: null };
    const record = { events: this.#events, unsaid: this.#unsaid, at: this.now() };
    return this.#isOver ? null : noticePlan(whose, request, { book: this.book, gate: this.#gate, ...record });
  }

  mysqlPlan(link: "api->database" | "worker->warehouse", by: string, call: MysqlCall): CallPlan<void> | null {
    if (this.#isHeld(by)) return held;
    if (this.#isOver) return null;
    const { operation, job: id } = call;
    const job = id === null ? null : this.book.numberOf(id);
    if (job === undefined) return null;
    const planned = this.#options.plannedName(by);
    return this.#gate.plan({ link, operation, job, by, planned, to: database });
  }

  /** An exchange has its place in the history from its beginning on: its caller may die before it ends. */
  #beginExchange(caller: HttpCaller, request: HttpRequest): RecordedExchange {
    const sent = this.now();
    const seen = this.#seen(caller, { ...request, ...underWay }, sent);
    const event = { seq: this.#events.length, at: sent, ...seen };
    this.#events.push(event);
    this.#underWay.set(event, Promise.withResolvers());
    this.reports.sent(event);
    this.#options.onEvent?.(event, false);
    return event;
  }

  #conclude(event: RecordedExchange, job: number | null, caller: HttpCaller, passage: Passage): void {
    Object.assign(event, this.#seen(caller, passage, event.sent), { at: this.now() });
    if (event.served === null && passage.served !== null) delete event.served;
    const api = passage.served === null ? undefined : this.#servers.get(event);
    if (api !== undefined) Object.assign(event, { server: api.name, release: api.release });
    this.#servers.delete(event);
    this.reports.concluded(event);
    this.#underWay.get(event)?.resolve();
    this.#underWay.delete(event);
    if (event === this.#firstClaim) this.#claimed();
    const step = stepOf(event.operation);
    const taken = passage.served?.status === 200;
    if (event.link === "customer->api") this.book.heard(event);
    if (step === "issue" && job === null && taken) this.#adopt(event);
    if (step === "issue" && passage.status === 200 && job !== null) this.#accept(event, job);
    if ((step === "report" || step === "cancel") && taken && job !== null) this.book.end(job);
    this.#options.onEvent?.(event, true);
  }

  /** A visitor's job. One that is accepted without the credential of a customer is nobody's: the contract knows of none. */
  #adopt({ operation, request, reply, customer }: RecordedExchange): void {
    const { job: id } = factsOf(operation, { request, status: 200, reply });
    const type = queryTypes.find((name) => name === field(request, "type"));
    if (id === undefined || this.book.told.has(id)) return;
    if (type !== undefined && customer !== undefined)
      this.book.adopt(id, { customer, engine: engineFor(type, customer) });
  }

  /** A customer that has given up does not tell what it was answered; the job is there all the same. */
  #accept({ operation, request, reply }: RecordedExchange, number: number): void {
    const { job: id } = factsOf(operation, { request, status: 200, reply });
    if (id !== undefined && this.book.idOf(number) === null) this.book.accepted(id, number);
  }

  #seen({ link, by, generation }: HttpCaller, passage: Passage, sent: Millis): ExchangeEvent {
    const seen = exchangeOf({ link, by, generation }, passage, sent);
    const { customerOf, visitorWith } = this.#options;
    const authorization = headerOf(passage.head, "authorization");
    const customer = customerOf(authorization);
    const request = this.book.withoutPrefix(seen.request);
    if (customer !== undefined) return { ...seen, customer, request };
    // Of visitors some have no credential, or a wrong one; everybody else has the right one.
    const probe = link === "customer->api" ? visitorWith?.(authorization) : undefined;
    return { ...seen, ...(probe === undefined ? {} : { probe }), request };
  }

  #fired(fault: Fault, site: Site): void {
    // A request that comes twice is answered all the same; if its second copy claims a job, the first copy's site is skipped.
    if (fault.kind !== "duplicate") this.#claimed();
    const endsAt = performance.now() + (lastsMs(fault) ?? 0) * this.#options.clockwork.timeScale;
    this.lastFaultAt = Math.max(this.lastFaultAt, endsAt);
    const index = this.faults.indexOf(fault);
    this.record({ kind: "fault", index, what: `${printSite(site)}: ${printFault(fault)}` });
  }
}
