import { calledOn, departuresOf, modelledText } from "../../history/departures.ts";
import type { HistoryEvent } from "../../history/event.ts";
import { historiesIn } from "../../history/job-history.ts";
import { contradictionsOf } from "../../invariants/judge.ts";
import type { Schedule } from "../../schedule/schedule.ts";
import type { CaseHistory } from "../report.ts";

/** The events of a history that a case's timeline tells: its own, and what befell the parties meanwhile. */
export function eventsTold({ events, about }: CaseHistory): HistoryEvent[] {
  const { jobs, loose } = historiesIn(events);
  if (about === "everything") return events.filter(({ kind }) => kind !== "run" && kind !== "machine");
  if (about === "no job") return [...loose];
  const job = jobs.find(({ number }) => number === about);
  if (job === undefined || job.calls.length === 0) return [];
  const calls = job.calls.map(({ exchange }) => exchange);
  const from = Math.min(...calls.map(({ sent }) => sent));
  const to = Math.max(...calls.map(({ at }) => at));
  const meanwhile = aboutParties(events).filter(({ at }) => at >= from && at <= to);
  return [...meanwhile, ...calls, ...job.held, ...(job.world === null ? [] : [job.world]), job.final];
}

/** A matrix asks for the same again for every cell. */
const known = new WeakMap<readonly HistoryEvent[], HistoryEvent[]>();

function aboutParties(events: readonly HistoryEvent[]): HistoryEvent[] {
  const found = known.get(events) ?? events.filter(({ kind }) => kind === "fault" || kind === "component");
  known.set(events, found);
  return found;
}

/** The events that do not go together where an invariant was broken as this line says; empty where none is on record. */
export function eventsThatShow({ events, about }: CaseHistory, invariant: string, text: string): number[] {
  const { jobs, loose, looseModelled, disclosures } = historiesIn(events);
  for (const job of jobs) {
    if (typeof about === "number" && job.number !== about) continue;
    const found = contradictionsOf(job, invariant).find((one) => one.text === text);
    if (found !== undefined) return [...found.events];
  }
  if (typeof about === "number") return [];
  const once = text.replace(/ \(\d+ times\)$/, "");
  const call =
    loose.find((exchange) =>
      departuresOf(exchange).some((departure) => `${calledOn(exchange)}: ${departure}` === once),
    ) ??
    looseModelled.find((one) => modelledText(one) === once)?.exchange ??
    disclosures.find(({ component, detail }) => `${component}: ${detail}` === once);
  return call === undefined ? [] : [call.seq];
}

/** The faults that a history's schedule has. */
export function scheduleOf(events: readonly HistoryEvent[]): Pick<Schedule, "faults"> {
  const run = events.find((event) => event.kind === "run");
  return run?.kind === "run" ? run.schedule : { faults: [] };
}
