import type { Evidence } from "../evidence/read.ts";
import { scheduleDigest } from "../evidence/schedule-digest.ts";
import type { AttestedBuild, HistoryEvent, RunEvent } from "../history/event.ts";
import { printFault, printSite } from "../schedule/schedule.ts";
import type { Build } from "./policy.ts";
import { hasRun } from "./question.ts";

/** A run of a schedule by itself, no part of the matrix. */
export interface Scheduled {
  /** `scheduleDigest` of what its history says was run. */
  digest: string;
  /** Why it does not show that the schedule was passed, whatever its jobs say. */
  lacks: readonly string[];
}

export function scheduledOf(
  { schedule }: RunEvent,
  events: readonly HistoryEvent[],
  unjudged: number,
): Scheduled {
  const fired = new Set(events.flatMap((event) => (event.kind === "fault" ? [event.index] : [])));
  const unfired = schedule.faults.filter((_, i) => !fired.has(i));
  return {
    digest: scheduleDigest(schedule),
    lacks: [
      ...unfired.map(({ at, fault }) => `${printSite(at)}: ${printFault(fault)}: it did not fire`),
      ...(unjudged > 0 ? [`${unjudged} exchanges could not be judged: too much was possible`] : []),
    ],
  };
}

/** A job of such a run: whatever is said of a cell of the matrix is not said of it. */
export const scheduledCell = ({ digest }: Scheduled, cell: string): string =>
  `schedule ${digest.slice(0, 12)}/${cell}`;

/** Several workers of a kind have numbers behind its name. */
const kindOf = ({ component }: AttestedBuild): string => component.replace(/-\d+$/, "");

/** The builds of a run by the components of the config: several of a kind are one where they are the same build. */
export function componentsIn(builds: readonly AttestedBuild[], { schedule }: RunEvent): AttestedBuild[] {
  if (schedule.workload.workers === 1) return [...builds];
  return [...Map.groupBy(builds, kindOf)].flatMap(([component, all]) => {
    const [first] = all as [AttestedBuild];
    const isOne = all.every(({ digest, image }) => digest === first.digest && image === first.image);
    return isOne ? [{ ...first, component }] : all;
  });
}

/** Whether a run may have had this build, before its history says how many of each it had. */
export const mayHaveRun = (run: Pick<Evidence["predicate"], "builds" | "images">, build: Build): boolean =>
  hasRun(run, build) ||
  run.builds.some((one) => hasRun({ builds: [{ ...one, component: kindOf(one) }], images: {} }, build));
