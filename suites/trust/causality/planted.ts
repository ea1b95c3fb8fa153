import { isDeepStrictEqual } from "node:util";
import type { Mutant, Releases } from "../../../contracts/in-process.ts";
import type { Causality } from "../../../harness/causality/strip.ts";
import type { Config } from "../../../harness/config/config.ts";
import type { HistoryEvent } from "../../../harness/history/event.ts";
import { type ContinuingRig, continuingRig } from "../../../harness/rigs/in-process/continuing/continuing.ts";
import { needsOf } from "../../../harness/rigs/needs.ts";
import type { Run } from "../../../harness/rigs/run.ts";
import type { Schedule } from "../../../harness/schedule/schedule.ts";

/**
 * Where a mutant's code acts in a history. Nothing here is drawn or judged, so it can contradict the strip.
 *
 * An API acts at every event with which the history changes when the mutant still serves it and what is deployed serves all
 * after it; also at a fault that comes during such a call. A worker cannot be replaced in the middle of a job: it acts from
 * its last call about the job of the violation until the first event about it, or the first look of the oracle at it, that
 * differs from a run with what is deployed.
 */
export async function isPlantedAt(seq: number, place: Planted): Promise<boolean> {
  if (place.mutant.component === "api")
    return (await Promise.all((await callsAt(seq, place)).map((call) => actsAt(call, place)))).some(Boolean);
  const { from, to } = await departure(place);
  return seq >= from && seq <= to;
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
async function callsAt(seq: number, { schedule, config }: Planted): Promise<number[]> {
  const { run } = await (await rigOf(schedule, config)).trace(schedule);
  const event = run.events[seq];
  if (event?.kind !== "fault") return [seq];
  const calls = run.events.filter((one) => one.kind === "exchange");
  return calls.filter(({ sent, at }) => sent <= event.at && event.at <= at).map((call) => call.seq);
}

/** Whether the API in question makes a difference by this event. */
async function actsAt(seq: number, { schedule, goesOn, config }: Planted): Promise<boolean> {
  const rig = await continuingRig(needsOf(schedule, config), { config });
  const rest = { seed: null, releases: goesOn, sites: [] };
  const [without, by] = await rig.goOn(schedule, [
    { ...rest, after: seq },
    { ...rest, after: seq + 1 },
  ]);
  return !isDeepStrictEqual(seenSince(without, seq), seenSince(by, seq));
}

/** What came of every event from this one on, whenever it was. */
const seenSince = (run: Run | undefined, seq: number): unknown[] =>
  (run?.events ?? []).filter((event) => event.seq >= seq).map(withoutTimes);

function withoutTimes(event: HistoryEvent): unknown {
  if (event.kind !== "exchange") return { ...event, at: 0 };
  return { ...event, at: 0, sent: 0, servedAt: 0, release: "", server: "" };
}

async function departure({ schedule, goesOn, job, config }: Planted): Promise<{ from: number; to: number }> {
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
  const states = new Map(other.places.map(({ after, state }) => [after, ofJob(state, job)]));
  const seen = own.places.find(({ after, state }) => states.get(after) !== ofJob(state, job));
  const to = Math.min(first?.seq ?? events.length, seen?.after ?? events.length);
  const calls = events.filter(
    (event) =>
      event.seq < to &&
      event.kind === "exchange" &&
      event.link === "worker->api" &&
      event.job !== null &&
      isMeant(event),
  );
  return { from: calls.at(-1)?.seq ?? to, to };
}

/** What the oracle found of one job; all of it where it is about none. */
function ofJob(state: string, job: number): string {
  const [world, finals] = JSON.parse(state) as [unknown, unknown[]];
  return JSON.stringify(job === 0 ? [world, finals] : finals[job - 1]);
}

const rigOf = (schedule: Schedule, config: Config): Promise<ContinuingRig> =>
  continuingRig(needsOf(schedule, config), { config });

/** As a party saw it, whichever release answered. */
const bare = (event: HistoryEvent | undefined): unknown => {
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
