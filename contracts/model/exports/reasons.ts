import { type Departure, type ModelCall, saysRefused } from "../call.ts";
import { reasonOf } from "../refusals.ts";
import { isExport } from "../worded-orders.ts";

/**
 * A success that says why its rows were refused needs no receipt. An API that has no exports does not see what it says, and
 * answers as if nothing were said: one build has them or not.
 */
export function reasonDepartures(
  calls: readonly ModelCall[],
  { isOneBuild }: { isOneBuild: boolean },
): Departure[] {
  const buildOf = ({ release }: ModelCall): string | null => release ?? (isOneBuild ? "" : null);
  const reported = calls.filter(
    ({ operation, request }) => operation === "worker.finish" && saysRefused(request),
  );
  const unseen = reported.filter(
    (call) => call.status !== null && call.status < 500 && reasonOf(call) === "output_undelivered",
  );
  if (unseen.length === 0) return [];
  const exporting = calls.filter(
    (call) => call.status === 200 && (isExport(call) || reported.includes(call)),
  );
  const builds = new Set(exporting.map(buildOf).filter((build) => build !== null));
  return unseen.flatMap((call): Departure[] => {
    const build = buildOf(call);
    if (build === null || !builds.has(build)) return [];
    const problem = "it was refused (output_undelivered) although it says why nothing was delivered";
    return [{ call, job: String(call.request["job_id"]), problem }];
  });
}
