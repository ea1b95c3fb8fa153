import { isDeepStrictEqual } from "node:util";
import type { Mutant, Releases } from "../../../contracts/in-process.ts";
import type { Causality } from "../../../harness/causality/strip.ts";
import type { Config } from "../../../harness/config/config.ts";
import { beganAt, type ExchangeEvent, type HistoryEvent } from "../../../harness/history/event.ts";
import { type ContinuingRig, continuingRig } from "../../../harness/rigs/in-process/continuing/continuing.ts";
import { needsOf } from "../../../harness/rigs/needs.ts";
import type { Run } from "../../../harness/rigs/run.ts";
import type { Schedule } from "../../../harness/schedule/schedule.ts";

/**
 * Where a mutant's code acts in a history. Nothing here is drawn or judged, so it can contradict the strip.
 *
 * An API acts at every event with which the history changes when the mutant still serves it and what is deployed serves all
 * after it; also at a fault that comes during such a call, and at the step that starts it, where the start alone changes what
 * comes. A worker cannot be replaced in the middle of a job: it acts between its last call about the job of the violation
 * before the first event about it, or the first look of the oracle at it, that differs from a run with what is deployed, and
 * its first call since then, with what began at the same moment; and again at each later call of that operation about the job.
 */
export async function isPlantedAt(seq: number, place: Planted): Promise<boolean> {
  const { run } = await (await rigOf(place.schedule, place.config)).trace(place.schedule);
  const event = run.events[seq] as HistoryEvent;
  if (place.mutant.component === "worker") return isActOf(event, await departure(place));
  if (event.kind === "fault" && isStart(event.index, place.schedule) && (await startActsAt(seq, place)))
    return true;
  const calls = callsAt(event, run.events);
  return (await Promise.all(calls.map((call) => actsAt(call, place)))).some(Boolean);
}

export interface Planted {
  mutant: Pick<Mutant, "component">;
  schedule: Schedule;
  goesOn: NonNullable<Causality["goesOn"]>;
  /** Whose violation it is, by number; 0 where it is that of none. */
  job: number;
  config: Config;
}

/** The event; of a fault the calls that were under way, since it came to one of them. */
function callsAt(event: HistoryEvent, events: readonly HistoryEvent[]): number[] {
  if (event.kind !== "fault") return [event.seq];
  const calls = events.filter((one) => one.kind === "exchange");
  return calls.filter(({ sent, at }) => sent <= event.at && event.at <= at).map((call) => call.seq);
}

/** Whether the API in question makes a difference by this event. */
async function actsAt(seq: number, { schedule, goesOn, config }: Planted): Promise<boolean> {
  const rig = await rigOf(schedule, config);
  const [without, by] = await rig.goOn(
    schedule,
    [seq, seq + 1].map((after) => ({ ...asItWas, after, releases: goesOn })),
  );
  return !isDeepStrictEqual(seenSince(without, seq), seenSince(by, seq));
}

/** Whether a version step makes a difference by what it starts, though another release goes on at once. */
async function startActsAt(seq: number, { schedule, goesOn, config }: Planted): Promise<boolean> {
  const [without, by] = await Promise.all(
    [withReleases(schedule, goesOn), schedule].map(async (one) => {
      const rest = { ...asItWas, after: seq + 1, releases: goesOn };
      return (await (await rigOf(one, config)).goOn(one, [rest]))[0];
    }),
  );
  return !isDeepStrictEqual(seenSince(without, seq), seenSince(by, seq));
}

/** Whether this fault is a step to another release. */
const isStart = (index: number, { faults }: Schedule): boolean => {
  const fault = faults[index]?.fault;
  return fault !== undefined && "release" in fault && fault.release !== undefined;
};

/** Latencies, and faults that have not come yet. */
const asItWas = { seed: null, sites: [], answers: null };

/** What came of every event from this one on, whenever it was. */
const seenSince = (run: Run | undefined, seq: number): unknown[] =>
  (run?.events ?? []).filter((event) => event.seq >= seq).map(withoutTimes);

