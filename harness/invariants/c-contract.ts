import type { Call, TimedExchange } from "../history/calls.ts";
import { calledOn, departuresOf, modelledText } from "../history/departures.ts";
import { between, type Contradiction, type Invariant, once } from "./invariant.ts";

export const contractKept: Invariant = {
  id: "C",
  name: "contract",
  definition:
    "Every request and every reply about the job follows the contract: it fits the schema of the worker's generation, and the calls before it allow it.",
  applies: ({ calls }) => calls.some(({ served }) => served !== null),
  witnesses: ({ calls, modelled }) => {
    const departures = [
      ...calls.flatMap(({ exchange }) =>
        departuresOf(exchange).map(
          (departure): Contradiction => ({
            text: `${calledOn(exchange)}: ${departure}`,
            events: [exchange.seq],
          }),
        ),
      ),
      // Looked up by each text, not by each call: a candidate can be wrong in all of them.
      ...[...Map.groupBy(modelled, modelledText)].flatMap(([text, [first]]) =>
        first === undefined ? [] : between(text, before(calls, first.exchange), first.exchange),
      ),
    ];
    return departures.length < 2 ? departures : once(departures);
  },
};

/** The last call about the job that was answered before this one was made: what the model goes by. */
const before = (calls: readonly Call[], { seq, sent }: TimedExchange): TimedExchange | { seq: number } =>
  calls.findLast(({ served, at }) => served !== null && at <= sent)?.exchange ?? { seq };
