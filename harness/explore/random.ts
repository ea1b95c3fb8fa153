import fc from "fast-check";
import { isApplicable } from "../schedule/applicable.ts";
import { faultKinds } from "../schedule/faults.ts";
import {
  type Fault,
  type FaultKind,
  type Planned,
  type Schedule,
  type Site,
  scheduleFormat,
  type WorkloadJob,
} from "../schedule/schedule.ts";
import type { Workload } from "./workloads.ts";

/** Schedules at random, by seed. fast-check makes them, so that the same seed gives the same ones everywhere. */

const mostFaults = 6;
/** Lengths around every limit of the system: time-outs, leases, back-offs, declared waits. */
const lengths = [0, 50, 1_000, 9_000, 11_000, 29_000, 31_000, 60_000, 180_000, 540_000, 660_000];

const length = fc.oneof(fc.constantFrom(...lengths), fc.integer({ min: 0, max: 120_000 }));

const arbitraries = Object.values(faultKinds).map(({ random }) => random({ fc, length }));
const faultArbitrary: fc.Arbitrary<Fault> = fc.oneof(...arbitraries.flat());
/** Kinds of which random faults can be made. */
const kinds = (Object.keys(faultKinds) as FaultKind[]).filter((_, i) => arbitraries[i]?.length !== 0);

/**
 * Swarm: each schedule draws from a few kinds of fault only, since a run in which everything may happen seldom gets
 * far enough for anything deep to happen. Jobs are those of the workloads, sites those that such jobs come to.
 */
export function scheduleArbitrary(workloads: readonly Workload[]): fc.Arbitrary<Schedule> {
  return fc
    .record({
      seed: fc.integer({ min: 0, max: 0xffff_ffff }),
      chosen: fc.array(fc.constantFrom(...workloads), { minLength: 1, maxLength: 2 }),
      workers: fc.integer({ min: 1, max: 3 }),
      apis: fc.integer({ min: 1, max: 2 }),
      swarm: fc.subarray(kinds, { minLength: 1 }),
      drawn: fc.array(fc.record({ site: fc.nat(), fault: faultArbitrary }), {
        minLength: 1,
        maxLength: mostFaults,
      }),
    })
    .map(({ seed, chosen, workers, apis, swarm, drawn }): Schedule => {
      const sites = sitesOf(chosen);
      const jobs = chosen.flatMap(({ base }) => base.workload.jobs);
      const { releases } = (chosen[0] as Workload).base;
      return {
        format: scheduleFormat,
        workload: { jobs, workers },
        releases: apis === 1 ? releases : { ...releases, beside: [releases.api] },
        seed,
        faults: distinct(
          drawn
            .filter(({ fault }) => swarm.includes(fault.kind))
            .map(({ site, fault }) => ({ at: sites[site % sites.length] as Site, fault }))
            .filter(({ at, fault }) => isApplicable(at, fault, jobs.length)),
        ),
      };
    })
    .filter(({ faults }) => faults.length > 0);
}

/** Faults at some of these sites, one a site, up to the most. A drawn fault that means nothing at its site is left out. */
export const sampleFaults = (
  sites: readonly Site[],
  jobs: number,
  { seed, most }: { seed: number; most: number },
): Planned[] =>
  distinct(
    fc
      .sample(fc.record({ at: fc.constantFrom(...sites), fault: faultArbitrary }), { seed, numRuns: most })
      .filter(({ at, fault }) => isApplicable(at, fault, jobs)),
  );

/** Sites of one-job workloads when their jobs are numbered as those of one schedule. */
const sitesOf = (chosen: readonly Workload[]): Site[] =>
  chosen.flatMap(({ reached }, i) =>
    reached.map((site) => (site.job === null ? site : { ...site, job: i + 1 })),
  );

/** One fault a site. */
const distinct = (faults: Planned[]): Planned[] => [
  ...new Map(faults.map((planned) => [JSON.stringify(planned.at), planned])).values(),
];

export const sampleSchedules = (workloads: readonly Workload[], seed: number, count: number): Schedule[] =>
  fc.sample(scheduleArbitrary(workloads), { seed, numRuns: count });

/** Schedules that differ from this one by one fault: one left out, one moved on by an occurrence, one more. */
export function neighbours(schedule: Schedule, workloads: readonly Workload[], seed: number): Schedule[] {
  const { faults, workload } = schedule;
  const sites = sitesOf(workload.jobs.flatMap((job) => workloads.filter((other) => isOf(other, job))));
  const without = faults.map((_, i) => faults.filter((__, j) => j !== i));
  const later = faults.map((planned, i) =>
    faults.map((other, j) =>
      i === j ? { ...planned, at: { ...planned.at, occurrence: planned.at.occurrence + 1 } } : other,
    ),
  );
  const added = fc
    .sample(fc.record({ site: fc.constantFrom(...sites), fault: faultArbitrary }), { seed, numRuns: 3 })
    .filter(({ site, fault }) => isApplicable(site, fault, workload.jobs.length))
    .map(({ site, fault }) => [...faults, { at: site, fault }]);
  return [...without, ...later, ...added]
    .filter((list) => list.length > 0)
    .map((list) => ({ ...schedule, faults: distinct(list) }));
}

const isOf = ({ base }: Workload, { engine, scenario }: WorkloadJob): boolean =>
  base.workload.jobs.some((own) => own.engine === engine && own.scenario === scenario);
