import type { InProcessBuilds, InProcessSystem } from "../../../contracts/in-process.ts";
import { generations } from "../../../contracts/job.ts";
import type { Component, Config } from "../../config/config.ts";
import { InfrastructureError, UsageError } from "../../errors.ts";
import { apisOf, type ReleaseStep, type Schedule } from "../../schedule/schedule.ts";

type Releases = Schedule["releases"];

/** A component and a release that it is to be of: `api`, `worker-v5`, or `worker` of any generation. */
export type Named = readonly [component: string, release: string];

/** The releases that a run is about: those that it begins with, and those of its steps. */
export function namedBy(
  { current }: Pick<Config, "current">,
  releases: Releases,
  steps: readonly ReleaseStep[],
): Named[] {
  return [
    ...apisOf(releases).map(([, release]): Named => ["api", release]),
    ...generations.map(
      (generation): Named => [`worker-${generation}`, releases.workers[generation] ?? current],
    ),
    ...steps.map(({ process, release }): Named => [process, release]),
  ];
}

/**
 * The system in which these releases work together, and which can switch to those of the steps. A configured build without
 * code in this process is refused: other code would run under its name. A release that is not known is named, with those
 * that are.
 *
 * @param rig what asks, for messages
 * @param others what else it must be able to switch to
 */
export async function findSystem(
  config: Config,
  releases: Releases,
  steps: readonly ReleaseStep[],
  rig: string,
  others: readonly Named[] = [],
): Promise<InProcessSystem> {
  const { inProcess, current } = config;
  if (inProcess === undefined)
    throw new UsageError(
      `the config has no builds as code in this process (inProcess), which the ${rig} rig runs; --rig containers runs images, programs and URLs`,
    );
  const wanted = [...namedBy(config, releases, steps), ...others];
  refuseOtherBuilds(config, wanted, rig);
  const { builds, unknown } = await loaded(inProcess, current, wanted);
  const system = builds.system(releases);
  if (system !== undefined && unknown.length === 0) return system;
  throw await notKnown(unknown, config);
}

/** Refuses configured builds other than the images whose code the config provides. */
function refuseOtherBuilds(config: Config, wanted: readonly Named[], rig: string): void {
  const { images } = config.inProcess as NonNullable<Config["inProcess"]>;
  if (images === "all") return;
  const others = wanted
    .flatMap((named) => componentsOf(config, named).map((component) => ({ named, component })))
    .filter(({ component }) => !("image" in component && images.includes(component.image)));
  if (others.length === 0) return;
  const told = others.map(({ named, component }) => `${named.join(" ")} is ${formOf(component)}`);
  throw new UsageError(
    `${[...new Set(told)].join("; ")}: the ${rig} rig has no code of it and runs nothing in its name; --rig containers runs it`,
  );
}

/** What the config has under a release; nothing for one that is code alone. */
function componentsOf({ api, workers, current }: Config, [component, release]: Named): Component[] {
  if (component === "api") return Object.hasOwn(api, release) ? [api[release] as Component] : [];
  return Object.values(workers)
    .filter(({ generation }) => component === "worker" || component === `worker-${generation}`)
    .flatMap((worker) => (release === current ? [worker] : (worker.releases[release] ?? [])));
}

const formOf = (component: Component): string =>
  "image" in component
    ? `the image ${component.image}`
    : "url" in component
      ? "what runs at a URL"
      : `the program ${component.command[0]}`;

async function notKnown(unknown: readonly Named[], config: Config): Promise<InfrastructureError> {
  const components = [...new Set(unknown.map(([component]) => component))];
  const known = await Promise.all(
    components.map(async (component) => {
      const releases = await releasesOfCode(config, component);
      return `for ${component} name one of ${releases.join(", ")}`;
    }),
  );
  return new InfrastructureError({
    component: "releases",
    expected: "each to be among the in-process builds of the config",
    happened:
      unknown.length > 0
        ? `there is ${unknown.map(([component, release]) => `no ${component} ${release}`).join(" and ")}`
        : "they do not go together",
    next:
      unknown.length > 0
        ? [...known, "or a config that has them with --config"].join("; ")
        : "name releases that one system of the config can run together",
  });
}

/** Those of them of which the config has no code; none where it has no code at all. */
export async function withoutCode(config: Config, wanted: readonly Named[]): Promise<Named[]> {
  const { inProcess, current } = config;
  return inProcess === undefined ? [] : (await loaded(inProcess, current, wanted)).unknown;
}

/** The builds that are wanted, and what is wanted and not among them. */
async function loaded(
  { load }: NonNullable<Config["inProcess"]>,
  current: string,
  wanted: readonly Named[],
): Promise<{ builds: InProcessBuilds; unknown: Named[] }> {
  const builds = await load([current, ...wanted.map(([, release]) => release)]);
  const isKnown = knownBy(builds, current);
  return { builds, unknown: wanted.filter((named) => !isKnown(named)) };
}

/** The releases of a component of which the config has code. */
export async function releasesOfCode(config: Config, component: string): Promise<string[]> {
  const builds = await config.inProcess?.load();
  if (builds === undefined) return [];
  const isKnown = knownBy(builds, config.current);
  const ids = new Set([config.current, ...Object.keys(config.api), ...builds.mutants.map(({ id }) => id)]);
  return [...ids].filter((id) => isKnown([component, id]));
}

const knownBy =
  (builds: InProcessBuilds, current: string) =>
  ([component, release]: Named): boolean => {
    const releases =
      component === "api"
        ? { api: release, workers: {} }
        : { api: current, workers: Object.fromEntries(generations.map((name) => [name, release])) };
    return builds.system(releases) !== undefined;
  };
