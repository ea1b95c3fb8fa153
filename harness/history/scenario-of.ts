import { clusterOf } from "../../contracts/job.ts";
import { type Scenario, scenarioFor } from "../schedule/scenario.ts";
import type { RunEvent } from "./event.ts";

/** The scenario of a job of the workload with its customer's rows; undefined where the history does not hold it. */
export function scenarioOfNumber(
  { schedule, scenarios }: Pick<RunEvent, "schedule" | "scenarios">,
  number: number,
): Scenario | undefined {
  const job = schedule.workload.jobs[number - 1];
  const scenario = job === undefined ? undefined : scenarios[job.scenario];
  return job === undefined || scenario === undefined
    ? undefined
    : scenarioFor(scenario, clusterOf(job.engine));
}
