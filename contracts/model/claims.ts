import { isDeepStrictEqual } from "node:util";
import { type Engine, enginesOf } from "../job.ts";
import { protocolOf } from "../protocol.ts";
import { field, textField } from "../step.ts";
import type { Millis } from "../values.ts";
import {
  type Departure,
  type Fields,
  isBefore,
  type ModelCall,
  type ModelLimits,
  show,
  wrong,
} from "./call.ts";
import { allowsAnother } from "./effects.ts";
import type { JobFacts } from "./job-state.ts";
import type { Jobs } from "./jobs.ts";
import { priorityIn } from "./order.ts";
import { isBusy, reasonOf } from "./refusals.ts";

/**
 * What workers say of themselves, which number the service has for a customer, which job a worker may be handed, and when
 * there is none.
 */

export function claimDepartures(claims: readonly ModelCall[], jobs: Jobs): Departure[] {
  const selves = new Map<string, Fields>();
  const accounts = new Map<string, unknown>();
  return claims.flatMap((call) => {
    const job = field(call.reply, "job");
    const id = field(job, "job_id");
    const facts = jobs.get(String(id));
    const problem =
      selfProblem(call, selves) ??
      (facts == null ? null : accountProblem(facts, field(job, "account"), accounts));
    return problem === null ? [] : [{ call, job: typeof id === "string" ? id : null, problem }];
  });
}

/**
 * A worker asks for what its generation runs, and is the same in all its claims, under a name that no other has; a probe
 * asks for anything.
 */
function selfProblem(
  { request, by, generation, probe }: ModelCall,
  selves: Map<string, Fields>,
): string | null {
  if (probe !== undefined) return null;
  const { engines, worker } = request;
  if (request["generation"] !== generation) return wrong("generation", generation, request["generation"]);
  if (generation !== null && Array.isArray(engines)) {
    const others = engines.filter((engine) => !enginesOf[generation].includes(engine));
    if (others.length > 0) return wrong("engines", enginesOf[generation], engines);
  }
  const known = selves.get(by);
  const namesake =
    known === undefined ? [...selves].find(([, self]) => self["worker"] === worker) : undefined;
  if (namesake !== undefined) return `worker: ${show(worker)} is the name of ${namesake[0]}`;
  if (known === undefined) selves.set(by, { engines, worker });
  else if (!isDeepStrictEqual(known["engines"], engines)) return wrong("engines", known["engines"], engines);
  else if (known["worker"] !== worker) return wrong("worker", known["worker"], worker);
  return null;
}

/** Two customers have two numbers, and each has always the same. */
function accountProblem(
  { account }: JobFacts,
  number: unknown,
  accounts: Map<string, unknown>,
): string | null {
  if (account === null) return null;
  const known = accounts.get(account.name);
  if (known !== undefined) return known === number ? null : wrong("account", known, number);
  for (const [name, other] of accounts)
    if (other === number) return `account: ${show(number)} is the number of ${name}`;
  accounts.set(account.name, number);
  return null;
}

const isOfOtherProtocol = (call: ModelCall): boolean =>
  call.status !== null && reasonOf(call) === "unsupported_protocol";

/** One build speaks a protocol or does not: it is as the first answer to a claim in that protocol says. */
export function protocolDepartures(claims: readonly ModelCall[]): Departure[] {
  const spoken = new Map<number, boolean>();
  return claims.flatMap((call): Departure[] => {
    const isRefused = isOfOtherProtocol(call);
    if (call.status !== 200 && !isRefused) return [];
    const protocol = protocolOf(call.request);
    const known = spoken.get(protocol);
    if (known === undefined) spoken.set(protocol, !isRefused);
    if (known === undefined || known === !isRefused) return [];
    const words = isRefused ? "refused, and was taken before" : "taken, and was refused before";
    return [{ call, job: null, problem: `protocol ${protocol} was ${words}` }];
  });
}

/**
 * The form of jobs is that of the protocol that a claim states. A build that is older than the statement does not see it, and
 * always hands out jobs in the form of its first answer; one that has ever refused a protocol sees it.
 */
export function formDepartures(claims: readonly ModelCall[]): Departure[] {
  const shown = new Map<number, boolean>();
  const isSeen = claims.some(isOfOtherProtocol);
  return claims.flatMap((call): Departure[] => {
    const job = field(call.reply, "job");
    const protocol = protocolOf(call.request);
    if (call.status !== 200 || typeof job !== "object" || job === null || protocol === 1) return [];
    const isMoved = "output" in job;
    const known = shown.get(protocol) ?? (isSeen || isMoved);
    shown.set(protocol, known);
    if (known === isMoved) return [];
    const id = textField(job, "job_id") ?? null;
    return [
      { call, job: id, problem: `job: it has another form than protocol ${protocol} has in this build` },
    ];
  });
}

/** A job that a claim could surely have been given, from when until when. */
export interface Waiting {
  facts: JobFacts;
  from: Millis;
  to: Millis;
}

