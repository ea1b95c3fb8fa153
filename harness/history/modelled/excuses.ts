import type { Millis } from "../../../contracts/values.ts";
import type { Effect } from "../../schedule/effect.ts";
import { effectOf, lastsMs, processOf } from "../../schedule/faults.ts";
import { type Schedule, versionStepsOf } from "../../schedule/schedule.ts";
import { isApi } from "../../world/is-api.ts";
import type { TimedExchange } from "../calls.ts";
import type { HistoryEvent } from "../event.ts";

/**
 * Whether a fault may explain that the service failed at a call. In a run in which releases are changed and nothing else is
 * broken, only calls that overlap the time in which the process of the API that answers goes down or is down are excused;
 * otherwise all calls after the first fault.
 */
export function excusesIn(
  schedule: Schedule,
  events: readonly HistoryEvent[],
): (exchange: TimedExchange) => boolean {
  const faults = events.filter((event) => event.kind === "fault");
  if (faults.length === 0) return () => false;
  if (isOfStepsAlone(schedule)) {
    const downs = downsOf(events);
    return ({ server, sent, at, servedAt = at }) =>
      downs.some(({ name, from, to }) => (server ?? name) === name && sent <= to && from <= servedAt);
  }
  const troubledAt = Math.min(...faults.map(({ at }) => at));
  return ({ at, servedAt = at }) => troubledAt <= servedAt;
}

/** What an operator does while everything goes on. */
const operating: ReadonlySet<Effect["does"]> = new Set(["set", "share"]);
const ending: ReadonlySet<Effect["does"]> = new Set(["kill", "stop", "surge", "cancel", ...operating]);

/** Version steps or those of an operator, and faults that end a process or a job. */
const isOfStepsAlone = (schedule: Schedule): boolean =>
  (versionStepsOf(schedule).length > 0 ||
    schedule.faults.some(({ fault }) => operating.has(effectOf(fault).does))) &&
  schedule.faults.every(({ fault }) => processOf(fault) !== "database" && ending.has(effectOf(fault).does));

/** From when to when a process of the API is on its way down, or down. */
interface Down {
  name: string;
  from: Millis;
  to: Millis;
}

function downsOf(events: readonly HistoryEvent[]): Down[] {
  const names = new Set(events.flatMap((event) => (event.kind === "component" ? event.component : [])));
  return [...names].filter(isApi).flatMap((name) => {
    const downs: Down[] = [];
    for (const event of events) {
      if (event.kind !== "component" || event.component !== name) continue;
      const open = downs.at(-1);
      const isOpen = open?.to === Number.POSITIVE_INFINITY;
      const isOver = event.what === "started" || event.what === "retired";
      if (isOver && isOpen) open.to = event.at;
      else if ((event.what === "stopping" || event.what === "exited") && !isOpen)
        downs.push({ name, from: event.at, to: Number.POSITIVE_INFINITY });
    }
    return downs;
  });
}

/** The first and the last moment at which a fault was at work; null without faults. */
export function troubleOf(
  events: readonly HistoryEvent[],
  schedule: Schedule,
): { from: Millis; to: Millis } | null {
  const spans = events.flatMap((event) => {
    if (event.kind !== "fault") return [];
    const fault = schedule.faults[event.index]?.fault;
    const ms = fault === undefined ? 0 : (lastsMs(fault) ?? 0);
    return [{ from: event.at, to: event.at + ms }];
  });
  if (spans.length === 0) return null;
  return { from: Math.min(...spans.map(({ from }) => from)), to: Math.max(...spans.map(({ to }) => to)) };
}
