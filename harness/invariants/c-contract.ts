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
      ...modelled.map((one) => between(modelledText(one), before(calls, one.exchange), one.exchange)),
    ];
    return departures.length < 2 ? departures : once(departures);
  },
};

/** The last call about the job that was answered before this one was made: what the model goes by. */
const before = (calls: readonly Call[], { seq, sent }: TimedExchange): TimedExchange | { seq: number } =>
  calls.findLast(({ served, at }) => served !== null && at <= sent)?.exchange ?? { seq };
