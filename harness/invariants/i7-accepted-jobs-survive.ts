import { callsOf, field, type JobHistory } from "../history/job-history.ts";
import { type Invariant, seconds } from "./invariant.ts";

export const acceptedJobsSurvive: Invariant = {
  id: "I7",
  name: "accepted jobs survive",
  definition: "A job that the API has accepted, or has called known already, is there for ever.",
  applies: (history) => accepted(history).length > 0,
  witnesses: (history) => {
    const ids = new Set(accepted(history));
    if (ids.size === 0) return [];
    const missing = callsOf(history, "job.show").find(
      ({ status, reply }) => status === 404 && field(field(reply, "details"), "reason") === "not_found",
    );
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
  callsOf(history, "job.issue").flatMap(({ status, reply }) => {
    const id =
      status === 200
        ? field(reply, "job_id")
        : status === 409
          ? field(field(reply, "details"), "conflicts_with")
          : undefined;
    return status === 409 && id === undefined ? ["?"] : typeof id === "string" ? [id] : [];
  });
