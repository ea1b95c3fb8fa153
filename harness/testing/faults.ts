import fc from "fast-check";
import { faultKinds } from "../schedule/faults.ts";
import { operationsOf } from "../schedule/operations.ts";
import { type Fault, type FaultKind, links, type Site } from "../schedule/schedule.ts";

/** Faults and sites for tests over all kinds. */

const length = fc.nat(86_400_000);
const version = fc.record({
  kind: fc.constant("version" as const),
  process: fc.constantFrom("api" as const, "worker" as const),
  release: fc.string({ minLength: 1 }),
  ms: length,
});

const overtaken = fc.record({
  kind: fc.constant("overtaken" as const),
  statement: fc.integer({ min: 1 }),
  by: fc.record({
    operation: fc.constantFrom(...operationsOf["api->database"]),
    occurrence: fc.integer({ min: 1 }),
  }),
});

const setting = fc.record({
  kind: fc.constant("setting" as const),
  setting: fc.string({ minLength: 1 }),
  value: fc.nat(),
});
const traffic = fc.record({
  kind: fc.constant("traffic" as const),
  to: fc.string({ minLength: 1 }),
  percent: fc.nat(100),
});
/** Those that nobody makes at random. */
const chosen: Partial<Record<FaultKind, fc.Arbitrary<Fault>>> = { overtaken, setting, traffic };

/** Of one kind, also of those that a sweep does not try. */
export const faultOf = (kind: FaultKind): fc.Arbitrary<Fault> => {
  const known = faultKinds[kind].random({ fc, length });
  return chosen[kind] ?? (known.length === 0 ? version : fc.oneof(...known));
};

export const allKinds = Object.keys(faultKinds) as FaultKind[];

export const anyFault: fc.Arbitrary<Fault> = fc.constantFrom(...allKinds).chain(faultOf);

/** Which statement of a call on a link to MySQL. */
const anyStatement = fc.oneof(fc.integer({ min: 1, max: 3 }), fc.constant("commit" as const));

/** A site of a workload with so many jobs, its operation one of its link. */
export const anySite = (jobs: number): fc.Arbitrary<Site> =>
  fc.oneof(
    wholeCall(jobs),
    fc
      .record({ at: wholeCall(jobs), statement: anyStatement })
      .map(({ at, statement }) => ({ ...at, statement })),
  );

const wholeCall = (jobs: number): fc.Arbitrary<Site> =>
  fc.constantFrom(...links).chain((link) =>
    fc.record({
      link: fc.constant(link),
      operation: fc.constantFrom(...operationsOf[link]),
      job: link === "api->database" ? fc.constant(null) : fc.option(fc.integer({ min: 1, max: jobs })),
      occurrence: fc.integer({ min: 1 }),
      phase: fc.constantFrom("before" as const, "after" as const),
    }),
  );
