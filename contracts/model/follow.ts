import { isDeepStrictEqual } from "node:util";
import { withheldBytes } from "../file-body.ts";
import type { Millis } from "../values.ts";
import {
  type Departure,
  failureProblem,
  fieldsIn,
  isUnanswered,
  type ModelCall,
  type ModelLimits,
} from "./call.ts";
import { changing, type Moment, type Step } from "./effects.ts";
import { bornAs, type JobFacts, type JobState } from "./job-state.ts";
import { type Learned, learn } from "./learned.ts";
import { lookProblem, remembered } from "./looks.ts";
import { keyOf, merged, type Past, widened } from "./pasts.ts";
import { hasResult, isForeign, refusalProblem } from "./refusals.ts";
import { JobResult } from "./results/results.ts";
import { isExport } from "./worded-orders.ts";

/** So many possible pasts are looked through for one call; a job of which more is possible is judged no further. */
const mostPasts = 256;

/**
 * One job through all calls about it. Calls that overlap may have taken effect in any order, and those without an answer
 * at any later time or never: so there is a set of possible pasts. A call departs from the contract where none of them
 * explains it.
 */
export class JobFollower {
  readonly departures: Departure[] = [];
  /** Calls that were not judged, since too much was possible. */
  unjudged = 0;
  readonly #facts: JobFacts;
  readonly #limits: ModelLimits & Pick<Moment, "leases">;
  readonly #learned: Learned;
  readonly #result: JobResult;
  #pasts: Past[];
  /** Calls that can change the job and have not returned. */
  readonly #open = new Set<ModelCall>();
  /** By call that has not returned: what the job may have been like since it was sent, and is no longer. */
  readonly #passed = new Map<ModelCall, JobState[]>();
  #isLost = false;
  /** The latest moment at which anything so far can have happened. */
  #now: Millis = 0;

  constructor(facts: JobFacts, limits: ModelLimits & Pick<Moment, "leases">, learned: Learned) {
    this.#facts = facts;
    this.#limits = limits;
    this.#learned = learned;
    this.#result = new JobResult(limits.rowsOf(String(facts.issue.request["query"])));
    this.#pasts = [{ state: bornAs(facts), early: nothing }];
  }

  /** A call is on its way. */
  begin(call: ModelCall): void {
    if (changing[call.operation] !== undefined) this.#open.add(call);
    if (call.status !== null) this.#passed.set(call, []);
  }

  /** The service has answered; a call without an answer stays on its way for ever. `reply` is what it says of this job. */
  end(call: ModelCall, reply: unknown = call.reply): void {
    const { status } = call;
    if (status === null) return;
    if (this.#isLost) {
      this.unjudged += 1;
      return;
    }
    this.#now = call.returned;
    const changes = this.#open.delete(call);
    const passed = this.#passed.get(call) ?? [];
    this.#passed.delete(call);
    const failure = failureProblem(call);
    if (failure !== null) this.#depart(call, failure);
    else if (status < 500) this.#explain(call, reply, passed);
    else if (changes) {
      this.#perhaps(call);
      // What it asked the database for may come there later still; what was asked twice comes to the same.
      if (!isCounted(call) && !this.#isOnItsWay(call)) this.#open.add(call);
    }
  }

  /** Whether the same request is on its way already, with nobody to hear of it. */
  #isOnItsWay({ operation, by, request }: ModelCall): boolean {
    return [...this.#open].some(
      (one) =>
        isUnanswered(one) &&
        one.operation === operation &&
        one.by === by &&
        isDeepStrictEqual(one.request, request),
    );
  }

