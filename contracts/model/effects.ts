import { isDeepStrictEqual } from "node:util";
import { generationOf, isTerminal, type JobStatus, type JobType, type TerminalStatus } from "../job.ts";
import { field, textField } from "../step.ts";
import { type Fields, fieldsIn, type ModelCall, type ModelLimits, saysRefused, show, wrong } from "./call.ts";
import { changed, type JobFacts, type JobState } from "./job-state.ts";
import type { Learned } from "./learned.ts";
import { createsTable, priorityIn, retryLimitIn, urlIn } from "./order.ts";
import type { Span } from "./span.ts";

/**
 * What a call does to its job if the service accepts it at that moment. `problem` says why the service could not have
 * done so, or could not have answered so; `next` is the job afterwards, also where it should not have come to that.
 */
export interface Step {
  problem: string | null;
  next: JobState;
}

export interface Moment extends ModelLimits {
  /** The shortest and the longest lease of the releases that may have answered. */
  leases: Span;
  facts: JobFacts;
  call: ModelCall;
  /** When it happens. */
  at: Span;
  learned: Learned;
  /** The answer that the service gave; null where nobody saw one. */
  reply: Fields | null;
}

type Effect = (state: JobState, moment: Moment) => Step;

interface Changing {
  effect: Effect;
  /**
   * Whether a job in this state can have taken the request before, after which others may have changed it. Absent for
   * what does more each time that it is taken.
   */
  isTaken?: (state: JobState, request: Fields) => boolean;
}

const isOfEarlier = ({ attempt }: JobState, request: Fields): boolean => attempt !== request["attempt"];

/** The operations that change a job, by what they do to it. */
export const changing: Partial<Record<string, Changing>> = {
  "worker.claim": { effect: claim },
  "worker.heartbeat": { effect: heartbeat, isTaken: ({ startAt }) => startAt !== null },
  "worker.register_table": {
    effect: registerTable,
    isTaken: (state, request) =>
      isOfEarlier(state, request) || isTerminal(state.status) || state.tables.includes(tableIn(request)),
  },
  "worker.receipt": {
    effect: takeReceipt,
    isTaken: (state, request) => isOfEarlier(state, request) || isReceived(state, request),
  },
  // A part is read, as often as wanted; what is in it is judged with its session.
  "worker.import_part": {
    effect: (state, moment) => ({ problem: first(unowned(state, moment), ended(state)), next: state }),
    isTaken: () => true,
  },
  "worker.finish": { effect: finish, isTaken: (state, request) => isReported(state, request) },
  "job.kill": { effect: kill, isTaken: ({ killRequested, status }) => killRequested || isTerminal(status) },
};

/** The first of the problems. */
const first = (...problems: readonly (string | null)[]): string | null =>
  problems.find((problem) => problem !== null) ?? null;

function told(reply: Fields | null, expected: Fields): string | null {
  if (reply === null) return null;
  for (const [name, value] of Object.entries(expected)) {
    if (!isDeepStrictEqual(reply[name], value)) return wrong(name, value, reply[name]);
  }
  return null;
}

function claim(state: JobState, moment: Moment): Step {
  const { facts, call, at, clockErrorMs, destinationOf, reply } = moment;
  const job = reply === null ? null : fieldsIn(field(reply, "job"));
  const attempt = state.attempt + 1;
  const lease = leaseOf(job, moment);
  const next = changed(state, at, {
    status: state.status === "queued" ? "booting" : state.status,
    attempt,
    holder: call.by,
    leaseUntil: { from: at.from + lease.ms.from, to: at.to + lease.ms.to },
  });
  return {
    problem: first(
      claimable(state, at, clockErrorMs),
      lease.problem,
      facts.engine === null || generationOf(facts.engine) === call.generation
        ? null
        : `a job of ${facts.engine} was handed to a worker of ${call.generation}`,
      isAskedFor(facts, call) ? null : `a job of ${facts.engine} was handed out, which was not asked for`,
      told(job, {
        job_id: facts.id,
        attempt,
        type: facts.type,
        engine: facts.engine ?? job?.["engine"],
        database: facts.issue.request["database"],
        query: facts.issue.request["query"],
        kill_requested: state.killRequested,
        ...(job === null ? {} : outputFor(facts, job, destinationOf)),
      }),
    ),
    next,
  };
}

