import { isDeepStrictEqual } from "node:util";
import type { InProcessSystem, Releases, SystemLimits } from "../../../../contracts/in-process.ts";
import { generations } from "../../../../contracts/job.ts";
import { type Schedule, versionStepsOf } from "../../../schedule/schedule.ts";

type Limits = readonly [SystemLimits, ...SystemLimits[]];

/** Those of the releases that a schedule begins with, then those of others that a process is of or comes to, each once. */
export function limitsIn(system: InProcessSystem, schedule: Schedule): Limits {
  const { api, beside = [], workers } = schedule.releases;
  const others = [
    ...beside.map((release): Releases => ({ api: release, workers })),
    ...versionStepsOf(schedule).map(
      ({ process, release }): Releases =>
        process === "api"
          ? { api: release, workers }
          : { api, workers: Object.fromEntries(generations.map((generation) => [generation, release])) },
    ),
  ];
  const all = others.flatMap((releases) => system.inReleases(releases)?.limits ?? []);
  const isNew = (one: SystemLimits, i: number) =>
    !isDeepStrictEqual(one, system.limits) && all.findIndex((other) => isDeepStrictEqual(other, one)) === i;
  return [system.limits, ...all.filter(isNew)];
}
