import type { Generation } from "../../contracts/job.ts";
import { type Fault, type Planned, type Schedule } from "../schedule/schedule.ts";
import { startOf, stepsOf } from "./live.ts";

/** Rolling plans whatever their releases are called: from those that are there at the start to others, and back. */

/** Where a rolling plan leads: the release of each component that its steps change. */
export interface Rolled {
  api?: string | undefined;
  workers: Readonly<Partial<Record<Generation, string>>>;
}

/** Where the steps of a plan lead; or why that cannot be said. */
export function rollOf(schedule: Schedule): Rolled | string {
  const all = new Map<Generation | null, Set<string>>();
  for (const { process, release, from, generation } of stepsIn(schedule)) {
    if (process === null)
      return "a version step does not name its process: give it a name such as worker-v5-1";
    if (release !== from) all.set(generation, (all.get(generation) ?? new Set()).add(release));
  }
  const several = [...all.values()].find(({ size }) => size > 1);
  if (several !== undefined)
    return `it leads to the releases ${[...several].join(" and ")} of one component, and a plan leads to one and back`;
  if (all.size === 0) return "no version step of it leads to another release";
  const to = [...all].map(([generation, [release]]) => [generation ?? "api", release as string] as const);
  const { api, ...workers } = Object.fromEntries(to) as Record<string, string>;
  return { api, workers };
}

/** The same plan from these releases to those. */
export function rolledFrom(schedule: Schedule, releases: Schedule["releases"], to: Rolled): Schedule {
  const begins = ({ release, generation }: Step) =>
    (generation === null ? releases.api : releases.workers[generation]) ?? release;
  const leads = ({ release, generation }: Step) =>
    (generation === null ? to.api : to.workers[generation]) ?? release;
  const { faults } = withSteps(schedule, (step) => (step.release === step.from ? begins(step) : leads(step)));
  return { ...schedule, releases, faults };
}

/** A version step, and the release that its process is of at the start; null where it names none that is there. */
interface Step {
  planned: Planned;
  process: string | null;
  generation: Generation | null;
  release: string;
  from: string | null;
}

/** The plan with another word for the release of each version step. */
export function withSteps(schedule: Schedule, rename: (step: Step) => string): Schedule {
  const steps = new Map(stepsIn(schedule).map((step) => [step.planned, step]));
  const faults = schedule.faults.map((planned): Planned => {
    const step = steps.get(planned);
    return step === undefined
      ? planned
      : { ...planned, fault: { ...planned.fault, release: rename(step) } as Fault };
  });
  return { ...schedule, faults };
}

function stepsIn(schedule: Schedule): Step[] {
  const first = startOf(schedule);
  return stepsOf(schedule).map((planned) => {
    const { process: kind, name = kind, release } = planned.fault;
    // A life that has replaced another has the name of that one, and a number.
    const found = first.find((one) => name === one.name || name.startsWith(`${one.name}.`));
    return {
      planned,
      process: found?.name ?? null,
      generation: found?.generation ?? null,
      release,
      from: found?.release ?? null,
    };
  });
}