const isAskedFor = ({ engine }: JobFacts, { request: { engines } }: ModelCall): boolean =>
  engine === null || !Array.isArray(engines) || engines.includes(engine);

/** The lease that was told; where nobody heard it, one that is told otherwise. A release always tells the same. */
function leaseOf(
  reply: Fields | null,
  { learned, leases, isOneBuild, call: { release } }: Moment,
): { ms: Span; problem: string | null } {
  if (reply === null) return { ms: leases, problem: null };
  const ms = reply["lease_ms"];
  const name = `lease_ms of ${release ?? "all"}`;
  const usual = learned.get(name) ?? leases.from;
  if (typeof ms !== "number") return { ms: leases, problem: wrong("lease_ms", usual, ms) };
  if (!learned.has(name)) learned.set(name, ms);
  // Whoever does not know which of several has answered does not know how long its leases are.
  const isKnown = isOneBuild || release !== undefined;
  return {
    ms: { from: ms, to: ms },
    problem: ms === learned.get(name) || !isKnown ? null : wrong("lease_ms", usual, ms),
  };
}

function claimable({ status, leaseUntil, holder }: JobState, at: Span, errorMs: number): string | null {
  if (status === "queued") return null;
  if (isTerminal(status)) return `the job was handed out although it had ended: ${status}`;
  if (leaseUntil !== null && leaseUntil.from > at.to + errorMs)
    return `the job was handed out although ${holder} held its lease`;
  return null;
}

/** The destination in the form that the reply has; generation and protocol decide which form it must be. */
function outputFor(
  { issue, shownType }: JobFacts,
  job: Fields,
  destinationOf: ModelLimits["destinationOf"],
): Fields {
  const asked = urlIn(issue.request);
  const settings = asked === null ? null : destinationOf(asked);
  const given = textField(job, "result_url") ?? textField(field(job, "output"), "url");
  // Of an export of a table and of a load the service words the URL: another one that means the same is as good.
  const isWorded = (shownType === "export" || shownType === "bulkload") && given !== undefined;
  const url = isWorded && isDeepStrictEqual(destinationOf(given), settings) ? given : asked;
  if ("output" in job)
    return { output: url === null ? null : { url, settings }, priority: priorityIn(issue.request) };
  return "result_settings" in job ? { result_settings: settings } : { result_url: url };
}

/** Why a report on the job could not be taken. */
function unowned(state: JobState, { facts, call }: Moment): string | null {
  const { attempt } = call.request;
  if (facts.generation !== null && call.generation !== null && call.generation !== facts.generation)
    return `a worker of ${call.generation} was heard about a job of ${facts.generation}`;
  if (attempt !== state.attempt)
    return `attempt ${show(attempt)} was heard although the newest one is ${state.attempt}`;
  // A service knows an attempt by its number. A probe that speaks for one which has just begun is its own business.
  if (call.probe === undefined && state.holder !== null && state.holder !== call.by)
    return `${call.by} spoke for attempt ${attempt}, which ${state.holder} holds`;
  return null;
}

function ended(state: JobState): string | null {
  if (isTerminal(state.status)) return `it was taken although the job had ended: ${state.status}`;
  return isReleased(state) ? `it was taken although attempt ${state.attempt} had failed` : null;
}

/** Whether the newest attempt has failed and the job waits for the next one. */
export const isReleased = ({ status, attempt, failed }: JobState): boolean =>
  !isTerminal(status) && failed.includes(attempt);

function heartbeat(state: JobState, moment: Moment): Step {
  const { at, reply } = moment;
  const lease = leaseOf(reply, moment);
  return {
    problem: first(
      unowned(state, moment),
      ended(state),
      lease.problem,
      told(reply, { kill_requested: state.killRequested }),
    ),
    next: changed(state, at, {
      status: isTerminal(state.status) ? state.status : "running",
      leaseUntil: { from: at.from + lease.ms.from, to: at.to + lease.ms.to },
      startAt: state.startAt ?? at,
    }),
  };
}

const tableIn = ({ database, table }: Fields): string => `${String(database)}.${String(table)}`;

