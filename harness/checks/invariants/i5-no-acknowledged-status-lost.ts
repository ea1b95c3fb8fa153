import { callsOf, field, readsOf } from "../../history/job-history.ts";
import { type Invariant, seconds } from "./invariant.ts";

export const noAcknowledgedStatusLost: Invariant = {
  id: "I5",
  name: "no acknowledged status lost",
  definition:
    "An end that the API has acknowledged to a worker is what every later look shows, and what the database holds.",
  applies: (history) => acknowledged(history).length > 0,
  witnesses: (history) => {
    const reads = readsOf(history);
    return acknowledged(history).flatMap(({ status, at }) => {
      const later = reads.find((read) => read.sent > at && read.status !== status);
      return [
        ...(later === undefined
          ? []
          : [
              `${status} was acknowledged ${seconds(at)}, the customer read ${later.status} ${seconds(later.sent)}`,
            ]),
        ...(history.final.stored === status
          ? []
          : [`${status} was acknowledged ${seconds(at)}, the database holds ${history.final.stored}`]),
      ];
    });
  },
};

const acknowledged = (history: Parameters<Invariant["applies"]>[0]) =>
  callsOf(history, "worker.finish")
    .filter(({ outcome, status }) => outcome === "ok" && status === 200)
    .map(({ request, at }) => ({ status: field(request, "status"), at }));
