import { canonical } from "../history/hash.ts";
import { type Schedule, versionStepsOf } from "../schedule/schedule.ts";
import { sha256 } from "../secrets.ts";
import { rollOf, withSteps } from "../skew/roll.ts";

/**
 * SHA-256 of what a schedule does: its jobs, its seed and its faults, whatever builds it is run on. A version step counts as
 * one there or one back, so that a rolling plan is the same for the release after the next.
 */
export function scheduleDigest(schedule: Schedule): string {
  const { workload, seed } = schedule;
  const { faults } = withSteps(schedule, ({ release, from }) => (release === from ? "back" : "there"));
  return sha256(canonical({ workload, seed, faults }));
}

/** Why a history of a schedule does not say which builds did the work; null where it does. */
export function unattested(schedule: Schedule): string | null {
  if (schedule.releases.beside !== undefined) return "it has several APIs, and one is attested";
  if (versionStepsOf(schedule).length === 0) return null;
  const rolled = rollOf(schedule);
  return typeof rolled === "string" ? rolled : null;
}
