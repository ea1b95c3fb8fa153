import { departuresOf } from "../history/departures.ts";
import { type HistoryEvent, isProbeAnswer } from "../history/event.ts";
import { historiesIn } from "../history/job-history.ts";
import { contradictionsOf } from "../invariants/judge.ts";
import type { Task } from "./task.ts";

/** Where a run may end that is only to show whether a violation is there. */
export interface Enough {
  /** Answers to the probe; null: the run goes to its end. */
  answers: number | null;
  /** Of the history: so many are there by then. */
  events: number;
}

/**
 * Enough is what the probe was answered until it has seen the violation, and a quarter more: it may come to the same question
 * later. Where the probe is not what shows it, it is the whole run.
 */
export function enoughOf(events: readonly HistoryEvent[], wanted: Task["wanted"]): Enough {
  const whole: Enough = { answers: null, events: events.length };
  const shown = shownAt(events, wanted);
  const event = shown === null ? undefined : events[shown];
  if (event === undefined || !isProbeAnswer(event)) return whole;
  const all = events.filter(isProbeAnswer);
  const answers = Math.ceil(1.25 * (all.indexOf(event) + 1));
  const last = all[answers - 1];
  return last === undefined ? whole : { answers, events: last.seq + 1 };
}

/** The first event by which the violation is seen; null where no event shows it. */
function shownAt(events: readonly HistoryEvent[], { invariant, job }: Task["wanted"]): number | null {
  const { jobs, loose, looseModelled } = historiesIn(events);
  const own = jobs.filter(({ number }) => number === job);
  const seqs =
    job === 0
      ? [
          ...loose.filter((exchange) => departuresOf(exchange).length > 0).map(({ seq }) => seq),
          ...looseModelled.map(({ exchange }) => exchange.seq),
        ]
      : own.flatMap((one) => contradictionsOf(one, invariant)).map(({ events: both }) => Math.max(...both));
  return seqs.length === 0 ? null : Math.min(...seqs);
}
