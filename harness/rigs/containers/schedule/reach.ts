import { isDeepStrictEqual } from "node:util";
import { stepOf } from "../../../../contracts/steps.ts";
import type { Millis } from "../../../../contracts/values.ts";
import type { Component, Config } from "../../../config/config.ts";
import { kindNamed } from "../../../destinations/index.ts";
import { UsageError } from "../../../errors.ts";
import { isBeyond } from "../../../schedule/effect.ts";
import { effectOf, lastsMs, processOf } from "../../../schedule/faults.ts";
import { destinationNameOf, type Scenario } from "../../../schedule/scenario.ts";
import {
  apisOf,
  type LinkName,
  type Planned,
  type ProcessName,
  type Schedule,
} from "../../../schedule/schedule.ts";
import type { ContainersRig } from "../system/open-rig.ts";
import { apiRelease, generationsOf } from "../system/releases.ts";
import { carriers } from "./carriers.ts";

/** What keeps this rig from breaking it, at a job of this scenario; null where it can. */
export function beyondReach({ at, fault }: Planned, config: Config, scenario?: Scenario): string | null {
  const effect = effectOf(fault);
  if (isBeyond(carriers, effect)) return `the containers rig cannot do it: ${effect.does}`;
  if (at.link === "worker->disk") return "the containers rig has no link to a worker's disk";
  if (at.link === "worker->warehouse" && at.job === null)
    return "the containers rig does not know whose statement it is that is about no job";
  if (at.link === "worker->destination" && scenario !== undefined && !isSeen(scenario))
    return `the containers rig does not read what a worker says to the destination of ${scenario.name}`;
  if (effect.does === "repeat" && toMysql.includes(at.link))
    return "the containers rig has no way to give MySQL a transaction twice";
  const process = processOf(fault);
  if (effect.does === "surge" && process === "api")
    return "the containers rig begins no life of an API beside another one";
  return process !== null && !isKillable(process, config)
    ? `the config has the ${process} in a form that cannot be killed or paused; name it as an image`
    : null;
}

/** Whether each delivery is a call that the rig sees; a table of the service is filled by calls to the API. */
function isSeen(scenario: Scenario): boolean {
  const name = destinationNameOf(scenario);
  return name !== null && kindNamed(name).protocol === "http";
}

/** Only what runs in a container of the run can be killed and paused. */
function isKillable(process: ProcessName, config: Config): boolean {
  const isImage = (component: Component | undefined) => component !== undefined && "image" in component;
  const forms: Record<ProcessName, () => boolean> = {
    database: () => isImage(config.mysql),
    api: () => isImage(apiRelease(config, config.current)),
    worker: () => Object.values(config.workers).every(isImage),
  };
  return forms[process]();
}

const toMysql: readonly LinkName[] = ["api->database", "worker->warehouse"];

/**
 * Roughly the milliseconds of the system's time that the faults of a schedule take on this rig, which pays for them in
 * real time. The engine takes its time for each event of a process, and what dies for ever is waited for to the end. An
 * event of which chance decides what it meets comes last.
 */
export const costOf = ({ faults }: Schedule): Millis =>
  faults.reduce((sum, planned) => {
    const { fault } = planned;
    const event = isChancy(planned) ? endMs : processMs;
    return sum + (lastsMs(fault) ?? endMs) + (processOf(fault) === null ? 0 : event);
  }, 0);
const endMs = 60_000;
const processMs = 10_000;

/**
 * Heartbeats run beside the work. And a caller that is paused before it has read its reply may find on waking that its
 * time-out is over, or read the reply first.
 */
const isChancy = ({ at, fault }: Planned): boolean =>
  stepOf(at.operation) === "extend" ||
  (effectOf(fault).does === "pause" && at.phase === "after" && at.link === `${processOf(fault)}->api`);

const areSameApis = (a: Schedule["releases"], b: Schedule["releases"]): boolean =>
  isDeepStrictEqual(apisOf(a), apisOf(b));

/** Refuses a schedule that is about another system than the one that runs. */
export function mustFit({ releases, workers }: ContainersRig, schedule: Schedule): void {
  const { workload, releases: wanted } = schedule;
  for (const generation of generationsOf(schedule)) {
    const there = workers.filter(
      (worker) => worker.generation === generation && worker.index <= workload.workers,
    );
    if (!there.some(({ index }) => index === workload.workers))
      throw new UsageError(
        `the schedule needs ${workload.workers} workers of generation ${generation}, the rig has ${there.length}`,
      );
    if (wanted.workers[generation] !== releases.workers[generation] || !areSameApis(wanted, releases))
      throw new UsageError("the schedule is about other releases than those that the rig runs");
  }
}
