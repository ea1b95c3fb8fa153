import { stepOf } from "../../../../contracts/steps.ts";
import type { Millis } from "../../../../contracts/values.ts";
import { generationOf } from "../../../cells/cell.ts";
import { isBeyond } from "../../../schedule/effect.ts";
import { effectOf, lastsMs, processOf } from "../../../schedule/faults.ts";
import { type LinkName, type Planned, type Schedule, versionStepsOf } from "../../../schedule/schedule.ts";
import { carriers } from "./carriers.ts";

/** Whether this rig can break all that it breaks. */
export const isWithinReach = ({ faults }: Schedule): boolean => !faults.some(isBeyondReach);

export const isBeyondReach = (planned: Planned): boolean => beyondReach(planned) !== null;

/** What keeps this rig from breaking it; null where it can. */
export function beyondReach({ at, fault }: Planned): string | null {
  const effect = effectOf(fault);
  if (isBeyond(carriers, effect)) return `the containers rig cannot do it: ${effect.does}`;
  if (at.statement !== undefined) return "the containers rig breaks transactions only as a whole";
  if (at.link === "worker->disk") return "the containers rig has no link to a worker's disk";
  if (at.link === "worker->warehouse" && at.job === null)
    return "the containers rig does not know whose statement it is that is about no job";
  if (effect.does === "repeat" && toMysql.includes(at.link))
    return "the containers rig has no way to give MySQL a transaction twice";
  return null;
}

const toMysql: readonly LinkName[] = ["api->database", "worker->warehouse"];

/**
 * Roughly the milliseconds of the system's time that the faults of a schedule take on this rig, which pays for them in
 * real time. The engine takes its time for each event of a process, and what dies for ever is waited for to the end. An
 * event at a heartbeat comes last: heartbeats run beside the work, and what else it meets is chance.
 */
export const costOf = ({ faults }: Schedule): Millis =>
  faults.reduce((sum, { at, fault }) => {
    const event = stepOf(at.operation) === "extend" ? endMs : processMs;
    return sum + (lastsMs(fault) ?? endMs) + (processOf(fault) === null ? 0 : event);
  }, 0);
const endMs = 60_000;
const processMs = 10_000;

/** What a rig has to be for a schedule to be run on it. */
export const needsOf = (schedule: Schedule) => {
  const { releases, workload } = schedule;
  return {
    releases,
    steps: versionStepsOf(schedule),
    generations: [...new Set(workload.jobs.map(({ engine }) => generationOf(engine)))],
    workers: workload.workers,
  };
};