  /** A service that fails may have done what was asked for, also after others that are on their way. */
  #perhaps(call: ModelCall): void {
    const done = ({ state, early }: Past): Past[] => {
      if (early.has(call)) return [];
      const { problem, next } = this.#step(state, call, null);
      return problem === null && next !== state ? [{ state: next, early }] : [];
    };
    const pasts = this.#pasts.flatMap((past): Past[] =>
      past.early.has(call)
        ? [{ state: past.state, early: without(past.early, call) }]
        : [past, ...[past, ...this.#reachable(past)].flatMap(done)],
    );
    this.#become(merged(pasts));
  }

  #become(pasts: Past[]): void {
    if (this.#passed.size > 0) {
      const gone = this.#pasts.flatMap((past) => [past, ...this.#reachable(past)]).map(({ state }) => state);
      for (const states of this.#passed.values()) states.push(...gone);
    }
    this.#pasts = this.#withoutStale(pasts);
  }

  /**
   * What nobody saw answered of an attempt that is over in every past is never heard any more, and its receipt counts for
   * nothing where no answer to it is still to come.
   */
  #withoutStale(pasts: Past[]): Past[] {
    const newest = Math.min(...pasts.map(({ state }) => state.attempt));
    for (const call of this.#open)
      if (isUnanswered(call) && Number(call.request["attempt"]) < newest) this.#open.delete(call);
    const awaited = new Set([...this.#open].map(({ request }) => request["attempt"]));
    const isStale = ({ state: { receipt } }: Past) =>
      receipt !== null && Number(receipt.attempt) < newest && !awaited.has(receipt.attempt);
    if (!pasts.some(isStale)) return pasts;
    return merged(
      pasts.map((past) => (isStale(past) ? { ...past, state: { ...past.state, receipt: null } } : past)),
    );
  }

  #explain(call: ModelCall, reply: unknown, passed: readonly JobState[]): void {
    const found: Past[] = [];
    let problem: string | null = null;
    for (const past of this.#pasts)
      problem = this.#search(past, call, reply, passed.length > 0, found) ?? problem;
    if (this.#isLost) {
      this.unjudged += 1;
      return;
    }
    // It may have been answered before calls that returned sooner: a past in which it was taken already stays possible.
    const isOlder = passed.some((state) => this.#step(state, call, reply).problem === null);
    if (isOlder) {
      const others = this.#pasts.filter(({ state }) => found.every((past) => past.state !== state));
      found.push(...others.filter(({ state }) => hasTaken(state, call)));
    }
    if (found.length > 0) {
      if (call.operation === "job.result") this.#learnResult(call, found);
      this.#become(merged(found));
    } else {
      this.#depart(call, problem ?? "it cannot be explained");
      this.#goOn(call, reply);
    }
  }

  /** Collects the pasts in which the call was answered so. @returns why it was not so in the one that it is given */
  #search(past: Past, call: ModelCall, reply: unknown, isOld: boolean, found: Past[]): string | null {
    if (past.early.has(call)) {
      found.push({ state: past.state, early: without(past.early, call) });
      return null;
    }
    const isLook = changing[call.operation] === undefined;
    const explain = ({ state, early }: Past): string | null => {
      const { problem, next } = this.#step(state, call, reply);
      // What was shown of an older state is not remembered of this one.
      if (problem === null) found.push({ state: isLook && isOld ? state : next, early });
      return problem;
    };
    const problem = explain(past);
    // A look that fits changes nothing: what else is on its way can as well come after it.
    if (this.#open.size > 0 && (problem !== null || isDone(call))) this.#reachable(past).forEach(explain);
    return problem;
  }

  /** All that a past can have become by calls that are on their way. */
  #reachable(from: Past): Past[] {
    const reached = new Map<string, Past>();
    const numbers = new Map<ModelCall, number>();
    const left = [from];
    for (let past = left.pop(); past !== undefined; past = left.pop()) {
      for (const call of this.#open) {
        const next = this.#after(past, call);
        if (next === null) continue;
        const key = keyOf(next, numbers);
        const known = reached.get(key);
        const wider = known === undefined ? next : widened(known, next);
        if (wider === known) continue;
        reached.set(key, wider);
        left.push(wider);
      }
      if (reached.size > mostPasts) {
        this.#isLost = true;
        return [];
      }
    }
    return [...reached.values()];
  }

  /** The past with one more call that is on its way; null where that changes nothing, or cannot be. */
  #after({ state, early }: Past, call: ModelCall): Past | null {
    if (early.has(call)) return null;
    const { problem, next } = this.#step(state, call, call.status === 200 ? call.reply : null);
    if (problem !== null || next === state) return null;
    return { state: next, early: isCounted(call) ? new Set(early).add(call) : early };
  }

  #step(state: JobState, call: ModelCall, reply: unknown): Step {
    const facts = this.#facts;
    const { operation } = call;
    if (isRefused(call)) return { problem: refusalProblem(state, facts, call), next: state };
    if (isAnswered(call) && operation !== "job.list" && isForeign(facts, call))
      return { problem: "it was answered to another customer", next: state };
    const effect = changing[operation]?.effect;
    if (effect === undefined) return this.#look(state, call, reply);
    const from = Math.max(call.sent, state.updatedAt.from);
    const at = { from, to: Math.max(from, this.#now) };
    const answer = isAnswered(call) ? fieldsIn(reply) : null;
    return effect(state, { facts, call, at, learned: this.#learned, reply: answer, ...this.#limits });
  }

  #look(state: JobState, call: ModelCall, reply: unknown): Step {
    if (call.operation === "job.result") return { problem: this.#result.problem(state, call), next: state };
    if (isExport(call))
      return { problem: hasResult(state) ? null : "it has no result to export", next: state };
    const fields = fieldsIn(reply);
    const problem = lookProblem(this.#facts, state, fields, this.#learned, this.#limits.clockErrorMs);
    if (problem !== null) return { problem, next: state };
    const next = remembered(state, fields);
    if (next !== state) learn(this.#learned, this.#facts, fields);
    return { problem, next };
  }

  /** Of a file that was not kept whole no more than its length was judged. */
  #learnResult(call: ModelCall, found: readonly Past[]): void {
    const [past] = found;
    if (past === undefined || isRefused(call)) return;
    this.#result.learn(past.state, call);
    if (withheldBytes(call.reply) !== null) this.unjudged += 1;
  }

  /** After an answer that cannot be explained, goes on as if it had been right. */
  #goOn(call: ModelCall, reply: unknown): void {
    if (!isDone(call)) return;
    this.#become(
      this.#pasts.map(({ state, early }) => ({ state: this.#step(state, call, reply).next, early })),
    );
  }

  #depart(call: ModelCall, problem: string): void {
    this.departures.push({ call, job: this.#facts.id, problem });
  }
}

/** Whether the service did what was asked; that a result has no such part says how long it is. */
const isAnswered = ({ operation, status }: ModelCall): boolean =>
  status === 200 || (operation === "job.result" && (status === 206 || status === 416));

const isRefused = (call: ModelCall): boolean =>
  call.status !== null && call.status >= 400 && call.status < 500 && !isAnswered(call);

/** Whether it has another effect each time that it is taken. */
const isCounted = ({ operation }: ModelCall): boolean => changing[operation]?.isTaken === undefined;

/** Whether the call changed the job, as far as its answer says. */
const isDone = ({ operation, status }: ModelCall): boolean =>
  status === 200 && changing[operation] !== undefined;

/** Whether a job in this state can have taken the call before; what changes nothing can have been answered any time. */
const hasTaken = (state: JobState, call: ModelCall): boolean =>
  !isDone(call) || (changing[call.operation]?.isTaken?.(state, call.request) ?? false);

const nothing: ReadonlySet<ModelCall> = new Set();

function without(calls: ReadonlySet<ModelCall>, one: ModelCall): ReadonlySet<ModelCall> {
  const left = new Set(calls);
  left.delete(one);
  return left;
}