function withoutTimes(event: HistoryEvent): unknown {
  if (event.kind === "fault") return event.index;
  if (event.kind !== "exchange") return { ...event, at: 0 };
  return { ...event, at: 0, sent: 0, servedAt: 0, release: "", server: "" };
}

/** Where a worker has left the way of a right one. */
interface Departure {
  /** Its calls about the job before and since; the event where it shows, where it makes none. */
  from: number;
  to: number;
  /** Of that call since then; null where there is none. */
  operation: string | null;
  /** The job's id; null where it is about none. */
  id: string | null;
}

async function departure({ schedule, goesOn, job, config }: Planted): Promise<Departure> {
  const own = await (await rigOf(schedule, config)).trace(schedule, true);
  const right = withReleases(schedule, goesOn);
  const other = await (await rigOf(right, config)).trace(right, true);
  const { events } = own.run;
  const finals = events.filter((event) => event.kind === "final");
  const id = finals.find(({ number }) => number === job)?.job ?? null;
  const isMeant = (event: HistoryEvent) =>
    event.kind !== "run" && (id === null || event.kind !== "exchange" || event.job === id);
  const first = events.find(
    (event, i) => isMeant(event) && !isDeepStrictEqual(bare(event), bare(other.run.events[i])),
  );
  const states = new Map(other.places.map(({ after, state }) => [after, ofJob(state, job, id)]));
  const seen = own.places.find(({ after, state }) => states.get(after) !== ofJob(state, job, id));
  const shows = Math.min(first?.seq ?? events.length, seen?.after ?? events.length);
  const calls = events.filter((event) => isCallAbout(event, id));
  const since = calls.find(({ seq }) => seq >= shows);
  const isAsEarly = (event: HistoryEvent) => since !== undefined && beganAt(event) <= since.sent;
  return {
    from: calls.findLast(({ seq }) => seq < shows)?.seq ?? shows,
    to: since === undefined ? shows : (events.findLast(isAsEarly)?.seq ?? since.seq),
    operation: since?.operation ?? null,
    id,
  };
}

const isActOf = (event: HistoryEvent, { from, to, operation, id }: Departure): boolean =>
  (event.seq >= from && event.seq <= to) ||
  (event.seq > to && isCallAbout(event, id) && event.operation === operation);

/** A worker's call about this job; about any where there is none. */
const isCallAbout = (event: HistoryEvent, id: string | null): event is HistoryEvent & ExchangeEvent =>
  event.kind === "exchange" &&
  event.link === "worker->api" &&
  event.job !== null &&
  (id === null || event.job === id);

/** What the oracle found of one job; all of it where it is about none. */
function ofJob(state: string, job: number, id: string | null): string {
  if (job === 0) return state;
  const [, finals, deliveries] = JSON.parse(state) as [unknown, unknown[], { job: string }[]];
  return JSON.stringify([finals[job - 1], deliveries.filter((one) => one.job === id)]);
}

const rigOf = (schedule: Schedule, config: Config): Promise<ContinuingRig> =>
  continuingRig(needsOf(schedule, config), { config });

/** As a party saw it, whichever release answered. */
const bare = (event: HistoryEvent | undefined): unknown => {
  if (event?.kind === "fault") return event.index;
  const { release: _, server: __, ...rest } = { release: null, server: null, ...event };
  return rest;
};

function withReleases(schedule: Schedule, { api, workers }: Releases): Schedule {
  const { beside } = schedule.releases;
  const faults = schedule.faults.map(({ at, fault }) => {
    const isStep = "release" in fault && fault.release !== undefined;
    if (!isStep) return { at, fault };
    const release = fault.process === "api" ? api : (Object.values(workers)[0] ?? api);
    return { at, fault: { ...fault, release } };
  });
  const releases = { api, workers, ...(beside === undefined ? {} : { beside: beside.map(() => api) }) };
  return { ...schedule, releases, faults };
}
