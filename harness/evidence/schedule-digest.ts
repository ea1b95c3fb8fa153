import { canonical } from "../history/hash.ts";
import { type Schedule, versionStepsOf } from "../schedule/schedule.ts";
import { sha256 } from "../secrets.ts";

/** SHA-256 of what a schedule does: its jobs, its seed and its faults, whatever builds it is run on. */
export const scheduleDigest = ({ workload, seed, faults }: Schedule): string =>
  sha256(canonical({ workload, seed, faults }));

/** Why a history of a schedule does not say which builds did the work; null where it does. */
export function unattested(schedule: Schedule): string | null {
  if (schedule.releases.beside !== undefined) return "it has several APIs, and one is attested";
  return versionStepsOf(schedule).length > 0
    ? "it changes releases on its way, and those that come later are not attested"
    : null;
}
