import type { ModelCall } from "../../../contracts/model/call.ts";
import { judgeNotices, type ModelNotice } from "../../../contracts/model/scheduled/notices.ts";
import type { Millis } from "../../../contracts/values.ts";
import { apisOf, versionStepsOf } from "../../schedule/schedule.ts";
import { targetOf } from "../../schedule/targets.ts";
import type { HistoryEvent, NoticeEvent, RunEvent } from "../event.ts";

/** The notices of a history as the model of the service judges them. */

export interface NoticeProblem {
  text: string;
  /** Null where one is missing: that may be for want of time. */
  event: (HistoryEvent & NoticeEvent) | null;
}

/** What is known of the notices of each job's scheduled query, by the job's number; without an entry nothing is. */
export type NoticesByJob = ReadonlyMap<number, readonly NoticeProblem[]>;

export interface NoticeTimes {
  wall: (at: Millis) => Millis;
  clockErrorMs: Millis;
  troubled: { from: Millis; to: Millis } | null;
}

export function noticesByJob(
  { notices, schedule, timeScale = 1 }: RunEvent,
  events: readonly HistoryEvent[],
  calls: readonly ModelCall[],
  { wall, clockErrorMs, troubled }: NoticeTimes,
): NoticesByJob {
  const of = new Map<number, NoticeProblem[]>();
  if (notices === undefined) return of;
  const eventOf = new Map<ModelNotice, HistoryEvent & NoticeEvent>();
  for (const event of events) {
    if (event.kind !== "notice") continue;
    const { at, key, body, status } = event;
    eventOf.set({ at: wall(at), key, body, status }, event);
  }
  const { departures, tested } = judgeNotices(calls, [...eventOf.keys()], {
    clockErrorMs,
    withinMs: notices.withinMs * timeScale,
    accounts: notices.accounts,
    // While it goes on whatever has not come is missing.
    endsAt: wall(events.find(({ kind }) => kind === "final")?.at ?? Number.POSITIVE_INFINITY),
    troubled: troubled && { from: wall(troubled.from), to: wall(troubled.to) },
    allTell: isOfOneApi(schedule),
  });
  const numberOf = (name: string) => {
    const number = targetOf(name)?.number ?? 1;
    return number > schedule.workload.jobs.length ? 1 : number;
  };
  for (const name of tested) of.set(numberOf(name), of.get(numberOf(name)) ?? []);
  for (const { name, notice, problem } of departures) {
    const event = (notice && eventOf.get(notice)) ?? null;
    const text = event === null ? `${name}: ${problem}` : `notice ${event.key} of ${name}: ${problem}`;
    of.set(numberOf(name), [...(of.get(numberOf(name)) ?? []), { text, event }]);
  }
  return of;
}

const isOfOneApi = (schedule: RunEvent["schedule"]): boolean =>
  new Set(apisOf(schedule.releases).map(([, release]) => release)).size === 1 &&
  versionStepsOf(schedule).every(
    ({ process, release }) => process !== "api" || release === schedule.releases.api,
  );
