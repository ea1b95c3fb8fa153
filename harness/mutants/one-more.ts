import type { Run } from "../rigs/run.ts";
import { singlesAt } from "../schedule/catalog.ts";
import type { Schedule, Site } from "../schedule/schedule.ts";

/** A schedule that was run and the sites that it reached. */
export type Explored = Pick<Run, "schedule" | "reached">;

/** The schedule with one more fault, at every wanted site from its last one on. */
export function oneMore(
  { schedule, reached }: Explored,
  wanted: (site: Site) => boolean = () => true,
): Schedule[] {
  // Nothing breaks while the API is put to the test.
  if (schedule.workload.probe !== undefined) return [];
  const last = schedule.faults.at(-1);
  const from = last === undefined ? 0 : reached.findIndex((site) => isSame(site, last.at));
  return singlesAt(reached.slice(Math.max(0, from)).filter(wanted), schedule.workload.jobs.length)
    .filter((next) => last === undefined || !isSame(next, last))
    .map((next) => ({ ...schedule, faults: [...schedule.faults, next] }));
}

/** Whether no run of these reached the site. */
export function elsewhereThan(runs: readonly Explored[]): (site: Site) => boolean {
  const usual = new Set(runs.flatMap(({ reached }) => reached.map((site) => JSON.stringify(site))));
  return (site) => !usual.has(JSON.stringify(site));
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
