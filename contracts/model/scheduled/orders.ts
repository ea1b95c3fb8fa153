import { isDeepStrictEqual } from "node:util";
import { integerDigits } from "../../bounds/wide-integers.ts";
import type { QueryType } from "../../job.ts";
import type { Millis } from "../../values.ts";
import { type Fields, fieldsIn, isUnanswered, type ModelCall, type ModelLimits } from "../call.ts";
import type { WordedOrder } from "../worded-orders.ts";
import { isAlike } from "./known.ts";
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
  const all = new Map<string, Timed | null>();
  return own.flatMap((call, i): WordedOrder[] => {
    const key = scheduledKey(call);
    if (key === null) return [];
    const known = all.get(key) ?? null;
    if (isRun(call))
      return runOrders(call, known === null || known.lost !== undefined ? null : known.settings);
    const next = changesIt(call) ? afterChange(call, known) : undefined;
    if (next === undefined) return [];
    const isCreate = call.operation === "scheduled_query.create";
    // One that was sent again asks for what there is, if the first one has had its effect.
    const isAgain = isCreate && (known === null || isDeepStrictEqual(known.settings, next?.settings));
    if (!isUnanswered(call) || isAgain) all.set(key, next);
    else if (next !== null) all.set(key, unlessSame(call, known, next));
    if (next === null) return [];
    const until = untilChange(own.slice(i + 1), key) ?? end;
    return dueOrders(call, next, until, clockErrorMs);
  });
}

/** Settings, and since when it has been due at their times. */
interface Timed {
  settings: Settings;
  since: Millis;
  /** An update that may have come about. */
  lost?: ModelCall;
}

/** What there may be after an update that was not answered, until the same one is. */
function unlessSame(call: ModelCall, known: Timed | null, next: Timed): Timed | null {
  if (known === null || call.operation !== "scheduled_query.update") return null;
  // What had its effect before has none again.
  return known.lost === undefined && isDeepStrictEqual(known.settings, next.settings)
    ? known
    : { ...known, lost: call };
}

/** What there is if the call has had its effect: null where it is not known, or there is none; undefined where nothing has changed. */
function afterChange(call: ModelCall, before: Timed | null): Timed | null | undefined {
  if (call.status !== 200 && !isUnanswered(call)) return undefined;
  switch (call.operation) {
    case "scheduled_query.create":
      return { settings: settingsOfCreate(call), since: call.sent };
    case "scheduled_query.update": {
      if (before === null || (before.lost !== undefined && !isAlike(before.lost, call))) return null;
      const settings = settingsAfter(before.settings, call);
      return { settings, since: isTimedAlike(settings, before.settings) ? before.since : call.sent };
    }
    default:
      return null;
  }
}

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
