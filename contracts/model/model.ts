import { field, textField } from "../step.ts";
import type { Millis } from "../values.ts";
import { authorityDeparture, isEntitled } from "./authority.ts";
import {
  type Departure,
  failureProblem,
  fieldsIn,
  isUnanswered,
  type ModelCall,
  type ModelLimits,
  otherThan,
  show,
} from "./call.ts";
import { catalogDepartures } from "./catalog/catalog.ts";
import {
  claimDepartures,
  extending,
  formDepartures,
  lapsesOf,
  leaseIn,
  mayBeAbout,
  protocolDepartures,
  queueDepartures,
  type Waiting,
  waitingOf,
} from "./claims.ts";
import { linkDepartures, surplusExports } from "./exports/links.ts";
import { exportsOf } from "./exports/orders.ts";
import { reasonDepartures } from "./exports/reasons.ts";
import { makesExport, refusedOrders } from "./exports/refused.ts";
import { JobFollower } from "./follow.ts";
import { ordersOf } from "./imports/orders.ts";
import { sessionDepartures } from "./imports/sessions.ts";
import { surplusCommits } from "./imports/surplus.ts";
import { isIssue, issueDepartures, issuedId } from "./issues.ts";
import type { JobFacts } from "./job-state.ts";
import { type About, isByKey, type Jobs, jobsOf } from "./jobs.ts";
import { byKeyDepartures, shownByKey, withMissed } from "./keys/by-key.ts";
import type { Learned } from "./learned.ts";
import { entriesOf, listDepartures } from "./lists.ts";
import {
  hostsIn,
  isBusy,
  isWellFormed,
  leakProblem,
  passwordsIn,
  reasonOf,
  type Secrets,
} from "./refusals.ts";
import { repeatDepartures, reportDepartures } from "./reports.ts";
import { retryAfterProblem } from "./results/headers.ts";
import { rowsOf } from "./scheduled/history.ts";
import { scheduledOrders } from "./scheduled/orders.ts";
import { scheduledDepartures } from "./scheduled/scheduled.ts";
import { changesIt } from "./scheduled/settings.ts";
import { surplusDepartures } from "./scheduled/surplus.ts";
import type { Span } from "./span.ts";
import { streamDepartures, tooWideIn } from "./streams/streams.ts";
import { asOrder, isOfTargets, targetDepartures } from "./targets/targets.ts";
import { borneKeys } from "./users/keys.ts";
import { userDepartures } from "./users/users.ts";
import { isExport, tableOrdersOf } from "./worded-orders.ts";

/**
 * The service as the contract has it: says of every call of a history whether it could be answered so. It never calls a
 * right service wrong; where calls do not overlap and are answered, it allows exactly what is right.
 */

export interface ModelJudgement {
  departures: Departure[];
  /** Calls about jobs of which too much was possible to be judged. */
  unjudged: number;
}

