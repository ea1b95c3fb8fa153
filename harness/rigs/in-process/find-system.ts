import type { InProcessBuilds, InProcessSystem } from "../../../contracts/in-process.ts";
import { generations } from "../../../contracts/job.ts";
import type { Config } from "../../config/config.ts";
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
  const system = builds.system(releases);
  const wanted: Named[] = [
    ["api", releases.api],
    ...generations.flatMap((generation): Named[] => {
      const release = releases.workers[generation];
      return release === undefined ? [] : [[`worker-${generation}`, release]];
    }),
    ...steps.map(({ process, release }): Named => [process, release]),
  ];
  const isKnown = knownBy(builds, config.current);
  const unknown = wanted.filter((named) => !isKnown(named));
  if (system !== undefined && unknown.length === 0) return system;
  const ids = new Set([
    config.current,
    ...Object.keys(config.api),
    ...builds.mutants.map(({ id }) => id),
  ]);
  const known = (component: string) => [...ids].filter((id) => isKnown([component, id])).join(", ");
  const components = [...new Set(unknown.map(([component]) => component))];
  throw new InfrastructureError({
    component: "releases",
    expected: "each to be among the in-process builds of the config",
    happened:
      unknown.length > 0
        ? `there is ${unknown.map(([component, release]) => `no ${component} ${release}`).join(" and ")}`
        : "they do not go together",
    next: [
      ...components.map((component) => `for ${component} name one of ${known(component)}`),
      "or a config that has them with --config",
    ].join("; "),
  });
}

/** A component and a release that it is to be of: `api`, `worker-v5`, or `worker` of any generation. */
type Named = [component: string, release: string];

const knownBy =
  (builds: InProcessBuilds, current: string) =>
  ([component, release]: Named): boolean => {
    const releases =
      component === "api"
        ? { api: release, workers: {} }
        : { api: current, workers: Object.fromEntries(generations.map((name) => [name, release])) };
    return builds.system(releases) !== undefined;
  };
