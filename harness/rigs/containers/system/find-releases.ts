import type { Generation } from "../../../../contracts/job.ts";
import type { Component, Config, WorkerComponent } from "../../../config/config.ts";
import { InfrastructureError } from "../../../errors.ts";
import type { Schedule, VersionStep } from "../../../schedule/schedule.ts";

/** The builds that a schedule is about, as components of the config. */
export interface Released {
  api: Component;
  workers: ReadonlyMap<Generation, WorkerComponent>;
  /** Those that a version step may start, by what they are releases of. */
  later: readonly (readonly [name: string, build: Component])[];
}

/** Finds the image of every release that these generations need. Those that have none are named, all at once: exit 3. */
export function findReleases(
  config: Config,
  releases: Schedule["releases"],
  generations: readonly Generation[],
  steps: readonly VersionStep[] = [],
): Released {
  const missing = [
    ...missingImages(config, releases, generations),
    ...steps.flatMap((step) => missingImages(config, afterStep(releases, step, generations), generations)),
  ];
  if (missing.length > 0) throw noImages([...new Set(missing)], config);
  const workers = generations.map((generation) => {
    const release = releases.workers[generation] ?? config.current;
    return [generation, workerRelease(config, generation, release) as WorkerComponent] as const;
  });
  const later = steps.flatMap(({ process, release }): Released["later"] =>
    process === "api"
      ? [["api", apiRelease(config, release) as Component]]
      : generations.map((generation) => [
          `worker-${generation}`,
          workerRelease(config, generation, release) as Component,
        ]),
  );
  return { api: config.api[releases.api] as Component, workers: new Map(workers), later };
}

/** A worker of any generation may be the one that a step is about. */
const afterStep = (
  { api, workers }: Schedule["releases"],
  { process, release }: VersionStep,
  generations: readonly Generation[],
): Schedule["releases"] =>
  process === "api"
    ? { api: release, workers }
    : { api, workers: Object.fromEntries(generations.map((generation) => [generation, release])) };

/** The releases that have no image in the config, in words. */
export function missingImages(
  config: Config,
  { api, workers }: Schedule["releases"],
  generations: readonly Generation[],
): string[] {
  const ofWorkers = generations.flatMap((generation) => {
    const release = workers[generation] ?? config.current;
    return hasImage(workerRelease(config, generation, release)) ? [] : [`worker-${generation} ${release}`];
  });
  return [...(hasImage(apiRelease(config, api)) ? [] : [`api ${api}`]), ...ofWorkers];
}

/** The worker of a generation in a release of its own or, for the current one, as it stands in the config. */
export function workerRelease(
  { workers, current }: Config,
  generation: Generation,
  release: string,
): WorkerComponent | undefined {
  const all = Object.values(workers).filter((worker) => worker.generation === generation);
  if (release === current) return all[0];
  const worker = all.find(({ releases }) => Object.hasOwn(releases, release));
  const build = worker?.releases[release];
  return worker && build && { ...build, generation, engines: worker.engines, releases: {} };
}

/** A schedule kills and pauses what it runs on, which only works for containers. */
const hasImage = (component: Component | undefined): boolean =>
  component !== undefined && "image" in component;

export const apiRelease = ({ api }: Config, release: string): Component | undefined =>
  Object.hasOwn(api, release) ? api[release] : undefined;

function noImages(missing: readonly string[], { api, workers, current }: Config): InfrastructureError {
  const ofWorkers = Object.values(workers).flatMap(({ releases }) => Object.keys(releases));
  const known = (releases: readonly string[]) => [...new Set([current, ...releases])].join(", ");
  return new InfrastructureError({
    component: "releases",
    expected: "each to have an image in the config",
    happened: `there is none for ${missing.join(" and ")}`,
    next: `for api name one of ${known(Object.keys(api))}; for worker name one of ${known(ofWorkers)}; or a config that has them with --config: under api, or under releases of a worker`,
  });
}
