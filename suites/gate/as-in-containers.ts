import type { AttestedBuild, HistoryEvent } from "../../harness/history/event.ts";
import { sha256 } from "../../harness/secrets.ts";
import { buildOf, runOf, withRun } from "../trust/told-matrix.ts";

/** What differs in containers. Every command that a test calls loads this file: it brings no builds with it. */

export const images = { mysql: `sha256:${"d".repeat(64)}` };

const settings = { sql_mode: "STRICT_TRANS_TABLES" };

/** There a worker that is the only one of its kind has no number. */
export function asInContainers(events: readonly HistoryEvent[], id: string): HistoryEvent[] {
  const isAlone = runOf(events).schedule.workload.workers === 1;
  const all = isAlone ? (withoutNumbers(events) as HistoryEvent[]) : events;
  const builds = runOf(all).builds.map((build) => ({
    ...build,
    image: imageOf({ ...build, component: build.component.replace(/-\d$/, "") }),
  }));
  // A schedule has its own names for workers, wherever it is run.
  const { schedule } = runOf(events);
  return withRun(all.map(withBuild), { id, rig: "containers", schedule, builds, images, settings });
}

/** What names no worker is taken over as it is: a copy of a whole history takes longer than to judge it. */
function withoutNumbers(value: unknown): unknown {
  if (typeof value === "string")
    return value.includes("worker-v") ? value.replaceAll(/worker-v([56])-1/g, "worker-v$1") : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map(withoutNumbers);
    return items.some((item, i) => item !== value[i]) ? items : value;
  }
  const entries = Object.entries(value);
  const others = entries.map(
    ([name, inner]) => [withoutNumbers(name) as string, withoutNumbers(inner)] as const,
  );
  const isOther = others.some(([name, inner], i) => name !== entries[i]?.[0] || inner !== entries[i]?.[1]);
  return isOther ? Object.fromEntries(others) : value;
}

/** There a version step is told with the image that it starts; an API also tells its digest. */
function withBuild(event: HistoryEvent): HistoryEvent {
  const release = event.kind === "component" && /^as release (\S+)/.exec(event.detail)?.[1];
  if (!release) return event;
  const component = event.component.replace(/\.life-\d$/, "").replace(/-\d$/, "");
  const digest = component === "api" ? buildOf(component).digest : null;
  return { ...event, build: { release, digest, image: imageOf({ component, release }) } };
}

/** One for each build. */
const imageOf = ({ component, release }: Pick<AttestedBuild, "component" | "release">): string =>
  `sha256:${sha256(release === "current" ? component : `${component} ${release}`)}`;
