import { isDeepStrictEqual } from "node:util";
import { integerDigits } from "../../bounds/wide-integers.ts";
import type { QueryType } from "../../job.ts";
import type { Millis } from "../../values.ts";
import { doneBy, type Fields, fieldsIn, isUnanswered, type ModelCall, type ModelLimits } from "../call.ts";
import type { WordedOrder } from "../worded-orders.ts";
import {
  changesIt,
  dueTimes,
  isOfScheduled,
  isRun,
  isTimedAlike,
  type Settings,
  scheduledKey,
  settingsAfter,
  settingsOfCreate,
} from "./settings.ts";

/** The jobs of scheduled queries, as if each were issued as a query: those that are asked for, and those that are due. */

/** What a run tells of its jobs, in their order. */
export const jobsIn = ({ status, reply }: ModelCall): Fields[] => {
  const { jobs } = fieldsIn(reply);
  return status === 200 && Array.isArray(jobs) ? jobs.map(fieldsIn) : [];
};

export function scheduledOrders(
  calls: readonly ModelCall[],
  { clockErrorMs }: Pick<ModelLimits, "clockErrorMs">,
): WordedOrder[] {
  const own = calls.filter(isOfScheduled).sort((a, b) => a.sent - b.sent);
  if (own.length === 0) return [];
  const end = Math.max(...calls.map(({ returned, sent }) => (Number.isFinite(returned) ? returned : sent)));
  const all = new Map<string, readonly Timed[]>();
  return own.flatMap((call, i): WordedOrder[] => {
    const key = scheduledKey(call);
    if (key === null) return [];
    const known = all.get(key) ?? [];
    if (isRun(call)) {
      const [orders = [], ...others] = [
        ...known.map(({ settings }) => settings),
        ...(known.length === 0 ? [null] : []),
      ].map((settings) => runOrders(call, settings));
      return orders.map((order, n) => ({ ...order, others: others.flatMap((some) => some[n] ?? []) }));
    }
    if (!changesIt(call) || (call.status !== 200 && !isUnanswered(call))) return [];
    const open = own.slice(0, i).filter((one) => isOpenAt(call, one) && scheduledKey(one) === key);
    const next = reachable(isUnanswered(call) ? [...known, ...after(call, known)] : after(call, known), open);
    all.set(key, next);
    const until = untilChange(own.slice(i + 1), key) ?? end;
    // Those that go on without an answer are ordered already.
    const begun = isUnanswered(call) ? next.filter((one) => !known.includes(one)) : next;
    return begun.flatMap((timed) => dueOrders(call, timed, until, clockErrorMs));
  });
}

/** Settings that it may have, and since when it has been due at their times. */
interface Timed {
  settings: Settings;
  since: Millis;
}

/** Whether a change that was sent before may have its effect after this one. */
const isOpenAt = (call: ModelCall, one: ModelCall): boolean =>
  changesIt(one) && (one.status === 200 || isUnanswered(one)) && doneBy(one) > call.sent;

/** What there is after a call, of each that may have been before; nothing where there is none, or nobody knows. */
function after(call: ModelCall, before: readonly Timed[]): Timed[] {
  switch (call.operation) {
    case "scheduled_query.create":
      return [{ settings: settingsOfCreate(call), since: call.sent }];
    case "scheduled_query.update":
      return before.map((one) => {
        const settings = settingsAfter(one.settings, call);
        return { settings, since: isTimedAlike(settings, one.settings) ? one.since : call.sent };
      });
    default:
      return [];
  }
}

/** With all that each can become by calls that are on their way. */
function reachable(from: readonly Timed[], open: readonly ModelCall[]): Timed[] {
  const reached: Timed[] = [];
  // What is there is made once.
  const mayBeGone = from.length === 0 || open.some(({ operation }) => operation === "scheduled_query.delete");
  const left = [...from, ...(mayBeGone ? open.filter(isCreate).flatMap((call) => after(call, [])) : [])];
  for (let one = left.shift(); one !== undefined; one = left.shift()) {
    const { settings } = one;
    if (reached.some((other) => isDeepStrictEqual(other.settings, settings))) continue;
    reached.push(one);
    for (const call of open) if (!isCreate(call)) left.push(...after(call, [one]));
  }
  return reached;
}

const isCreate = ({ operation }: ModelCall): boolean => operation === "scheduled_query.create";

/** When the next change was surely done. */
const untilChange = (later: readonly ModelCall[], key: string): Millis | undefined =>
  later.find((call) => changesIt(call) && call.status === 200 && scheduledKey(call) === key)?.returned;

const orderOf = (call: ModelCall, settings: Settings | null, type: unknown, more: Fields): WordedOrder => {
  const { database, query, result, priority, retry_limit } = settings ?? {};
  return {
    ...call,
    operation: "job.issue",
    shownType: type as QueryType,
    doneBy: call.status === 200 ? call.returned : null,
    ...(settings === null ? { isOpen: true as const } : {}),
    request: { type, database, query, result, priority, retry_limit, ...more },
  };
};

function runOrders(call: ModelCall, settings: Settings | null): WordedOrder[] {
  const key = call.request["domain_key"];
  const keyed = (i: number) => (i === 0 && key !== undefined ? { domain_key: key } : {});
  const jobs = jobsIn(call);
  const known = settings ?? null;
  if (jobs.length > 0)
    return jobs.map(({ job_id, type }, i) => {
      const order = orderOf(call, known, type, keyed(i));
      const id = integerDigits(job_id);
      return { ...order, reply: { job_id: id, job: id, database: known?.database } };
    });
  if (!isUnanswered(call)) return [orderOf(call, known, known?.type, keyed(0))];
  const num = Math.max(1, Number(call.request["num"] ?? 1));
  return Array.from({ length: num }, (_, i) => orderOf(call, known, known?.type, keyed(i)));
}

/** Each due time, by whatever clock the service has, is as an order that nobody has heard of. */
function dueOrders(
  call: ModelCall,
  { settings, since }: Timed,
  until: Millis,
  clockErrorMs: Millis,
): WordedOrder[] {
  const times = dueTimes(settings, since - clockErrorMs, until + clockErrorMs) ?? [];
  return times.map((at) => ({
    ...orderOf({ ...call, status: null, reply: undefined }, settings, settings.type, {}),
    sent: Math.max(call.sent, at + Number(settings.delay) * 1000 - clockErrorMs),
    doneBy: null,
  }));
}
