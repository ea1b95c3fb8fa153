import type { Call } from "../history/calls.ts";
import type { JobHistory } from "../history/job-history.ts";
import { between, type Invariant, seconds } from "./invariant.ts";

export const acceptedJobsSurvive: Invariant = {
  id: "I7",
  name: "accepted jobs survive",
  definition: "A job that the API has accepted, or has called known already, never disappears.",
  applies: (history) => accepted(history).length > 0,
  witnesses: (history) => {
    const taken = accepted(history);
    const [first] = taken;
    if (first === undefined) return [];
    const ids = new Set(taken.map(({ id }) => id));
    const order = first.call.exchange;
    const last = (taken.findLast(({ id }) => id !== first.id) ?? first).call.exchange;
    // Of an id that nobody had been told of yet it was true.
    const missing = history.steps.look.find(({ facts, sent }) => facts.missing && sent >= first.call.at);
    return [
      ...(history.final.stored === null
        ? [
            between(
              `job ${[...ids].join(" and ")} was accepted and is not in the database`,
              order,
              history.final,
            ),
          ]
        : []),
      ...(missing === undefined
        ? []
        : [
            between(
              `the API answered ${seconds(missing.at)} that there is no such job`,
              order,
              missing.exchange,
            ),
          ]),
      ...(ids.size > 1
        ? [between(`one domain key was accepted as the jobs ${[...ids].join(" and ")}`, order, last)]
        : []),
    ];
  },
};

/** Ids under which the customer was told that its job exists. */
const accepted = (history: JobHistory): { id: string; call: Call }[] =>
  history.steps.issue
    .filter(({ genuine }) => genuine)
    .flatMap((call) => {
      const { job, conflictsWith } = call.facts;
      const id = job ?? (conflictsWith === "" ? "?" : conflictsWith);
      return id === undefined ? [] : [{ id, call }];
    });
