import { meaningOf } from "../../../contracts/steps.ts";
import { departuresOf } from "../../history/departures.ts";
import type { ComponentEvent, ExchangeEvent, HistoryEvent } from "../../history/event.ts";
import { exchangeInWords, stateRead } from "../../history/in-words.ts";
import { lastsMs } from "../../schedule/faults.ts";
import type { Planned, Schedule } from "../../schedule/schedule.ts";
import type { LinkName } from "../../schedule/site.ts";
import type { Band, PageEvent, Timeline, Tone } from "./data.ts";
import { Lanes } from "./lanes.ts";

/** Which events of a history a timeline tells, and of what it is. */
export interface Told {
  schedule: Pick<Schedule, "faults">;
  events: readonly HistoryEvent[];
  /** Whether what was asked and answered is told too. */
  isFull: boolean;
}

/** A lane for each party, what each did to another, and what was wrong with whom meanwhile. */
export function timelineOf({ schedule, events, isFull }: Told): Timeline {
  const lanes = new Lanes();
  const told = events.flatMap((event) => pageEvent(event, lanes, schedule, isFull));
  const bands = [...faultBands(events, schedule, lanes), ...absences(events, lanes)];
  const steps = events.flatMap((event) => {
    const fault = event.kind === "fault" ? schedule.faults[event.index]?.fault : undefined;
    if (fault === undefined || !("release" in fault)) return [];
    return [{ at: event.at, text: `${fault.name ?? fault.process} → ${fault.release}` }];
  });
  return lanes.placed({ events: told.sort((a, b) => a.at - b.at || a.seq - b.seq), bands, steps });
}

function pageEvent(
  event: HistoryEvent,
  lanes: Lanes,
  schedule: Told["schedule"],
  isFull: boolean,
): PageEvent[] {
  const { seq, at } = event;
  const base = { seq, at, until: at, more: "" };
  switch (event.kind) {
    case "exchange":
      return [exchangeIn(event, lanes, isFull)];
    case "fault": {
      const lane = laneOfFault(schedule.faults[event.index], lanes);
      return [{ ...base, from: lane, to: lane, tone: "fault", text: `FAULT ${event.what}` }];
    }
    case "component": {
      const lane = lanes.of(event.component);
      return [{ ...base, from: lane, to: lane, tone: "process", text: wordsOf(event) }];
    }
    case "notice": {
      const { by, status, body, key } = event;
      const text = `notice ${key ?? "without a key"}, ${status === null ? "whose answer was lost" : `answered ${status}`}`;
      const more = isFull ? inJson(body) : "";
      return [
        { ...base, from: lanes.of(by), to: lanes.of(calledOver["api->notices"]), tone: "look", text, more },
      ];
    }
    case "rows": {
      const text = `counted the rows of ${event.database}.${event.table} of ${event.customer}: ${event.rows ?? "no such table"}`;
      return [{ ...base, from: lanes.of("Interlock"), to: lanes.of("MySQL"), tone: "look", text }];
    }
    case "held": {
      const to = event.phase === "before" ? (event.destination ? "destination" : "MySQL") : "MySQL";
      const text = `looked ${event.phase} the API ${event.phase === "before" ? "had" : "had taken"} the report of ${event.by}`;
      const more = isFull ? inJson({ ...event, seq: undefined, at: undefined, kind: undefined }) : "";
      return [{ ...base, from: lanes.of("Interlock"), to: lanes.of(to), tone: "look", text, more }];
    }
    case "final": {
      const to = lanes.of(event.destination === undefined ? "MySQL" : "destination");
      const text = `last look: the database holds ${event.stored ?? "no job"}`;
      const more = isFull ? inJson({ ...event, seq: undefined, at: undefined, kind: undefined }) : "";
      return [{ ...base, from: lanes.of("Interlock"), to, tone: "look", text, more }];
    }
    case "world": {
      const text = `compared the world: ${event.changes.length} changes`;
      const more = isFull ? inJson(event.changes) : "";
      return [{ ...base, from: lanes.of("Interlock"), to: lanes.of("MySQL"), tone: "look", text, more }];
    }
    default:
      return [];
  }
}

