import { apisOf, printPlanned, type Schedule } from "../schedule/schedule.ts";

/** One line for what is run, and one a fault: `after the 2nd worker.finish of job 1 (worker->api): lost`. */
export function printSchedule({ workload, releases, seed, faults }: Schedule): string[] {
  const jobs = workload.jobs.map(({ scenario, engine }, i) => `job ${i + 1}: ${scenario} on ${engine}`);
  const builds = [
    ...apisOf(releases).map(([name, build]) => `${name} ${build}`),
    ...Object.entries(releases.workers).map(([name, build]) => `worker-${name} ${build}`),
  ];
  return [
    `${jobs.join("; ")}; ${workload.workers} ${workload.workers === 1 ? "worker" : "workers"}; ${builds.join(", ")}; seed ${seed}`,
    ...faults.map(printPlanned),
  ];
}
