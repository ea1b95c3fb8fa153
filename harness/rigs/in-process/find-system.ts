import type { InProcessBuilds, InProcessSystem } from "../../../contracts/in-process.ts";
import { generations } from "../../../contracts/job.ts";
import type { Config } from "../../config.ts";
import { InfrastructureError, UsageError } from "../../errors.ts";
import type { Schedule, VersionStep } from "../../schedule/schedule.ts";

type Releases = Schedule["releases"];

/**
 * The system in which these releases work together, and which can go on as those of the steps. A release that is not
 * known is named, with those that are.
 */
export async function findSystem(
  config: Config,
  releases: Releases,
  steps: readonly VersionStep[] = [],
): Promise<InProcessSystem> {
  if (config.inProcess === undefined) {
    throw new UsageError("the config has no inProcess builds, which this rig runs; another rig may do");
  }
  const builds = await config.inProcess();
  const isKnown = knownBy(builds);
  const system = builds.system(releases);
  if (system !== undefined && steps.every(({ release }) => isKnown(release))) return system;
  const named = [
    ["api", releases.api],
    ...generations.map((generation) => [`worker-${generation}`, releases.workers[generation]]),
    ...steps.map((step) => [step.process, step.release]),
  ];
  const unknown = named.flatMap(([component, release]) =>
    release === undefined || isKnown(release) ? [] : [`no ${component} ${release}`],
  );
  const ids = [config.current, ...Object.keys(config.api), ...builds.plantedFaults.map(({ id }) => id)];
  const known = [...new Set(ids)].filter(isKnown);
  throw new InfrastructureError({
    component: "releases",
    expected: "each to be among the in-process builds of the config",
    happened: unknown.length > 0 ? `there is ${unknown.join(" and ")}` : "they do not go together",
    next: `name one of ${known.join(", ")}, or a config that has them with --config`,
  });
}

const knownBy =
  (builds: InProcessBuilds) =>
  (release: string): boolean =>
    builds.system({ api: release, workers: {} }) !== undefined;
