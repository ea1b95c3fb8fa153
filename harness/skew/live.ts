import { type Generation, generationOf } from "../../contracts/job.ts";
import type { SkewPolicy } from "../config/skew-policy.ts";
import { laterLife } from "../rigs/later-life.ts";
import {
  apisOf,
  type Planned,
  processNames,
  type Schedule,
  type VersionStep,
  versionStepsOf,
} from "../schedule/schedule.ts";

/** Who is live while a system is rolled out. */

/** One process of a component, and the release that it is of. */
export interface LiveProcess {
  name: string;
  /** Null for the API. */
  generation: Generation | null;
  release: string;
}

/** The processes that a schedule begins with. */
export function startOf(schedule: Pick<Schedule, "workload" | "releases">): LiveProcess[] {
  const { releases, workload } = schedule;
  const generations = new Set(workload.jobs.map(({ engine }) => generationOf(engine)));
  const workers = processNames(schedule).worker;
  return [
    ...apisOf(releases).map(([name, release]) => ({ name, generation: null, release })),
    ...[...generations].flatMap((generation) =>
      workers
        .filter((name) => name.startsWith(`worker-${generation}-`))
        .map((name) => ({ name, generation, release: releases.workers[generation] ?? "current" })),
    ),
  ];
}

/** The version steps of a schedule, in the order of its faults. A rolling plan is a schedule that has some. */
export const stepsOf = ({ faults }: Pick<Schedule, "faults">): (Planned & { fault: VersionStep })[] =>
  faults.filter(
    (planned): planned is Planned & { fault: VersionStep } =>
      versionStepsOf({ faults: [planned] }).length > 0,
  );

/** Who is live at first, and once each step is taken; a process that is replaced by its next life is there beside it. */
export function statesOf(schedule: Schedule): LiveProcess[][] {
  let live = startOf(schedule);
  return [
    live,
    ...stepsOf(schedule).map(({ fault }) => {
      const { name = "", release, kind } = fault;
      const isSurge = kind === "surge";
      const old = live.filter((one) => isSurge && one.name === name);
      live = live.map((one) =>
        one.name === name ? { ...one, name: isSurge ? laterLife(name) : name, release } : one,
      );
      return [...live, ...old];
    }),
  ];
}

/** Why these may not be live together; null where they may. */
export function whyNotTogether({ apis }: SkewPolicy, live: readonly LiveProcess[]): string | null {
  const served = [
    ...new Set(live.flatMap(({ generation, release }) => (generation === null ? release : []))),
  ];
  const places = served.map((release) => apis.findIndex((one) => one.release === release));
  const strange = served.find((_, i) => places[i] === -1);
  if (strange !== undefined) return `the policy does not know the API ${strange}`;
  if (Math.max(...places) - Math.min(...places) > 1)
    return `the APIs ${served.join(" and ")} are no neighbours in the policy`;
  for (const place of places) {
    const { release: api, takes } = apis[place] as SkewPolicy["apis"][number];
    const refused = live.find(
      ({ generation, release }) => generation !== null && takes[generation]?.includes(release) !== true,
    );
    if (refused !== undefined)
      return `the API ${api} does not take ${refused.generation} workers of release ${refused.release}`;
  }
  return null;
}

/** What is wrong with a plan under a policy: a step that names no process, or leads to what may not be. */
export function planProblems(policy: SkewPolicy, schedule: Schedule): string[] {
  const unnamed = stepsOf(schedule).flatMap(({ fault }, i) =>
    fault.name === undefined ? [`step ${i + 1} does not name its process`] : [],
  );
  if (unnamed.length > 0) return unnamed;
  return statesOf(schedule).flatMap((live, i) => {
    const why = whyNotTogether(policy, live);
    return why === null
      ? []
      : [`${i === 0 ? "the start" : `step ${i}`} leaves together what may not be: ${why}`];
  });
}
