import {
  type Cron,
  daysToDue,
  isDueAt,
  isOnDay,
  type LocalDate,
  localDate,
  localTime,
} from "../../scheduled/cron.ts";
import type { Millis } from "../../values.ts";
import { cronOf, type Settings } from "./settings.ts";

/** The next due time, however far away: days are found in the calendar, and clocks are asked of those alone. */

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
/** Within them each day of a calendar comes, 29 February too. */
const searchedDays = 9 * 366;

/** The first due time after a moment; null where there is none. */
export function nextDueTime(settings: Settings, after: Millis): Millis | null {
  const read = cronOf(settings);
  if (read === undefined) return null;
  const zone = String(settings.timezone);
  const first = Math.floor(after / minuteMs + 1) * minuteMs;
  if (isDueAt(read, zone, first)) return first;
  const local = localTime(after, zone);
  const { year, month, day } = local;
  const toDue = (from: number) => daysToDue(read, local, from, searchedDays - 1);
  // Clocks that are put back at midnight bring the end of the day before once more.
  for (let i = toDue(-1); i !== null; i = toDue(i + 1)) {
    const date = localDate(year, month, day + i);
    const next = localDate(year, month, day + i + 1);
    const found = [date, ...(isOnDay(read, next) ? [next] : [])]
      .map((one) => firstOn(one, read, zone, after))
      .filter((at) => at !== null);
    if (found.length > 0) return Math.min(...found);
  }
  return null;
}

/** The first due time on a day of the calendar that is later than a moment. */
function firstOn(date: LocalDate, cron: Cron, zone: string, after: Millis): Millis | null {
  const midnight = Date.UTC(date.year, date.month - 1, date.day);
  // A zone is never farther from UTC than 15 hours, and changes its offset once in these days at most.
  const offsets = new Set([-dayMs, 2 * dayMs].map((by) => offsetAt(midnight + by, zone)));
  const firsts = [...offsets].flatMap((offset) => {
    for (const hour of [...cron.hours].sort(upwards))
      for (const minute of [...cron.minutes].sort(upwards)) {
        const at = midnight + hour * hourMs + minute * minuteMs - offset;
        if (at > after && isDueAt(cron, zone, at) && localTime(at, zone).day === date.day) return [at];
      }
    return [];
  });
  return firsts.length === 0 ? null : Math.min(...firsts);
}

const upwards = (a: number, b: number): number => a - b;

function offsetAt(at: Millis, zone: string): Millis {
  const { year, month, day, hour, minute } = localTime(at, zone);
  return Date.UTC(year, month - 1, day, hour, minute) - Math.floor(at / minuteMs) * minuteMs;
}
