import type { AttestedBuild, RunEvent } from "../history/event.ts";
import { canonical } from "../history/hash.ts";
import { firstLife } from "../rigs/later-life.ts";
import { isApi } from "../world/is-api.ts";

type Named = Pick<AttestedBuild, "component">;

/**
 * The component of the config that a process is: later lives have a suffix of their own. Processes of an API have numbers
 * behind its name, and so have workers where a run has several of a kind; any other number is the config's own.
 */
export function componentOf({ component }: Named, { schedule }: Pick<RunEvent, "schedule">): string {
  const first = firstLife(component);
  return isApi(first) || schedule.workload.workers > 1 ? withoutNumber(first) : first;
}

/** The components that it may be, where nobody knows yet how many of a kind its run had. */
export function possibleComponents({ component }: Named): string[] {
  const first = firstLife(component);
  return isApi(first) ? [withoutNumber(first)] : [first, withoutNumber(first)];
}

const withoutNumber = (name: string): string => name.replace(/-\d+$/, "");

/** The builds of a run by the components of the config, each once: processes of one kind may be of several builds. */
export function componentsIn(builds: readonly AttestedBuild[], run: RunEvent): AttestedBuild[] {
  const named = builds.map((build) => ({ ...build, component: componentOf(build, run) }));
  return named.filter(
    (build, i) =>
      named.findIndex(
        ({ component, digest, image }) =>
          component === build.component && digest === build.digest && image === build.image,
      ) === i,
  );
}

/** What runs began with, in whatever order and under whatever release's name: equal for the same builds. */
export const startOf = (builds: readonly AttestedBuild[]): string =>
  canonical(
    builds
      .map(({ component, digest, image }) => ({ component, digest, image }))
      .toSorted((a, b) => (a.component < b.component ? -1 : 1)),
  );

/** The component of which a run began with several builds, of which nobody knows which one did what; null where none was. */
export const mixedIn = (builds: readonly Named[]): string | null =>
  builds.find(({ component }, i) => builds.findIndex((one) => one.component === component) < i)?.component ??
  null;
