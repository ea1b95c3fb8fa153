import { isTerminal } from "../../../contracts/job.ts";
import { callsOf, field, type JobHistory, readsOf, servedStatus } from "../../history/job-history.ts";
import type { Invariant } from "./invariant.ts";

export const noPhantomStatus: Invariant = {
  id: "I6",
  name: "no phantom status",
  definition:
    "A job never shows an end that nobody brought about: a worker reported it, or its customer killed it before it began.",
  applies: (history) => ends(history).length > 0,
  witnesses: (history) => {
    const reported = new Set(
      callsOf(history, "worker.finish").map(({ request }) => field(request, "status")),
    );
    const cancelled = callsOf(history, "job.kill").some(
      (call) => servedStatus(call) === 200 && field(call.reply, "former_status") === "queued",
    );
    if (cancelled) reported.add("killed");
    return ends(history)
      .filter((status) => !reported.has(status))
      .map((status) => `the job shows ${status}, which no worker reported`);
  },
};

const ends = (history: JobHistory): string[] => {
  const seen = [...readsOf(history).map(({ status }) => status), history.final.stored];
  return [...new Set(seen.filter((status) => status !== null && isTerminal(status)))] as string[];
};