/** Whether the job's `updated_at` moves with it is left to the service. */
function registerTable(state: JobState, moment: Moment): Step {
  const { call, at, reply } = moment;
  const { database, table } = call.request;
  return {
    problem: first(unowned(state, moment), ended(state), told(reply, { database, table })),
    next: changed(
      state,
      { from: state.updatedAt.from, to: at.to },
      { tables: [...new Set([...state.tables, tableIn(call.request)])] },
    ),
  };
}

const receiptIn = ({ attempt, rows, checksum }: Fields) => ({ attempt, rows, checksum });

/** Whether the same receipt was taken before. */
export const isReceived = ({ receipt }: JobState, request: Fields): boolean =>
  isDeepStrictEqual(receipt, receiptIn(request));

function takeReceipt(state: JobState, moment: Moment): Step {
  const { call, at, reply } = moment;
  const receipt = receiptIn(call.request);
  const isRepeated = isReceived(state, call.request);
  const { rows } = receipt;
  return {
    problem: first(unowned(state, moment), isRepeated ? null : ended(state), told(reply, { rows })),
    next: isRepeated ? state : changed(state, at, { receipt }),
  };
}

/** Whether the job has ended by the same report, or an attempt at it has. */
export const isReported = ({ status, report, failed }: JobState, request: Fields): boolean =>
  (report !== null && report["attempt"] === request["attempt"] && status === request["status"]) ||
  (request["status"] === "error" && failed.includes(Number(request["attempt"])));

/**
 * Whether a failure is followed by another attempt where its customer has not asked for a kill: while the limit allows it.
 * Attempts that were lost count too.
 */
export const allowsAnother = ({ issue }: JobFacts, { status, attempt }: Fields): boolean =>
  status === "error" && Number(attempt) <= retryLimitIn(issue.request);

function finish(state: JobState, moment: Moment): Step {
  const { facts, call, at, reply } = moment;
  const { status } = call.request;
  const answer = told(reply, { job_id: facts.id, status });
  if (isReported(state, call.request)) return { problem: first(unowned(state, moment), answer), next: state };
  const problem = first(unowned(state, moment), ended(state), unfounded(state, moment), answer);
  if (!state.killRequested && allowsAnother(facts, call.request)) {
    const failed = [...state.failed, Number(call.request["attempt"])];
    return { problem, next: changed(state, at, { leaseUntil: null, tables: [], failed }) };
  }
  const keepsTables = status === "success";
  return {
    problem,
    next: changed(state, at, {
      status: status as TerminalStatus,
      leaseUntil: null,
      startAt: state.startAt ?? at,
      endAt: at,
      report: call.request,
      ...(keepsTables ? {} : { tables: [] }),
    }),
  };
}

/** Why a report of success must not be believed. */
function unfounded(state: JobState, { facts, call }: Moment): string | null {
  if (call.request["status"] !== "success") return null;
  if (isUndelivered(state, facts) && !saysRefused(call.request))
    return "success was taken without a receipt of the delivery";
  if (createsTable(facts) === "yes" && state.tables.length === 0)
    return "success was taken although the table that the job makes was not registered";
  if (isUncounted(facts.shownType, call.request))
    return "the success of a perform was taken without its counts";
  const { receipt } = state;
  if (receipt?.attempt === state.attempt && call.request["num_records"] !== receipt.rows)
    return wrong("num_records", receipt.rows, call.request["num_records"]);
  return null;
}

/** Whether it is the success of a perform that does not say what was counted. */
export const isUncounted = (type: JobType, { status, import_counts }: Fields): boolean =>
  type === "bulk_import_perform" && status === "success" && import_counts === undefined;

export const isUndelivered = ({ receipt, attempt }: JobState, { issue }: JobFacts): boolean =>
  urlIn(issue.request) !== null && receipt?.attempt !== attempt;

function kill(state: JobState, { facts, at, reply }: Moment): Step {
  const problem = told(reply, { job_id: facts.id, former_status: state.status });
  if (isTerminal(state.status)) return { problem, next: state };
  const status: JobStatus = state.status === "queued" ? "killed" : state.status;
  return {
    problem,
    next: changed(state, at, { status, killRequested: true, ...(status === "killed" ? { endAt: at } : {}) }),
  };
}
