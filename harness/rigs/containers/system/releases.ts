import { type Engine, type Generation, generationOf } from "../../../../contracts/job.ts";
import type { Component, Config, WorkerComponent } from "../../../config/config.ts";
import { InfrastructureError, UsageError } from "../../../errors.ts";
import { apisOf, type ReleaseStep, type Schedule } from "../../../schedule/schedule.ts";

/** The builds that a schedule is about, as components of the config. */
export interface Released {
  api: Config["api"][string];
  /** The other processes of the API, by name. */
  beside: readonly NamedBuild[];
  /** By the name of the worker in the config. */
  workers: ReadonlyMap<string, WorkerComponent>;
  /** Those that a version step may start, by what they are releases of. */
  later: readonly NamedBuild[];
}

type NamedBuild = readonly [name: string, build: Component];
type Releases = Schedule["releases"];

/**
 * Finds the component of every release that jobs on these engines need. What the config does not have is named, all at
 * once: exit 3. An engine that no worker of the config runs is a wrong schedule for this config: exit 64.
 */
export function findReleases(
  config: Config,
  releases: Releases,
  engines: readonly Engine[],
  steps: readonly ReleaseStep[] = [],
): Released {
  const needed = workersFor(config, engines);
  const missing = missingReleases(config, releases, engines);
  if (missing.length > 0) throw notThere(missing, config);
  const noImages = new Set(steps.flatMap((step) => missingImages(config, step, needed)));
  if (noImages.size > 0) throw noImage([...noImages], config);
  const workers = [...needed].map(
    ([name, worker]) =>
      [name, workerRelease(config, worker, releases.workers[worker.generation]) as WorkerComponent] as const,
  );
  const later = steps.flatMap(({ process, release }): Released["later"] =>
    process === "api"
      ? [["api", apiRelease(config, release) as Component]]
      : [...needed].map(([name, worker]) => [name, workerRelease(config, worker, release) as Component]),
  );
  const [[, api], ...beside] = apisOf(releases).map(
    ([name, release]) => [name, apiRelease(config, release) as Component] as const,
  ) as [NamedBuild, ...NamedBuild[]];
  return { api, beside, workers: new Map(workers), later };
}

/** The workers of the config that run one of these engines, by name. */
export function workersFor({ workers }: Config, engines: readonly Engine[]): Map<string, WorkerComponent> {
  const all = Object.entries(workers);
  const without = engines.filter((engine) => !all.some(([, worker]) => worker.engines.includes(engine)));
  if (without.length > 0)
    throw new UsageError(`no worker of the config runs ${[...new Set(without)].join(" or ")}`);
  return new Map(all.filter(([, worker]) => worker.engines.some((engine) => engines.includes(engine))));
}

/** The releases that the config does not have, in words. */
export function missingReleases(config: Config, releases: Releases, engines: readonly Engine[]): string[] {
  const { workers } = releases;
  const apis = new Set(apisOf(releases).map(([, release]) => release));
  const ofWorkers = [...workersFor(config, engines).values()].flatMap((worker) => {
    const release = workers[worker.generation];
    return workerRelease(config, worker, release) === undefined ? [nameOf(worker.generation, release)] : [];
  });
  return [
    ...[...apis].flatMap((release) => (apiRelease(config, release) === undefined ? [`api ${release}`] : [])),
    ...ofWorkers,
  ];
}

/** The releases of version steps of which the config has no image, in words. */
export const missingSteps = (config: Config, step: ReleaseStep, engines: readonly Engine[]): string[] =>
  missingImages(config, step, workersFor(config, engines));

/** A version step starts a container in the place of another. */
function missingImages(
  config: Config,
  { process, release }: ReleaseStep,
  needed: ReadonlyMap<string, WorkerComponent>,
): string[] {
  if (process === "api") return isImage(apiRelease(config, release)) ? [] : [`api ${release}`];
  return [...needed.values()].flatMap((worker) =>
    isImage(workerRelease(config, worker, release)) ? [] : [nameOf(worker.generation, release)],
  );
}

/** A worker in a release of its own or, for the current one, as it stands in the config. */
export function workerRelease(
  { current }: Config,
  worker: WorkerComponent,
  release = current,
): WorkerComponent | undefined {
  if (release === current) return worker;
  const build = Object.hasOwn(worker.releases, release) ? worker.releases[release] : undefined;
  return build && { ...build, generation: worker.generation, engines: worker.engines, releases: {} };
}

export const apiRelease = ({ api }: Config, release: string): Config["api"][string] | undefined =>
  Object.hasOwn(api, release) ? api[release] : undefined;

const isImage = (component: Component | undefined): boolean =>
  component !== undefined && "image" in component;

const nameOf = (generation: Generation, release: string | undefined): string =>
  `worker-${generation} ${release}`;

const notThere = (missing: readonly string[], config: Config): InfrastructureError =>
  new InfrastructureError({
    component: "releases",
    expected: "each to be in the config",
    happened: `there is none for ${missing.join(" and ")}`,
    next: `${choiceOf(config, () => true)}; or a config that has them with --config: under api, or under releases of a worker`,
  });

const noImage = (missing: readonly string[], config: Config): InfrastructureError =>
  new InfrastructureError({
    component: "releases",
    expected:
      "an image of each that a schedule starts in the place of another, which no command and no url can be",
    happened: `there is none of ${missing.join(" and ")}`,
    next: `give them in the config as an image; ${choiceOf(config, isImage)}`,
  });

/** The releases that a schedule may name. */
function choiceOf(config: Config, isFit: (component: Component | undefined) => boolean): string {
  const { api, workers, current } = config;
  const list = (name: string, releases: readonly string[]) =>
    releases.length === 0
      ? `for ${name} there is none to name`
      : `for ${name} name one of ${[...new Set(releases)].join(", ")}`;
  const ofWorkers = Object.values(workers).flatMap((worker) =>
    [current, ...Object.keys(worker.releases)].filter((name) => isFit(workerRelease(config, worker, name))),
  );
  return [
    list(
      "api",
      Object.keys(api).filter((name) => isFit(api[name])),
    ),
    list("worker", ofWorkers),
  ].join("; ");
}

/** The engines that jobs need. */
export const enginesOf = ({ workload }: Schedule): Engine[] => [
  ...new Set(workload.jobs.map(({ engine }) => engine)),
];

/** The generations that run them. */
export const generationsOf = (schedule: Schedule): Generation[] => [
  ...new Set(enginesOf(schedule).map(generationOf)),
];
