import { parseDestination } from "../../../contracts/destination.ts";
import {
  doneBy,
  type Fields,
  fieldsIn,
  isUnanswered,
  type ModelCall,
  type ModelLimits,
} from "../../../contracts/model/call.ts";
import { judgeCalls } from "../../../contracts/model/model.ts";
import { type OperationId, operations } from "../../../contracts/operations.ts";
import type { Millis } from "../../../contracts/values.ts";
import { isMysqlKind } from "../../schedule/mysql-faults.ts";
import { hasFresh, scenarioOfNumber } from "../../schedule/scenario.ts";
import { type Planned, type Schedule, versionStepsOf } from "../../schedule/schedule.ts";
import { statementOf } from "../../schedule/statements.ts";
import { targetOf } from "../../schedule/targets.ts";
import { servedStatus, type TimedExchange } from "../calls.ts";
import type { FaultEvent, HistoryEvent, RunEvent } from "../event.ts";
import { excusesIn } from "./excuses.ts";
import { type JudgedNotices, judgedNotices, type NoticeTimes } from "./notices.ts";

/** The exchanges of a history as the model of the service judges them. */

/** A departure from what the model allows, with the exchange that it was seen in. */
export interface ModelDeparture {
  exchange: TimedExchange;
  /** The job's id; null where it is about none. */
  job: string | null;
  problem: string;
}

export interface Modelled {
  departures: ModelDeparture[];
  /** Exchanges of which too much was possible to be judged. */
  unjudged: number;
  notices: JudgedNotices;
}

/** Clocks on one machine, read by several processes. */
const clockErrorMs: Millis = 250;

export function modelled(
  run: RunEvent,
  events: readonly HistoryEvent[],
  troubled: NoticeTimes["troubled"],
): Modelled {
  const { epoch, timeScale = 1 } = run;
  const start = epoch ?? 0;
  const wall = (at: Millis) => start + at * timeScale;
  const faults = events.filter((event) => event.kind === "fault");
  const isExcused = excusesIn(run.schedule, events);
  const isTold = faults.length > 0 && faults.every(({ index }) => isSaid(run.schedule.faults[index]));
  // What a fault holds goes on when that is over, and whoever serves it then has its time for it.
  const carriedUntil = troubled === null ? undefined : wall(troubled.to + run.limits.requestMs);
  const exchangeOf = new Map<ModelCall, TimedExchange>();
  const calls: ModelCall[] = [];
  for (const event of events) {
    if (event.kind !== "exchange" || !isOfService(event)) continue;
    const known = callOf(event, wall, isExcused(event), isTold);
    if (known === null) continue;
    const late = Math.max(known.returned, carriedUntil ?? Number.POSITIVE_INFINITY);
    const call = isUnanswered(known) ? { ...known, carriedUntil: late } : known;
    calls.push(call);
    exchangeOf.set(call, event);
    if (faults.length > 0 && isDoubled(event, run, faults)) calls.push(unseenCopy(call));
  }
  const limits = limitsOf(run, events);
  const { departures, unjudged } = judgeCalls(calls, start, limits);
  return {
    departures: departures.flatMap(({ call, job, problem }) => {
      const exchange = exchangeOf.get(call);
      return exchange === undefined ? [] : [{ exchange, job, problem }];
    }),
    unjudged,
    notices: judgedNotices(run, events, calls, { wall, clockErrorMs: limits.clockErrorMs, troubled }),
  };
}

/**
 * Until when a history that goes on is to wait for notices that have not come, as its events tell time; negative infinity where
 * none is awaited.
 */
export function noticesAwaitedUntil(
  events: readonly HistoryEvent[],
  troubled: NoticeTimes["troubled"],
): Millis {
  const run = events.find((event) => event.kind === "run");
  if (run?.kind !== "run" || run.notices === undefined) return Number.NEGATIVE_INFINITY;
  const { epoch, timeScale = 1 } = run;
  return (modelled(run, events, troubled).notices.awaitedUntil - (epoch ?? 0)) / timeScale;
}

/** What the database itself said, in its own words. */
const isSaid = (planned: Planned | undefined): boolean =>
  planned !== undefined && isMysqlKind(planned.fault.kind);

