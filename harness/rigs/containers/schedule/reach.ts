import type { Millis } from "../../../../contracts/values.ts";
import { generationOf } from "../../../cells/cell.ts";
import { type LinkName, type Planned, type Schedule, versionStepsOf } from "../../../schedule/schedule.ts";

/** Whether this rig can break all that it breaks. */
export const isWithinReach = ({ faults }: Schedule): boolean => !faults.some(isBeyondReach);

/**
 * What this rig cannot break: no link leads to a worker's disk, MySQL has no way to get a transaction twice, and a call to
 * the warehouse that is about none of the workload's jobs is not known for one of the schedule's.
 */
export const isBeyondReach = ({ at, fault }: Planned): boolean =>
  at.link === "worker->disk" ||
  (at.link === "worker->warehouse" && at.job === null) ||
  (fault.kind === "duplicate" && toMysql.includes(at.link));

const toMysql: readonly LinkName[] = ["api->database", "worker->warehouse"];

/**
 * Roughly the milliseconds of the system's time that the faults of a schedule take on this rig, which pays for them in
 * real time. The engine takes its time for each event of a process, and what dies for ever is waited for to the end. An
 * event at a heartbeat comes last: heartbeats run beside the work, and what else it meets is chance.
 */
export const costOf = ({ faults }: Schedule): Millis =>
  faults.reduce((sum, { at, fault }) => {
    const lasts = "ms" in fault ? (fault.ms ?? endMs) : 0;
    const event = at.operation === "worker.heartbeat" ? endMs : processMs;
    return sum + lasts + ("process" in fault ? event : 0);
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