/** `calls` are those that may have ended the wait of the job. */
export function waitingOf(facts: JobFacts, calls: readonly ModelCall[]): Waiting | null {
  if (facts.issue.status !== 200) return null;
  const ends = calls.flatMap(({ operation, sent }) =>
    operation === "worker.claim" || operation === "job.kill" ? sent : [],
  );
  return { facts, from: facts.issue.returned, to: Math.min(...ends) };
}

/** How long a service may take to notice that a lease has run out, in leases: it may look for such jobs from time to time. */
const grace = 0.5;

/** Spans in which a job that had been handed out surely had no valid lease, and no call about it was under way. */
export function lapsesOf(
  facts: JobFacts,
  calls: readonly ModelCall[],
  { clockErrorMs, leaseMs }: ModelLimits,
): Waiting[] {
  const spoken = calls.filter(({ operation }) => operation.startsWith("worker.") || operation === "job.kill");
  const isSure = spoken.every(({ status }) => status !== null && status < 500);
  if (!isSure) return [];
  spoken.sort((a, b) => a.returned - b.returned);
  const lapses: Waiting[] = [];
  let until = Number.POSITIVE_INFINITY;
  let newest: unknown;
  const isKilled = spoken.some(({ operation }) => operation === "job.kill");
  for (const [i, { operation, request, status, returned, reply }] of spoken.entries()) {
    if (operation === "worker.finish" && status === 200) {
      if (isKilled || !allowsAnother(facts, request)) break;
      // The next attempt may have been handed out before this was heard of.
      if (request["attempt"] === newest) until = returned;
    }
    newest = field(field(reply, "job"), "attempt") ?? newest;
    if (extending.has(operation) && status === 200) {
      const end = returned + (leaseIn(reply) ?? leaseMs) * (1 + grace) + clockErrorMs;
      until = until === Number.POSITIVE_INFINITY ? end : Math.max(until, end);
    }
    const from = Math.max(returned, until);
    const next = spoken[i + 1];
    if (next !== undefined && next.returned <= from) continue;
    const to = Math.min(...spoken.slice(i + 1).map(({ sent }) => sent));
    if (from < to) lapses.push({ facts, from, to });
  }
  return lapses;
}

/** What gives a lease, and tells it. */
export const extending: ReadonlySet<string> = new Set(["worker.claim", "worker.heartbeat"]);

/** The lease that an answer to a claim or a heartbeat tells. */
export const leaseIn = (reply: unknown): Millis | undefined => {
  const told = field(field(reply, "job"), "lease_ms") ?? field(reply, "lease_ms");
  return typeof told === "number" ? told : undefined;
};

const priorityOf = ({ issue }: JobFacts): number => priorityIn(issue.request);

/** Whether a claim can have been handed the job. */
export const mayBeAbout = ({ request }: ModelCall, { engine }: JobFacts): boolean =>
  engine === null || !Array.isArray(request["engines"]) || request["engines"].includes(engine);

/**
 * What is wrong with the answers to claims, given the jobs that waited. A claim that was told to come again later has taken
 * no job, but may have kept one from others for as long as it was under way.
 */
export function queueDepartures(
  claims: readonly ModelCall[],
  waiting: readonly Waiting[],
  lapses: readonly Waiting[],
  jobs: Jobs,
): Departure[] {
  const busy = claims.filter(isBusy);
  return claims.flatMap((call): Departure[] => {
    if (call.status !== 200) return [];
    const engines = call.request["engines"];
    if (!Array.isArray(engines)) return [];
    const meanwhile = busy.filter((other) => !isBefore(other, call) && !isBefore(call, other));
    const isPassedOver = ({ facts, from, to }: Waiting) =>
      from < call.sent &&
      to > call.returned &&
      engines.includes(facts.engine as Engine) &&
      !meanwhile.some((other) => mayBeAbout(other, facts));
    const passedOver = waiting.filter(isPassedOver);
    const id = field(field(call.reply, "job"), "job_id");
    if (typeof id !== "string") {
      const [queued] = passedOver;
      if (queued !== undefined) return [idle(call, queued.facts, "this one was queued")];
      const lapsed = lapses.find(isPassedOver);
      return lapsed === undefined ? [] : [idle(call, lapsed.facts, "the lease of this one had run out")];
    }
    const handed = jobs.get(id);
    if (handed == null) return [];
    return passedOver
      .filter(({ facts }) => priorityOf(facts) > priorityOf(handed))
      .slice(0, 1)
      .map(({ facts }) => ({
        call,
        job: handed.id,
        problem: `job ${handed.id} of priority ${priorityOf(handed)} was handed out before job ${facts.id} of priority ${priorityOf(facts)}`,
      }));
  });
}

const idle = (call: ModelCall, facts: JobFacts, although: string): Departure => ({
  call,
  job: facts.id,
  problem: `${call.by} was told that there is no job although ${although}`,
});
