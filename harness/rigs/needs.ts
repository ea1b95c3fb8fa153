import type { Engine } from "../../contracts/job.ts";
import type { Config } from "../config/config.ts";
import type { DestinationName } from "../destinations/index.ts";
import { type ReleaseStep, type Schedule, versionStepsOf } from "../schedule/schedule.ts";
import { destinationNameOf, jobsOf } from "./workload.ts";

/** What a system has to be for schedules to be run on it. */
export interface Needs {
  releases: Schedule["releases"];
  steps: readonly ReleaseStep[];
  engines: Engine[];
  destinations: DestinationName[];
  /** Workers of each kind. */
  workers: number;
}

/** What a schedule needs; scenarios that the config does not have are named: exit 64. */
export function needsOf(schedule: Schedule, { scenarios }: Pick<Config, "scenarios">): Needs {
  const jobs = jobsOf(schedule, scenarios);
  return {
    releases: schedule.releases,
    steps: versionStepsOf(schedule),
    engines: [...new Set(jobs.map(({ engine }) => engine))],
    destinations: [...new Set(jobs.flatMap(({ scenario }) => destinationNameOf(scenario) ?? []))],
    workers: schedule.workload.workers,
  };
}
