import type { Millis } from "../values.ts";

/**
 * When a scheduled query is due: five fields, minute, hour, day of the month, month and day of the week (0 and 7 are
 * Sunday), each a list of `*`, a number or a range, all but a number with a step if wanted; or one of the words below. Where
 * both kinds of day are restricted, either is enough. It is due at each whole minute whose local time matches.
 */

export interface Cron {
  minutes: ReadonlySet<number>;
  hours: ReadonlySet<number>;
  days: ReadonlySet<number>;
  months: ReadonlySet<number>;
  weekdays: ReadonlySet<number>;
  /** Whether one of two kinds of day is enough. */
  isEitherDay: boolean;
}

const words: ReadonlyMap<string, string> = new Map([
  ["@hourly", "0 * * * *"],
  ["@daily", "0 0 * * *"],
  ["@monthly", "0 0 1 * *"],
]);

const spans = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const;

/** Undefined for a text that says no times. */
export function readCron(text: string): Cron | undefined {
  const fields = (words.get(text) ?? text).trim().split(/ +/);
  if (fields.length !== spans.length) return undefined;
  const read = spans.map((span, i) => readField(fields[i] as string, span));
  if (read.some((values) => values === undefined)) return undefined;
  const [minutes, hours, days, months, weekdays] = read as [Numbers, Numbers, Numbers, Numbers, Numbers];
  const isEitherDay = fields[2] !== "*" && fields[4] !== "*";
  return {
    minutes,
    hours,
    days,
    months,
    weekdays: new Set([...weekdays].map((day) => day % 7)),
    isEitherDay,
  };
}

type Numbers = ReadonlySet<number>;

function readField(field: string, [least, most]: readonly [number, number]): Numbers | undefined {
  const values = new Set<number>();
  for (const part of field.split(",")) {
    const [, star, from, to, step] = /^(?:(\*)|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/.exec(part) ?? [];
    if (star === undefined && from === undefined) return undefined;
    // A step needs something to step through.
    if (star === undefined && to === undefined && step !== undefined) return undefined;
    const first = star === undefined ? Number(from) : least;
    const last = star === undefined ? Number(to ?? from) : most;
    const by = Number(step ?? 1);
    if (first < least || last > most || first > last || by === 0) return undefined;
    for (let value = first; value <= last; value += by) values.add(value);
  }
  return values;
}

export interface LocalDate {
  year: number;
  month: number;
  day: number;
  /** 0 is Sunday. */
  weekday: number;
}

/** A moment as it is told in a time zone. */
export interface LocalTime extends LocalDate {
  minute: number;
  hour: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();
const mostFormats = 1_000;

function formatOf(timezone: string): Intl.DateTimeFormat {
  const known = formats.get(timezone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: timezone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  });
  // A name may be spelled in many ways, and it is customers who spell it.
  if (formats.size >= mostFormats) formats.clear();
  formats.set(timezone, format);
  return format;
}

/** Whether there is a time zone of this name. */
function isTimezone(name: string): boolean {
  try {
    return formatOf(name) !== undefined;
  } catch {
    return false;
  }
}

/** Why no times can be made of these settings; null where they can, or are left out. */
export function timesProblem({ cron, timezone }: { cron?: unknown; timezone?: unknown }): string | null {
  if (typeof cron === "string" && cron !== "" && readCron(cron) === undefined)
    return "cron: expected five fields, or @hourly, @daily or @monthly";
  if (typeof timezone === "string" && !isTimezone(timezone))
    return "timezone: expected the name of a time zone, as Asia/Tokyo";
  return null;
}

export function localTime(at: Millis, timezone: string): LocalTime {
  // Most are in it, and a formatter takes twenty times as long.
  if (timezone === "UTC" && at >= 0 && at <= lastMoment) return utcTime(at);
  const parts = formatOf(timezone).formatToParts(at);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const date = localDate(of("year"), of("month"), of("day"));
  return { ...date, minute: of("minute"), hour: of("hour") };
}

/** Of a date. */
const lastMoment: Millis = 8.64e15;

function utcTime(at: Millis): LocalTime {
  const date = new Date(at);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
    minute: date.getUTCMinutes(),
    hour: date.getUTCHours(),
  };
}

/** A date of the calendar; days after the last of a month are those of the next. */
export function localDate(year: number, month: number, day: number): LocalDate {
  const date = new Date(Date.UTC(year, month - 1, day));
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
  };
}

export function isOnDay(
  { days, months, weekdays, isEitherDay }: Cron,
  { day, month, weekday }: LocalDate,
): boolean {
  if (!months.has(month)) return false;
  return isEitherDay ? days.has(day) || weekdays.has(weekday) : days.has(day) && weekdays.has(weekday);
}

/**
 * How many days behind a date of the calendar the first one comes on which it may be due, of those from the first to the
 * last; null where none does.
 */
export function daysToDue(
  cron: Cron,
  { year, month, day }: Pick<LocalDate, "year" | "month" | "day">,
  first: number,
  last: number,
): number | null {
  for (let days = first; days <= last; ) {
    const date = localDate(year, month, day + days);
    if (isOnDay(cron, date)) return days;
    days += cron.months.has(date.month) ? 1 : daysLeft(date);
  }
  return null;
}

/** Until the first of the next month. */
const daysLeft = ({ year, month, day }: LocalDate): number => localDate(year, month + 1, 0).day - day + 1;

/** Whether a moment is one of the times. */
export function isDueAt(cron: Cron, timezone: string, at: Millis): boolean {
  return at % 60_000 === 0 && isOfTimes(cron, localTime(at, timezone));
}

/** Whether a whole minute is one of the times. */
export const isOfTimes = (cron: Cron, local: LocalTime): boolean =>
  cron.minutes.has(local.minute) && cron.hours.has(local.hour) && isOnDay(cron, local);