/** @param all calls in any order; @param start of the history */
export function judgeCalls(all: readonly ModelCall[], start: number, limits: ModelLimits): ModelJudgement {
  const borne = borneKeys(all);
  const usurped = borne.calls.filter((call) => !isEntitled(call));
  const calls = usurped.length === 0 ? borne.calls : borne.calls.filter(isEntitled);
  const of = (operation: string) => calls.filter((call) => call.operation === operation);
  const issues = calls.filter(isIssue);
  const claims = of("worker.claim");
  const unheard = claims.filter(isUnheard).map((call): About => ({ call, reply: undefined }));
  const abouts = callsByJob(calls);
  const ofSessions = ordersOf(calls);
  const plain = [...ofSessions, ...tableOrdersOf(calls), ...scheduledOrders(calls, limits)];
  const hasExports = calls.some((call) => isExport(call) || makesExport(call));
  const targets: Jobs = hasExports ? jobsOf([...of("job.issue"), ...plain], abouts) : new Map();
  const ordered = [...plain, ...exportsOf(calls, targets), ...refusedOrders(calls, targets)];
  const jobs = jobsOf([...of("job.issue"), ...ordered], abouts);
  const learned: Learned = new Map();
  const leases = leasesOf(calls, limits);
  const waiting: Waiting[] = [];
  const lapses: Waiting[] = [];
  const idle = claims.filter(({ status, reply }) => status === 200 && field(reply, "job") === null);
  const departures = issueDepartures(issues, limits);
  let unjudged = 0;
  for (const [id, about] of withMissed(abouts, calls, jobs)) {
    const known = jobs.get(id);
    if (known === null) unjudged += about.length;
    if (known === undefined) departures.push(...strange(id, about, start));
    if (known == null) continue;
    const own = [...about, ...unheard.filter(({ call }) => mayBeAbout(call, known))];
    const later = own.filter(({ call }) => !isIssue(call) || isExportOf(call, id));
    const followed = (facts: JobFacts, learnt: Learned) => {
      const follower = new JobFollower(facts, { ...limits, leases }, learnt);
      follow(follower, later);
      return follower;
    };
    const fits = (facts: JobFacts) => followed(facts, new Map(learned)).departures.length === 0;
    const facts = known.others === undefined ? known : ([known, ...known.others].find(fits) ?? known);
    jobs.set(id, facts);
    const follower = followed(facts, learned);
    departures.push(...follower.departures);
    unjudged += follower.unjudged;
    const spoken = own.map(({ call }) => call);
    const wait = waitingOf(facts, spoken);
    if (wait !== null) waiting.push(wait);
    if (idle.length > 0) lapses.push(...lapsesOf(facts, spoken, { ...limits, leaseMs: leases.to }));
  }
  departures.push(
    ...queueDepartures(claims, waiting, lapses, jobs),
    ...listDepartures([...calls, ...ordered.filter(isOpen(jobs))], jobs, start, limits),
    ...sessionDepartures(calls),
    ...scheduledDepartures(calls, limits),
    ...surplusDepartures(calls, limits),
    ...linkDepartures(calls, jobs),
    ...surplusExports(calls, jobs),
    ...byKeyDepartures(calls, jobs),
    ...borne.departures,
    ...userDepartures(calls),
  );
  departures.push(
    ...surplusCommits(calls, ofSessions, jobs, abouts),
    ...reasonDepartures(calls, limits),
    ...catalogDepartures(calls, jobs, limits),
    ...streamDepartures(calls, limits),
    ...targetDepartures(calls),
  );
  departures.push(...claimDepartures(claims, jobs), ...usurped.flatMap(authorityDeparture));
  departures.push(...saidDepartures(calls, jobs, limits));
  return { departures, unjudged };
}

/** What was said in each call, whatever there was of what it was about. */
function saidDepartures(calls: readonly ModelCall[], jobs: Jobs, limits: ModelLimits): Departure[] {
  const of = (operation: string) => calls.filter((call) => call.operation === operation);
  const claims = of("worker.claim");
  const isTooWide = tooWideIn(calls);
  const targets = calls.filter(isOfTargets).map(asOrder);
  const naming = [...calls.filter((call) => isIssue(call) || changesIt(call)), ...targets];
  const passwords = passwordsIn(naming, limits.destinationOf);
  const hosts = hostsIn(naming, limits.destinationOf);
  return [
    ...reportDepartures(of("worker.finish"), of("job.kill"), jobs, limits),
    ...["worker.finish", "worker.receipt"].flatMap((operation) => repeatDepartures(of(operation))),
    ...calls.flatMap((call) => looseDeparture(call, isTooWide)),
    ...calls.flatMap(headerDeparture),
    ...(limits.isOneBuild
      ? [...buildDepartures(of("system.version")), ...protocolDepartures(claims), ...formDepartures(claims)]
      : []),
    ...(hosts.size + passwords.length === 0
      ? []
      : calls.flatMap((call) => leaks(call, { passwords, hosts }))),
  ];
}

/** How long leases are that nobody was told of: that of one build is always the same, and is told in other answers. */
function leasesOf(calls: readonly ModelCall[], { leaseMs, laterLeases = [], isOneBuild }: ModelLimits): Span {
  const told = calls.flatMap(({ operation, reply, status }): Millis[] => {
    const ms = status === 200 && extending.has(operation) ? leaseIn(reply) : undefined;
    return ms === undefined ? [] : [ms];
  });
  const [first = leaseMs] = told;
  if (isOneBuild) return { from: first, to: first };
  const all = [leaseMs, ...laterLeases, ...told];
  return { from: Math.min(...all), to: Math.max(...all) };
}

function callsByJob(calls: readonly ModelCall[]): Map<string, About[]> {
  const byJob = new Map<string, About[]>();
  const add = (id: unknown, call: ModelCall, reply: unknown = call.reply) => {
    if (typeof id !== "string") return;
    const known = byJob.get(id);
    if (known === undefined) byJob.set(id, [{ call, reply }]);
    else known.push({ call, reply });
  };
  for (const call of calls) {
    if (call.operation === "job.list") for (const reply of entriesOf(call)) add(reply["job_id"], call, reply);
    else if (call.operation === "scheduled_query.history")
      for (const row of rowsOf(call)) add(row["job_id"], call, row);
    else if (isIssue(call)) {
      add(issuedId(call), call);
      if (tellsOfTarget(call)) add(call.request["target_id"], call);
    } else if (isByKey(call)) add(shownByKey(call), call);
    else if (call.operation === "worker.claim") add(field(field(call.reply, "job"), "job_id"), call);
    else add(call.request["job_id"], call);
  }
  return byJob;
}

