import type { Config } from "../config/config.ts";
import type { Scenario } from "../schedule/scenario.ts";
import type { Planned, Schedule } from "../schedule/schedule.ts";
import type { RigKind } from "./rig.ts";

/** The faults of a schedule that a rig cannot do where they are planned, and why. */
export const beyondIn = (
  { beyond }: Pick<RigKind, "beyond">,
  { faults, workload }: Pick<Schedule, "faults" | "workload">,
  config: Config,
): Map<Planned, string> =>
  new Map(
    faults.flatMap((planned) => {
      const why = beyond(planned, config, scenarioAt(planned, workload, config));
      return why === null ? [] : [[planned, why] as const];
    }),
  );

/** What is tried by the job at which a fault is planned; undefined for a site that is about no job. */
const scenarioAt = (
  { at }: Planned,
  { jobs }: Schedule["workload"],
  { scenarios }: Config,
): Scenario | undefined => {
  const name = at.job === null ? undefined : jobs[at.job - 1]?.scenario;
  return scenarios.find((scenario) => scenario.name === name);
};
