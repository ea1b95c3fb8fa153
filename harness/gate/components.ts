import type { AttestedBuild, RunEvent } from "../history/event.ts";

/** Several workers of a kind have numbers behind its name. */
export const kindOf = ({ component }: AttestedBuild): string => component.replace(/-\d+$/, "");

/** The builds of a run by the components of the config: several of a kind are one where they are the same build. */
export function componentsIn(builds: readonly AttestedBuild[], { schedule }: RunEvent): AttestedBuild[] {
  if (schedule.workload.workers === 1) return [...builds];
  return [...Map.groupBy(builds, kindOf)].flatMap(([component, all]) => {
    const [first] = all as [AttestedBuild];
    const isOne = all.every(({ digest, image }) => digest === first.digest && image === first.image);
    return isOne ? [{ ...first, component }] : all;
  });
}
