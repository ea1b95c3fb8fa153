import type { AttestedBuild, RunEvent } from "../history/event.ts";
import { firstLife } from "../rigs/later-life.ts";
import { isApi } from "../world/is-api.ts";

/** Several workers of a kind have numbers behind its name, and so have later lives of one. */
export const kindOf = ({ component }: AttestedBuild): string => firstLife(component).replace(/-\d+$/, "");

/** The builds of a run by the components of the config: several of a kind are one where they are the same build. */
export function componentsIn(builds: readonly AttestedBuild[], { schedule }: RunEvent): AttestedBuild[] {
  const isNamed = schedule.workload.workers === 1;
  const nameOf = (build: AttestedBuild) =>
    isNamed && !isApi(build.component) ? build.component : kindOf(build);
  return [...Map.groupBy(builds, nameOf)].flatMap(([component, all]) => {
    const [first] = all as [AttestedBuild];
    const isOne = all.every(({ digest, image }) => digest === first.digest && image === first.image);
    return isOne ? [{ ...first, component }] : all;
  });
}
