import { redactDestination } from "../../destination.ts";
import { scheduledDefaults } from "../../operations/scheduled-queries.ts";
import { type Cron, isDueAt, readCron, timesProblem } from "../../scheduled/cron.ts";
import { formatTimestamp, type Millis } from "../../values.ts";
import { doneBy, type Fields, isUnanswered, type ModelCall } from "../call.ts";

/** What a scheduled query is like, by what its customer has said of it. */

export const isOfScheduled = ({ operation }: ModelCall): boolean => operation.startsWith("scheduled_query.");
export const isRun = ({ operation }: ModelCall): boolean => operation === "scheduled_query.run";

/** One of a customer's scheduled queries; null for a call that names none. */
export const scheduledKey = ({ account, request }: ModelCall): string | null =>
  account === null || typeof request["name"] !== "string" ? null : `${account.name}/${request["name"]}`;

/** What changes whether it is there, or how it is. */
export const changesIt = ({ operation }: ModelCall): boolean =>
  /^scheduled_query\.(create|update|delete)$/.test(operation);

/** Whether what the call names was surely there for as long as it was under way. */
export function isSurelyThere(call: ModelCall, calls: readonly ModelCall[]): boolean {
  const key = scheduledKey(call);
  const own = key === null ? [] : calls.filter((one) => isOfScheduled(one) && scheduledKey(one) === key);
  const deletions = own.filter(
    (one) => one.operation === "scheduled_query.delete" && (one.status === 200 || isUnanswered(one)),
  );
  return own.some(
    (made) =>
      made.operation === "scheduled_query.create" &&
      made.status === 200 &&
      made.returned < call.sent &&
      deletions.every((one) => doneBy(one) < made.sent || one.sent > call.returned),
  );
}

const fields = [
  "type",
  "database",
  "query",
  "cron",
  "timezone",
  "delay",
  "result",
  "priority",
  "retry_limit",
] as const;
export type Settings = Readonly<Record<(typeof fields)[number], unknown>>;

const defaults: Fields = { ...scheduledDefaults, cron: "", result: "" };
const numbers: ReadonlySet<string> = new Set(["delay", "priority", "retry_limit"]);

/** What is given takes the place of what was. */
export function settingsAfter(before: Fields, { request }: ModelCall): Settings {
  const value = (name: string) => {
    const given = request[name] ?? before[name];
    return numbers.has(name) ? Number(given) : given;
  };
  return Object.fromEntries(fields.map((name) => [name, value(name)])) as Settings;
}

export const settingsOfCreate = (call: ModelCall): Settings => settingsAfter(defaults, call);

/** Whether both are due at the same times: an update of anything else drops none that waits. */
export const isTimedAlike = (one: Settings, other: Settings | null): boolean =>
  one.cron === other?.cron && one.timezone === other?.timezone;

/** As a customer is shown them. */
export const shownSettings = (settings: Settings): Fields => ({
  ...settings,
  cron: settings.cron === "" ? null : settings.cron,
  result: settings.result === "" ? "" : redactDestination(String(settings.result)),
});

/** Undefined where it is never due, also where its time zone is none: a service may have taken one that it should not. */
export const cronOf = ({ cron, timezone }: Settings): Cron | undefined =>
  typeof cron === "string" && cron !== "" && timesProblem({ timezone: String(timezone) }) === null
    ? readCron(cron)
    : undefined;

/** Whether a moment is one of its due times; what is no moment is none. */
export function isDue(settings: Settings, at: Millis): boolean {
  const read = cronOf(settings);
  return read !== undefined && Number.isFinite(at) && isDueAt(read, String(settings.timezone), at);
}

const minuteMs = 60_000;
/** Of longer spans nothing is said: they are those of a service that has run before. */
const mostMinutes = 20_000;

/** Its due times after one moment and up to another; null for too long a span. */
export function dueTimes(settings: Settings, after: Millis, to: Millis): Millis[] | null {
  if (settings.cron === "") return [];
  const first = minuteBehind(after);
  if ((to - first) / minuteMs > mostMinutes) return null;
  const times: Millis[] = [];
  for (let at = first; at <= to; at += minuteMs) if (isDue(settings, at)) times.push(at);
  return times;
}

const minuteBehind = (at: Millis): Millis => Math.floor(at / minuteMs + 1) * minuteMs;

/** A time as it is told; NaN for what is none. */
export const timeIn = (told: unknown): Millis =>
  Date.parse(String(told).replace(" UTC", "Z").replace(" ", "T"));

export const toldTime = (seconds: unknown): string => formatTimestamp(Number(seconds) * 1000);
