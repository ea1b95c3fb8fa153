import { laterBuilds } from "../evidence/later-builds.ts";
import { scheduleDigest } from "../evidence/schedule-digest.ts";
import type { HistoryEvent, RunEvent } from "../history/event.ts";
import { abstractOutcome, type Outcome } from "../rigs/abstract-outcome.ts";
import { printPlanned } from "../schedule/schedule.ts";
import { twinOf } from "../skew/twin.ts";

/** A run of a schedule by itself, no part of the matrix. */
export interface Scheduled {
  /** `scheduleDigest` of what its history says was run. */
  digest: string;
  /** Why it does not show that the schedule was passed, whatever its jobs say. */
  lacks: readonly string[];
  /** `scheduleDigest` of the same jobs without its version steps; null where these cannot be compared. */
  twin: string | null;
  /** What became of its jobs. */
  outcomes: readonly Outcome[];
}

export function scheduledOf(
  { schedule }: RunEvent,
  events: readonly HistoryEvent[],
  unjudged: number,
): Scheduled {
  const fired = new Set(events.flatMap((event) => (event.kind === "fault" ? [event.index] : [])));
  const unfired = schedule.faults.filter((_, i) => !fired.has(i));
  const twin = unfired.length > 0 ? null : twinOf(schedule);
  return {
    digest: scheduleDigest(schedule),
    lacks: [
      ...unfired.map((planned) => `${printPlanned(planned)}: it did not fire`),
      ...laterBuilds(events).problems,
      ...(unjudged > 0 ? [`${unjudged} exchanges could not be judged: too much was possible`] : []),
    ],
    twin: twin === null ? null : scheduleDigest(twin),
    outcomes: abstractOutcome(events),
  };
}

/** A job of such a run: whatever is said of a cell of the matrix is not said of it. */
export const scheduledCell = ({ digest }: Scheduled, cell: string): string =>
  `schedule ${digest.slice(0, 12)}/${cell}`;
