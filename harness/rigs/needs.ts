import type { Engine } from "../../contracts/job.ts";
import type { OperationId } from "../../contracts/operations.ts";
import type { Config } from "../config/config.ts";
import { lackedBy, lacksOf } from "../config/lacks.ts";
import type { DestinationName } from "../destinations/index.ts";
import { UsageError } from "../errors.ts";
import { destinationNameOf } from "../schedule/scenario.ts";
import { type ReleaseStep, type Schedule, versionStepsOf } from "../schedule/schedule.ts";
import { type Job, jobsOf } from "./workload.ts";

/** What a system has to be for schedules to be run on it. */
export interface Needs {
  releases: Schedule["releases"];
  steps: readonly ReleaseStep[];
  engines: Engine[];
  destinations: DestinationName[];
  /** Workers of each kind. */
  workers: number;
  /** The scenarios of which a job comes by itself, when it is due. */
  due: string[];
}

/** What a schedule needs; scenarios that the config does not have, or an API of the schedule cannot do, are named: exit 64. */
export function needsOf(schedule: Schedule, config: Pick<Config, "api" | "scenarios">): Needs {
  const jobs = jobsOf(schedule, config.scenarios);
  for (const release of apisOf(schedule)) refuseImpossible(jobs, release, config);
  return {
    releases: schedule.releases,
    steps: versionStepsOf(schedule),
    engines: [...new Set(jobs.map(({ engine }) => engine))],
    destinations: [...new Set(jobs.flatMap(({ scenario }) => destinationNameOf(scenario) ?? []))],
    workers: schedule.workload.workers,
    due: jobs.flatMap(({ template: { due, name } }) => (due ? [name] : [])),
  };
}

/** Every release of which an API process is, or comes to be. */
const apisOf = (schedule: Schedule): string[] => [
  ...new Set([
    schedule.releases.api,
    ...(schedule.releases.beside ?? []),
    ...versionStepsOf(schedule).flatMap(({ process, release }) => (process === "api" ? [release] : [])),
  ]),
];

/** What one of the APIs of a schedule lacks. */
export const lacksIn = (schedule: Schedule, config: Pick<Config, "api">): OperationId[] =>
  apisOf(schedule).flatMap((release) => lacksOf(config, release));

function refuseImpossible(jobs: readonly Job[], release: string, config: Pick<Config, "api">): void {
  for (const { number, template } of jobs) {
    const [first] = lackedBy(config, release, template);
    if (first !== undefined)
      throw new UsageError(
        `job ${number} of the schedule: API ${release} lacks ${first}, which the scenario ${template.name} takes; leave the job out, or take another release`,
      );
  }
}
