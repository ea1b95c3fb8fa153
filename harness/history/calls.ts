import type { Step, StepFacts } from "../../contracts/step.ts";
import { factsOf, stepOf } from "../../contracts/steps.ts";
import type { Millis } from "../../contracts/values.ts";
import { numberOfKey, targetOf } from "../schedule/targets.ts";
import type { ExchangeEvent, FinalEvent, HistoryEvent } from "./event.ts";

export type TimedExchange = HistoryEvent & ExchangeEvent;

/** An exchange with what it means in the life of its job. */
export type Call = TimedExchange & {
  step: Step | undefined;
  /** As the service answered, whether or not its answer arrived. */
  facts: StepFacts;
};

export interface CallsByJob {
  /** By number in the workload. */
  of: ReadonlyMap<number, Call[]>;
  /** Exchanges about no job of the workload: idle claims, lists, calls to nothing. */
  loose: TimedExchange[];
}

/** The exchanges of a history by the job that they are about, in one pass: a matrix has thousands of both. */
export function callsByJob(exchanges: readonly TimedExchange[], finals: readonly FinalEvent[]): CallsByJob {
  const of = new Map<number, Call[]>(finals.map(({ number }) => [number, []]));
  const byId = ownersById(of, finals);
  const loose: TimedExchange[] = [];
  for (const exchange of exchanges) {
    const step = stepOf(exchange.operation);
    const owners = (exchange.job === null ? undefined : byId.get(exchange.job)) ?? nobody;
    if (owners.length === 0 && step !== "issue") {
      loose.push(exchange);
      continue;
    }
    const call: Call = { ...exchange, step, facts: factsAt(exchange) };
    const named = step === "issue" ? of.get(numberNamed(call.facts) ?? 0) : undefined;
    for (const calls of owners) calls.push(call);
    if (named !== undefined && !owners.includes(named)) named.push(call);
    if (named === undefined && owners.length === 0) loose.push(exchange);
  }
  return { of, loose };
}

const nobody: readonly Call[][] = [];

/** An API that is wrong may give one id to several jobs. */
function ownersById(of: ReadonlyMap<number, Call[]>, finals: readonly FinalEvent[]): Map<string, Call[][]> {
  const owners = new Map<string, Call[][]>();
  for (const { job, number } of finals) {
    if (job === null) continue;
    owners.set(job, [...(owners.get(job) ?? []), of.get(number) as Call[]]);
  }
  return owners;
}

const factsAt = (exchange: ExchangeEvent): StepFacts =>
  factsOf(exchange.operation, {
    request: exchange.request,
    status: servedStatus(exchange),
    reply: exchange.reply,
  });

/** A job has no id before the API gives it one: until then its key stands for it, or the target that its query names. */
const numberNamed = ({ key, query }: StepFacts): number | null =>
  key === undefined ? (targetOf(query)?.number ?? null) : numberOfKey(key);

/** The status that the service answered, whether or not the answer arrived. */
export const servedStatus = ({ status, served }: ExchangeEvent): number | null =>
  served === undefined ? status : served;

/** The latest moment at which the service can have done what the call asked for. */
export const takenAt = ({ at, servedAt }: TimedExchange): Millis => servedAt ?? at;

/** Whether the caller got the service's own answer. */
export const wasTold = ({ served }: ExchangeEvent): boolean => served === undefined;
