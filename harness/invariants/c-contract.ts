import { calledOn, departuresOf, modelledText } from "../history/departures.ts";
import type { Invariant } from "./invariant.ts";

export const contractKept: Invariant = {
  id: "C",
  name: "contract",
  definition:
    "Every request and every reply about the job is as the contracts say, in the form of the generation that sees it, and what was said and done before allows it.",
  applies: ({ calls }) => calls.some(({ served }) => served !== null),
  witnesses: ({ calls, modelled }) => {
    const departures = [
      ...calls.flatMap(({ exchange }) =>
        departuresOf(exchange).map((departure) => `${calledOn(exchange)}: ${departure}`),
      ),
      ...modelled.map(modelledText),
    ];
    return departures.length === 0 ? departures : [...new Set(departures)];
  },
};
