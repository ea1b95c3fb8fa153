import { canonical } from "../history/hash.ts";
import { apisOf, type Schedule, versionStepsOf } from "../schedule/schedule.ts";
import { sha256 } from "../secrets.ts";
import { rollOf, withSteps } from "../skew/roll.ts";

/**
 * SHA-256 of what a schedule does: its jobs, its seed and its faults, whatever builds it is run on. A version step counts as
 * one there or one back, so that a rolling plan is the same for the release after the next.
 */
export function scheduleDigest(schedule: Schedule): string {
  const { workload, seed } = schedule;
  const apis = apisOf(schedule.releases).length;
  const { faults } = withSteps(schedule, ({ release, from }) => (release === from ? "back" : "there"));
  return sha256(canonical({ workload, seed, faults, ...(apis === 1 ? {} : { apis }) }));
}

/** Why a history of a schedule does not say which builds did the work; null where it does. */
export function unattested(schedule: Schedule): string | null {
  const { api, beside = [] } = schedule.releases;
  if (beside.some((release) => release !== api))
    return "its APIs begin as several releases, and what is live is asked for one by one";
  if (versionStepsOf(schedule).length === 0) return null;
  const rolled = rollOf(schedule);
  return typeof rolled === "string" ? rolled : null;
}
