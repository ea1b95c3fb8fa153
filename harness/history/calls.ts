import type { Step, StepFacts } from "../../contracts/step.ts";
import { meaningOf } from "../../contracts/steps.ts";
import type { Millis } from "../../contracts/values.ts";
import { numberOfKey, targetOf } from "../schedule/targets.ts";
import type { ExchangeEvent, FinalEvent, HistoryEvent } from "./event.ts";

export type TimedExchange = HistoryEvent & ExchangeEvent;

/** An exchange with what it means in the life of its job. */
export interface Call {
  exchange: TimedExchange;
  step: Step | undefined;
  /** As the service answered, whether or not its answer arrived. */
  facts: StepFacts;
  by: string;
  sent: Millis;
  /** When its caller knew what became of it. */
  at: Millis;
  /** The latest moment at which the service can have done what the call asked for. */
  takenAt: Millis;
  outcome: ExchangeEvent["outcome"];
  /** The status that its caller got; null where no answer came. */
  status: number | null;
  /** The status that the service answered, whether or not the answer arrived. */
  served: number | null;
  /** Whether what its caller got is the service's own answer. */
  genuine: boolean;
}

/** The calls about one job, in the order of the history. */
export interface JobCalls {
  calls: readonly Call[];
  steps: Readonly<Record<Step, readonly Call[]>>;
}

export interface CallsByJob {
  /** By number in the workload. */
  of: ReadonlyMap<number, JobCalls>;
  /** Exchanges about no job of the workload: idle claims, lists, calls to nothing. */
  loose: TimedExchange[];
}

/** The exchanges of a history by the job that they are about, in one pass: a matrix has thousands of both. */
export function callsByJob(exchanges: readonly TimedExchange[], finals: readonly FinalEvent[]): CallsByJob {
  const of = new Map(finals.map(({ number }) => [number, new Gathered()]));
  const byId = ownersById(of, finals);
  // A visitor's text may look like that of a job of the workload; it is not one.
  const visited = new Set(finals.flatMap(({ visitor, number }) => (visitor === undefined ? [] : [number])));
  const loose: TimedExchange[] = [];
  for (const exchange of exchanges) {
    const meaning = meaningOf(exchange.operation);
    const owners = (exchange.job === null ? undefined : byId.get(exchange.job)) ?? nobody;
    if (owners.length === 0 && meaning?.step !== "issue" && meaning?.step !== "grant") {
      loose.push(exchange);
      continue;
    }
    const call = callOf(exchange, meaning);
    const number = isWithoutId(call) ? numberNamed(call.facts) : null;
    const named = number === null || visited.has(number) ? undefined : of.get(number);
    for (const owner of owners) owner.add(call);
    if (named !== undefined && !owners.includes(named)) named.add(call);
    if (named === undefined && owners.length === 0) loose.push(exchange);
  }
  return { of, loose };
}

class Gathered implements JobCalls {
  readonly calls: Call[] = [];
  readonly steps: Record<Step, Call[]> = {
    issue: [],
    look: [],
    list: [],
    read: [],
    cancel: [],
    grant: [],
    extend: [],
    register: [],
    receipt: [],
    report: [],
  };

  add(call: Call): void {
    this.calls.push(call);
    if (call.step !== undefined) this.steps[call.step].push(call);
  }
}

const nobody: readonly Gathered[] = [];
const nothing: StepFacts = {};

/** An API that is wrong may give one id to several jobs. */
function ownersById(
  of: ReadonlyMap<number, Gathered>,
  finals: readonly FinalEvent[],
): Map<string, Gathered[]> {
  const owners = new Map<string, Gathered[]>();
  for (const { job, number } of finals) {
    if (job === null) continue;
    owners.set(job, [...(owners.get(job) ?? []), of.get(number) as Gathered]);
  }
  return owners;
}

/** What workers of the system, and not the probe, did to get a job, in the order of the history; with and without success. */
export const claimsIn = (exchanges: readonly TimedExchange[]): Call[] =>
  exchanges.flatMap((exchange) => {
    const meaning = meaningOf(exchange.operation);
    return meaning?.step === "grant" && exchange.probe === undefined ? [callOf(exchange, meaning)] : [];
  });

function callOf(exchange: TimedExchange, meaning: ReturnType<typeof meaningOf>): Call {
  const { by, sent, at, servedAt, outcome, status, request, reply } = exchange;
  const served = servedStatus(exchange);
  return {
    exchange,
    step: meaning?.step,
    facts: meaning?.facts({ request, status: served, reply }) ?? nothing,
    by,
    sent,
    at,
    takenAt: servedAt ?? at,
    outcome,
    status,
    served,
    genuine: exchange.served === undefined,
  };
}

/** The status that the service answered, whether or not the answer arrived. */
export const servedStatus = ({ status, served }: ExchangeEvent): number | null =>
  served === undefined ? status : served;

/** A job has no id before the API gives it one, and is handed out under none that is text by an API that is wrong. */
const isWithoutId = ({ step, facts }: Call): boolean =>
  step === "issue" || (step === "grant" && facts.job === undefined);

/** Then its key stands for it, or the target that its query names. */
export const numberNamed = ({ key, query }: StepFacts): number | null =>
  key === undefined ? (targetOf(query)?.number ?? null) : numberOfKey(key);
