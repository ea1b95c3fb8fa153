import type { Millis } from "../../values.ts";
import {
  type Departure,
  type Fields,
  fieldsIn,
  isUnanswered,
  type ModelCall,
  type ModelLimits,
} from "../call.ts";
import { dueTimes, isOfScheduled, isRun, scheduledKey, settingsAfter, settingsOfCreate } from "./settings.ts";

/**
 * Jobs that workers are handed beyond the due times and runs of a scheduled query: its history need not show them. Judged
 * where its query is no other order's.
 */
export function surplusDepartures(
  calls: readonly ModelCall[],
  limits: Pick<ModelLimits, "clockErrorMs">,
): Departure[] {
  const own = calls.filter((call) => isOfScheduled(call) && (call.status === 200 || isUnanswered(call)));
  if (own.length === 0) return [];
  const ordered = [...own, ...calls.filter(({ operation }) => operation === "job.issue")];
  const texts = Map.groupBy(ordered, ({ request }) => request["query"]);
  return own.flatMap((create) => {
    const isAlone = texts.get(create.request["query"])?.length === 1;
    return create.operation === "scheduled_query.create" && isAlone ? beyond(create, own, calls, limits) : [];
  });
}

function beyond(
  create: ModelCall,
  own: readonly ModelCall[],
  calls: readonly ModelCall[],
  { clockErrorMs }: Pick<ModelLimits, "clockErrorMs">,
): Departure[] {
  const its = own.filter((call) => scheduledKey(call) === scheduledKey(create));
  const updates = its.filter(({ operation }) => operation === "scheduled_query.update");
  // Of each settings that it may have had, all due times: rather too many than one too few.
  const timed = updates.reduce(
    (before, call) => [...before, { call, settings: settingsAfter(before.at(-1)?.settings as Fields, call) }],
    [{ call: create, settings: settingsOfCreate(create) }],
  );
  const most = (at: Millis): number => {
    const due = timed.map(({ call, settings }) => {
      const delayMs = Number(settings.delay) * 1000;
      const times = dueTimes(settings, call.sent - clockErrorMs, at + clockErrorMs - delayMs);
      return times?.length ?? Number.POSITIVE_INFINITY;
    });
    const asked = its.filter((call) => isRun(call) && call.sent <= at);
    return [...due, ...asked.map(({ request }) => Number(request["num"] ?? 1))].reduce(
      (sum, one) => sum + one,
    );
  };
  const seen = new Set<string>();
  return calls.flatMap((call): Departure[] => {
    const { job_id: id, query } = fieldsIn(fieldsIn(call.reply)["job"]);
    const isOne = call.operation === "worker.claim" && query === create.request["query"];
    if (!isOne || typeof id !== "string" || seen.has(id)) return [];
    seen.add(id);
    const problem = "its scheduled query has had a job for each of its due times and runs already";
    return seen.size > most(call.returned) ? [{ call, job: id, problem }] : [];
  });
}
