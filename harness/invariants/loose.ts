import type { TimedExchange } from "../history/calls.ts";
import { calledOn, departuresOf } from "../history/departures.ts";
import type { HistoryEvent } from "../history/event.ts";
import { historiesIn } from "../history/job-history.ts";

/** Departures from the contract in exchanges that belong to no job of the workload, each once with its link and count. */
export const looseViolations = (events: readonly HistoryEvent[]): string[] =>
  looseDepartures(historiesIn(events).loose);

export function looseDepartures(exchanges: readonly TimedExchange[]): string[] {
  const seen = new Map<string, number>();
  for (const exchange of exchanges) {
    for (const departure of departuresOf(exchange)) {
      const text = `${calledOn(exchange)}: ${departure}`;
      seen.set(text, (seen.get(text) ?? 0) + 1);
    }
  }
  return [...seen].map(([text, times]) => (times === 1 ? text : `${text} (${times} times)`));
}