const wordsOf = ({ component, what, detail }: ComponentEvent): string =>
  `${component} ${what} ${detail}`.trimEnd();

function exchangeIn(event: HistoryEvent & ExchangeEvent, lanes: Lanes, isFull: boolean): PageEvent {
  const { seq, sent, at, by, link, outcome } = event;
  const state = stateRead(event);
  const step = meaningOf(event.operation)?.step;
  const isIdle = step === "grant" && event.job === null;
  return {
    seq,
    at: sent,
    until: at,
    from: lanes.of(by),
    to: lanes.of(calledOver[link]),
    tone: outcome satisfies Tone,
    text: [
      isIdle ? `${event.operation} brought no job` : exchangeInWords(event),
      ...(state === undefined ? [] : [`reads ${state}`]),
      ...(typeof event.served === "number" ? [`though the API had answered ${event.served}`] : []),
    ].join(", "),
    more: isFull ? detailOf(event) : "",
  };
}

function detailOf(event: ExchangeEvent): string {
  const { request, reply, method, path, status, served } = event;
  return [
    ...departuresOf(event).map((text) => `departs from the contract: ${text}`),
    ...(method === undefined ? [] : [`${method} ${path}`]),
    `status ${status ?? "none"}${served === undefined ? "" : `, the service answered ${served ?? "nothing"}`}`,
    `request ${inJson(request)}`,
    `reply ${inJson(reply)}`,
  ].join("\n");
}

/** As much of a value as a reader takes in; a short list is one line. */
const inJson = (value: unknown): string => {
  const text = (JSON.stringify(value, null, 1) ?? "nothing").replaceAll(
    /\[\n\s*([^[\]{}]{0,120}?)\n\s*\]/g,
    (_, inner: string) => `[${inner.replaceAll(/\n\s*/g, " ")}]`,
  );
  return text.length > mostChars ? `${text.slice(0, mostChars)}… ${text.length - mostChars} more` : text;
};
const mostChars = 1_500;

/** Who is called over a link, as a reader knows it. */
const calledOver: Record<LinkName, string> = {
  "customer->api": "api",
  "worker->api": "api",
  "api->database": "MySQL",
  "worker->warehouse": "MySQL",
  "worker->destination": "destination",
  "worker->disk": "disk",
  "api->notices": "notices",
};

/**
 * Whom a fault befell: the process that it names, else whoever is called over its link. Which worker made the call is not
 * on record; where it befell that worker, its own lane shows that it was away.
 */
function laneOfFault(planned: Planned | undefined, lanes: Lanes): number {
  if (planned === undefined) return lanes.of("Interlock");
  const { at, fault } = planned;
  if ("name" in fault && typeof fault.name === "string") return lanes.of(fault.name);
  if (!("process" in fault)) return lanes.of(calledOver[at.link]);
  return lanes.of(fault.process === "worker" ? (at.by ?? "Interlock") : fault.process);
}

function faultBands(events: readonly HistoryEvent[], { faults }: Told["schedule"], lanes: Lanes): Band[] {
  return events.flatMap((event) => {
    if (event.kind !== "fault") return [];
    const planned = faults[event.index];
    const ms = planned === undefined ? 0 : lastsMs(planned.fault);
    const until = ms === null ? null : event.at + ms;
    return [{ lane: laneOfFault(planned, lanes), from: event.at, until, text: event.what }];
  });
}

/** When a process was not there, or stood still. */
function absences(events: readonly HistoryEvent[], lanes: Lanes): Band[] {
  const gone = new Map<string, { from: number; text: string }>();
  const bands: Band[] = [];
  const close = (component: string, until: number | null) => {
    const open = gone.get(component);
    if (open === undefined) return;
    gone.delete(component);
    bands.push({ lane: lanes.of(component), from: open.from, until, text: open.text });
  };
  for (const event of events) {
    if (event.kind !== "component") continue;
    const { component, what, at } = event;
    if (what === "exited" || what === "paused") gone.set(component, { from: at, text: wordsOf(event) });
    else if (what === "started" || what === "ready" || what === "resumed") close(component, at);
  }
  for (const component of gone.keys()) close(component, null);
  return bands;
}