/** Whether an order to export tells what the job is like whose result it is to be. */
const tellsOfTarget = (call: ModelCall): boolean =>
  isExport(call) && (call.status === 200 || ["not_found", "wrong_state"].includes(reasonOf(call)));

const isExportOf = (call: ModelCall, id: string): boolean =>
  isExport(call) && call.request["target_id"] === id;

/** Of which nobody knows whether it had its effect. */
const isUnheard = ({ status, excused }: ModelCall): boolean => status === null || (status >= 500 && excused);

/** Whether an order told its job, or one may have come of it that nobody has seen. */
function isOpen(jobs: Jobs): (order: ModelCall) => boolean {
  const known = new Set([...jobs.values()].map((facts) => facts?.issue));
  return (order) => !isUnanswered(order) || !known.has(order);
}

/** A part of a result, or none of it at that place, is one of a job that is there as much as the whole. */
const isServed = ({ status }: ModelCall): boolean => status !== null && [200, 206, 416].includes(status);

/** Calls about a job that nobody issued: it may be one from before, of which nothing is known. */
function strange(id: string, about: readonly About[], start: number): Departure[] {
  return about.flatMap(({ call }) => {
    const problem = wrongWhateverIsKnown(call);
    if (problem !== null) return [{ call, job: id, problem }];
    if (!isServed(call) || call.operation === "job.list") return [];
    const created = field(call.reply, "created_at");
    const isOld = typeof created === "string" && Date.parse(created) < start;
    return isOld ? [] : [{ call, job: id, problem: "nobody issued this job" }];
  });
}

function follow(follower: JobFollower, about: readonly About[]): void {
  const moments = about.flatMap(({ call, reply }) => [
    { at: call.sent, isEnd: false, call, reply },
    { at: call.returned, isEnd: true, call, reply },
  ]);
  // Two calls of which one begins when the other ends count as overlapping.
  moments.sort((a, b) => a.at - b.at || Number(a.isEnd) - Number(b.isEnd));
  for (const { isEnd, call, reply } of moments) {
    if (!isEnd) follower.begin(call);
    else follower.end(call, reply);
  }
}

function leaks(call: ModelCall, secrets: Secrets): Departure[] {
  const problem = leakProblem(call, secrets);
  return problem === null ? [] : [{ call, job: jobIn(call), problem }];
}

/** A service is the same build at every look. */
function buildDepartures(looks: readonly ModelCall[]): Departure[] {
  const told = looks.filter(({ status }) => status === 200);
  return told.flatMap((call) => {
    const problem = otherThan(fieldsIn(told[0]?.reply), fieldsIn(call.reply));
    return problem === null ? [] : [{ call, job: null, problem }];
  });
}

function headerDeparture(call: ModelCall): Departure[] {
  const problem = retryAfterProblem(call.headers?.reply["retry-after"]);
  return problem === null ? [] : [{ call, job: jobIn(call), problem }];
}

const jobIn = ({ request }: ModelCall): string | null => textField(request, "job_id") ?? null;

/** Calls that are about no job, or about the service as a whole. */
function looseDeparture(call: ModelCall, isTooWide: (chunk: ModelCall) => boolean): Departure[] {
  const { status } = call;
  if (status === null || status < 400 || isIssue(call) || call.request["job_id"] !== undefined) return [];
  const reason = reasonOf(call);
  // Whether the destination is one is judged with all else of a scheduled query.
  if (reason === "invalid_input" && (isTooWide(call) || changesIt(call))) return [];
  const problem = reason === "forbidden" ? refusedSo(call) : wrongWhateverIsKnown(call);
  return problem === null ? [] : [{ call, job: null, problem }];
}

/** What may not be answered to a call, whatever there is of what it is about. */
function wrongWhateverIsKnown(call: ModelCall): string | null {
  const failure = isBusy(call) ? null : failureProblem(call);
  if (failure !== null) return failure;
  const reason = reasonOf(call);
  if (reason === "invalid_input" && isWellFormed(call))
    return "it was refused (invalid_input) although it is well-formed";
  return reason === "unauthenticated" ? refusedSo(call) : null;
}

const refusedSo = (call: ModelCall): string =>
  `it was refused (${reasonOf(call)}): ${show(field(call.reply, "text"))}`;