const isOfService = ({ link, operation }: TimedExchange): boolean =>
  (link === "customer->api" || link === "worker->api") &&
  operation !== null &&
  Object.hasOwn(operations, operation);

/** Null for a call that surely never came to the service. */
function callOf(
  event: TimedExchange,
  wall: (at: Millis) => Millis,
  excused: boolean,
  isTold: boolean,
): ModelCall | null {
  const { operation, by, generation, customer, probe, sent, at, servedAt, outcome, request, reply } = event;
  const { headers, release } = event;
  const status = servedStatus(event);
  if (status === null && outcome === "fail") return null;
  return {
    operation: operation as OperationId,
    by,
    account: customer === undefined ? null : { name: customer, cluster: customer },
    generation,
    sent: wall(sent),
    returned: wall(servedAt ?? at),
    request: fieldsIn(request),
    status,
    reply,
    probe,
    headers,
    excused,
    isTold,
    release,
  };
}

/** Whether a fault made the request arrive twice: of one of the copies nobody has seen the answer. */
const isDoubled = (
  event: TimedExchange,
  { schedule }: RunEvent,
  faults: readonly (HistoryEvent & FaultEvent)[],
): boolean =>
  faults.some(({ index, at }) => {
    const planned = schedule.faults[index];
    return (
      planned?.fault.kind === "duplicate" &&
      planned.at.link === event.link &&
      planned.at.operation === event.operation &&
      event.sent <= at &&
      at <= (event.servedAt ?? event.at)
    );
  });

/** It came before the other one. */
const unseenCopy = (call: ModelCall): ModelCall => ({
  ...call,
  status: null,
  reply: undefined,
  carriedUntil: doneBy(call),
});

const limitsOf = (
  { limits: { leaseMs }, laterLimits = [], timeScale = 1, epoch, schedule, scenarios }: RunEvent,
  events: readonly HistoryEvent[],
): ModelLimits => ({
  leaseMs: leaseMs * timeScale,
  laterLeases: laterLimits.map((limits) => limits.leaseMs * timeScale),
  clockErrorMs: (epoch === null ? 0 : clockErrorMs) + clockErrorOf(events, schedule) * timeScale,
  rowsOf: (query) => {
    const scenario = scenarioOfNumber(schedule, scenarios, targetOf(query)?.number ?? 0);
    if (scenario === undefined || hasFresh(scenario.source)) return null;
    return statementOf(scenario.statement).result !== "none" ? scenario.source.rows : null;
  },
  counted: events.flatMap((event) => {
    if (event.kind !== "rows") return [];
    const { customer, database, table, rows, sent, at } = event;
    const wall = (when: Millis) => (epoch ?? 0) + when * timeScale;
    return [{ account: customer, database, table, rows, sent: wall(sent), returned: wall(at) }];
  }),
  isOneBuild: schedule.releases.beside === undefined && versionStepsOf(schedule).length === 0,
  destinationOf: destinations(),
});

/** What URLs mean. The same few are asked about at every claim in every past that is possible: each is read once. */
function destinations(): ModelLimits["destinationOf"] {
  const known = new Map<string, Fields | null>();
  return (url) => {
    const before = known.get(url);
    if (before !== undefined) return before;
    const parsed = parseDestination(url);
    const settings = parsed.ok ? plain(parsed.settings) : null;
    known.set(url, settings);
    return settings;
  };
}

/** A secret that stood percent-encoded in a URL is the same secret in the settings: so are their tokens. */
const plain = (settings: Fields): Fields =>
  Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      name,
      typeof value === "string" ? value.replaceAll(/\*{3}(\d+):\w+\*{3}/g, "***$1***") : value,
    ]),
  );

/**
 * By how much the API's clock may have been wrong at any moment: the sum of all its jumps that took hold. Only the API's
 * clock is one that others see: it counts the leases, and its times are what customers are shown.
 */
export const clockErrorOf = (events: readonly HistoryEvent[], { faults }: Pick<Schedule, "faults">): Millis =>
  events.reduce((sum, event) => {
    const fault = event.kind === "fault" ? faults[event.index]?.fault : undefined;
    return fault?.kind === "clock" && fault.process === "api" ? sum + Math.abs(fault.ms) : sum;
  }, 0);
