import { apiEndsWithinMs } from "../../../contracts/promises/limits.ts";
import type { Millis } from "../../../contracts/values.ts";
import { type Effect, type Meant } from "../../schedule/effect.ts";
import { effectOf, lastsMs } from "../../schedule/faults.ts";
import type { Fault } from "../../schedule/schedule.ts";
import { isApi } from "../../world/is-api.ts";
import type { ComponentEvent, FaultEvent, HistoryEvent, RunEvent } from "../event.ts";

/** How processes of a run came to their ends. */
export interface Ends {
  /** When which process died, for a while or for ever. */
  deaths: readonly { process: string; at: Millis }[];
  /** Processes that died and never came back. */
  gone: readonly string[];
  /** Processes that ended and have another one in their place, but not on their disk. */
  retired: readonly string[];
  /** Processes of the API that were asked to end: of one job, those at calls about it; the first job has those at other calls. */
  waysDown: readonly WayDown[];
}

/** A process that was asked to end. */
export interface WayDown {
  process: string;
  asked: Told;
  /** How long it was given before it would be killed. */
  graceMs: Millis;
  /** So long it may take. */
  withinMs: Millis;
  /** When it had ended, by itself or by force; null where it never had. */
  ended: Told | null;
  /** When nothing else was at work any more that may have kept it. */
  freeFrom: Millis;
  /** The job at whose call it was asked; null for none. */
  job: number | null;
}

type Told = HistoryEvent & ComponentEvent;
type Fired = HistoryEvent & FaultEvent;

export function endsOf(events: readonly HistoryEvent[], run: RunEvent): Ends {
  const ends = events.filter(isEnd);
  const named = (which: (end: ComponentEvent) => boolean) =>
    ends.filter(which).map(({ component }) => component);
  return {
    deaths: ends.map(({ component, at }) => ({ process: component, at })),
    gone: named(({ what, detail }) => what === "exited" && detail === "for ever"),
    retired: named(({ what }) => what === "retired"),
    waysDown: waysDownIn(events, run),
  };
}

/** In the order in which they were asked to end. */
function waysDownIn(events: readonly HistoryEvent[], { schedule, timeScale = 1 }: RunEvent): WayDown[] {
  const fired = events.filter((event) => event.kind === "fault");
  const faultOf = ({ index }: FaultEvent): Fault | undefined => schedule.faults[index]?.fault;
  return events.flatMap((asked): WayDown[] => {
    if (asked.kind !== "component" || asked.what !== "stopping" || !isApi(asked.component)) return [];
    const { component: process } = asked;
    const by = fired.findLast((one) => one.seq < asked.seq && asksToEnd(faultOf(one), process));
    const effect = by === undefined ? undefined : effectIn(faultOf(by));
    if (by === undefined || effect === undefined || !("graceMs" in effect)) return [];
    const ended = events.find((one) => one.seq > asked.seq && isEnd(one) && one.component === process);
    return [
      {
        process,
        asked,
        graceMs: effect.graceMs,
        withinMs: apiEndsWithinMs / timeScale,
        ended: (ended as Told | undefined) ?? null,
        freeFrom: Math.max(asked.at, ...fired.filter((one) => isHindrance(faultOf(one))).map(lastsUntil)),
        job: schedule.faults[by.index]?.at.job ?? null,
      },
    ];
  });

  function lastsUntil(one: Fired): Millis {
    const fault = faultOf(one);
    return one.at + (fault === undefined ? 0 : (lastsMs(fault) ?? Number.POSITIVE_INFINITY));
  }
}

const isEnd = (event: HistoryEvent): event is Told =>
  event.kind === "component" && (event.what === "exited" || event.what === "retired");

const effectIn = (fault: Fault | undefined): Effect | undefined =>
  fault === undefined ? undefined : effectOf(fault);

function asksToEnd(fault: Fault | undefined, process: string): boolean {
  const effect = effectIn(fault);
  if (effect === undefined || (effect.does !== "stop" && effect.does !== "surge")) return false;
  const { process: kind, name }: Meant = effect;
  return name === undefined ? kind === "api" : name === process;
}

/** That others end, a customer wants a job to, or an operator changes a setting keeps no process from ending. */
const harmless: ReadonlySet<Effect["does"]> = new Set(["kill", "stop", "surge", "cancel", "set", "share"]);

function isHindrance(fault: Fault | undefined): boolean {
  const effect = effectIn(fault);
  if (effect === undefined) return false;
  return !harmless.has(effect.does) || ("process" in effect && effect.process === "database");
}
