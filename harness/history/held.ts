import type { Phase } from "../schedule/schedule.ts";
import { type Call } from "./calls.ts";
import type { JobHistory, TimedHeld } from "./job-history.ts";
import { endingReport } from "./work.ts";

/** What the oracle saw while a report was held back; undefined where it did not look. */
export const heldWith = (
  { held }: JobHistory,
  { by, sent, at, takenAt }: Call,
  phase: Phase,
): TimedHeld | undefined =>
  held.find(
    (look) => look.phase === phase && look.by === by && look.at >= sent && look.at <= Math.max(at, takenAt),
  );

/** What was there when the report came by which the job ended as success. */
export function foundAtSuccess(history: JobHistory): TimedHeld | undefined {
  const report = history.final.stored === "success" ? endingReport(history) : undefined;
  return report?.served === 200 ? heldWith(history, report, "before") : undefined;
}
