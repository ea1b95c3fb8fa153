import type { ModelCall } from "../../../contracts/model/call.ts";
import type { ModelNotice } from "../../../contracts/model/scheduled/notice-form.ts";
import { judgeNotices } from "../../../contracts/model/scheduled/notices.ts";
import type { Millis } from "../../../contracts/values.ts";
import type { Effect } from "../../schedule/effect.ts";
import { effectOf } from "../../schedule/faults.ts";
import { apisOf, type Planned, versionStepsOf } from "../../schedule/schedule.ts";
import { targetOf } from "../../schedule/targets.ts";
import type { HistoryEvent, NoticeEvent, RunEvent } from "../event.ts";

/** The notices of a history as the model of the service judges them. */

export interface NoticeProblem {
  text: string;
  /** Null where one is missing. */
  event: (HistoryEvent & NoticeEvent) | null;
  /** Whether it may be for want of time on the machine. */
  isOfTime: boolean;
}

/** What is known of the notices of each job's scheduled query, by the job's number; without an entry nothing is. */
export type NoticesByJob = ReadonlyMap<number, readonly NoticeProblem[]>;

export interface JudgedNotices {
  byJob: NoticesByJob;
  /** Until when notices that have not come are waited for, as of the service; negative infinity where none is. */
  awaitedUntil: Millis;
}

export interface NoticeTimes {
  wall: (at: Millis) => Millis;
  clockErrorMs: Millis;
  troubled: { from: Millis; to: Millis } | null;
}

export function judgedNotices(
  { notices, schedule, timeScale = 1 }: RunEvent,
  events: readonly HistoryEvent[],
  calls: readonly ModelCall[],
  { wall, clockErrorMs, troubled }: NoticeTimes,
): JudgedNotices {
  const of = new Map<number, NoticeProblem[]>();
  if (notices === undefined) return { byJob: of, awaitedUntil: Number.NEGATIVE_INFINITY };
  const eventOf = new Map<ModelNotice, HistoryEvent & NoticeEvent>();
  for (const event of events) {
    if (event.kind !== "notice") continue;
    const { at, key, body, status, method, path = null, mediaType = null } = event;
    const request = method === undefined ? undefined : { method, path, mediaType };
    eventOf.set({ at: wall(at), key, body, status, request }, event);
  }
  const { departures, awaitedUntil, tested } = judgeNotices(calls, [...eventOf.keys()], {
    clockErrorMs,
    withinMs: notices.withinMs * timeScale,
    accounts: notices.accounts,
    // While it goes on whatever has not come is missing.
    endsAt: wall(events.find(({ kind }) => kind === "final")?.at ?? Number.POSITIVE_INFINITY),
    troubled: troubled && { from: wall(troubled.from), to: wall(troubled.to) },
    isPaced: events.every((event) => event.kind !== "fault" || keepsPace(schedule.faults[event.index])),
    allTell: isOfOneApi(schedule),
    path: notices.path,
  });
  const numberOf = (name: string) => {
    const number = targetOf(name)?.number ?? 1;
    return number > schedule.workload.jobs.length ? 1 : number;
  };
  for (const name of tested) of.set(numberOf(name), of.get(numberOf(name)) ?? []);
  for (const { name, notice, problem, isOfTime } of departures) {
    const event = (notice && eventOf.get(notice)) ?? null;
    const text = event === null ? `${name}: ${problem}` : `notice ${event.key} of ${name}: ${problem}`;
    of.set(numberOf(name), [...(of.get(numberOf(name)) ?? []), { text, event, isOfTime }]);
  }
  return { byJob: of, awaitedUntil };
}

/** What holds a try back or doubles it, or sets a clock, changes when tries come. */
const unpaced: ReadonlySet<Effect["does"]> = new Set(["hold", "stall", "repeat", "pause", "skew"]);

const keepsPace = (planned: Planned | undefined): boolean =>
  planned !== undefined && !unpaced.has(effectOf(planned.fault).does);

const isOfOneApi = (schedule: RunEvent["schedule"]): boolean =>
  new Set(apisOf(schedule.releases).map(([, release]) => release)).size === 1 &&
  versionStepsOf(schedule).every(
    ({ process, release }) => process !== "api" || release === schedule.releases.api,
  );
