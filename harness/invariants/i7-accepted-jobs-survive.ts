import type { JobHistory } from "../history/job-history.ts";
import { type Invariant, seconds } from "./invariant.ts";

export const acceptedJobsSurvive: Invariant = {
  id: "I7",
  name: "accepted jobs survive",
  definition: "A job that the API has accepted, or has called known already, is there for ever.",
  applies: (history) => accepted(history).length > 0,
  witnesses: (history) => {
    const ids = new Set(accepted(history));
    if (ids.size === 0) return [];
    const missing = history.steps.look.find(({ facts }) => facts.missing);
    return [
      ...(history.final.stored === null
        ? [`job ${[...ids].join(" and ")} was accepted and is not in the database`]
        : []),
      ...(missing === undefined ? [] : [`the API answered ${seconds(missing.at)} that there is no such job`]),
      ...(ids.size > 1 ? [`one domain key was accepted as the jobs ${[...ids].join(" and ")}`] : []),
    ];
  },
};

/** Ids under which the customer was told that its job exists. */
const accepted = (history: JobHistory): string[] =>
  history.steps.issue
    .filter(({ genuine }) => genuine)
    .flatMap(
      ({ facts: { job, conflictsWith } }) => job ?? (conflictsWith === "" ? "?" : (conflictsWith ?? [])),
    );
