import type { InProcessSystem } from "../../../contracts/in-process.ts";
import { clusters, generations } from "../../../contracts/job.ts";
import { type AttestedBuild, historyVersion, type RunEvent } from "../../history/event.ts";
import { apisOf, type Schedule } from "../../schedule/schedule.ts";
import { type Job, scenariosOf } from "../workload.ts";
import { customers } from "./accounts.ts";
import { limitsIn } from "./processes/limits-in.ts";

/** The first event of a history in process: under a virtual clock, which begins at no time of the day. */
export function runEventOf(
  system: InProcessSystem,
  schedule: Schedule,
  jobs: readonly Job[],
  rig: string,
): RunEvent {
  const [limits, ...others] = limitsIn(system, schedule);
  return {
    kind: "run",
    version: historyVersion,
    id: `${rig}-${schedule.seed}`,
    rig,
    epoch: null,
    schedule,
    scenarios: scenariosOf(jobs),
    limits,
    ...(others.length === 0 ? {} : { laterLimits: others }),
    builds: buildsOf(schedule),
    ...(system.notices === undefined ? {} : { notices: { ...system.notices, accounts } }),
  };
}

const accounts = Object.fromEntries(clusters.map((cluster) => [cluster, customers[cluster].account]));

/** Code in this process is known by its release. */
const buildsOf = ({ releases }: Schedule): AttestedBuild[] => [
  ...apisOf(releases).map(([component, release]) => ({
    component,
    release,
    digest: "in-process",
    image: null,
  })),
  ...generations.flatMap((generation) => {
    const release = releases.workers[generation];
    const component = `worker-${generation}`;
    return release === undefined ? [] : [{ component, release, digest: "in-process", image: null }];
  }),
];
