import { isTerminal } from "../../../contracts/job.ts";
import { callsOf, field, type JobHistory, readsOf } from "../../history/job-history.ts";
import type { Invariant } from "./invariant.ts";

export const noPhantomStatus: Invariant = {
  id: "I6",
  name: "no phantom status",
  definition:
    "A job never shows an end that nobody brought about: a worker reported it, or its customer killed it.",
  applies: (history) => ends(history).length > 0,
  witnesses: (history) => {
    const reported = new Set(
      callsOf(history, "worker.finish").map(({ request }) => field(request, "status")),
    );
    // A kill whose reply was lost may have ended a queued job all the same.
    if (callsOf(history, "job.kill").length > 0) reported.add("killed");
    return ends(history)
      .filter((status) => !reported.has(status))
      .map((status) => `the job shows ${status}, which no worker reported`);
  },
};

const ends = (history: JobHistory): string[] => {
  const seen = [...readsOf(history).map(({ status }) => status), history.final.stored];
  return [...new Set(seen.filter((status) => status !== null && isTerminal(status)))] as string[];
};
