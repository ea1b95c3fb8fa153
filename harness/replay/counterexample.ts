import { rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { UsageError, unwritten } from "../errors.ts";
import { historyHash } from "../history/hash.ts";
import { pageAt } from "../installation.ts";
import { invariants } from "../invariants/index.ts";
import type { BrokenInvariant } from "../invariants/judge.ts";
import { makeFolder } from "../make-folder.ts";
import type { Run } from "../rigs/run.ts";
import { checked, checkSchedule, parseJson, refuseNewer, refuseProblems } from "../schedule/parse.ts";
import { type Schedule, scheduleSchema } from "../schedule/schedule.ts";

/** A schedule that breaks an invariant, and all that is needed to see it again: one JSON file. */
export const counterexampleFormat = 1;
export const counterexamplesFolder = ".interlock/counterexamples";

const { releases, seed } = scheduleSchema.shape;

export const counterexampleSchema = z
  .strictObject({
    format: z.literal(counterexampleFormat),
    kind: z.literal("counterexample"),
    /** The builds in which it was found, and the seed: those of the schedule, for whoever reads the file's head. */
    releases,
    seed,
    schedule: scheduleSchema,
    expected: z.strictObject({
      invariant: z.string().min(1),
      /** Number in the workload, from 1; 0 for what is about none of its jobs. */
      job: z.int().nonnegative(),
      /** What contradicts the invariant, a line each. */
      witnesses: z.array(z.string()).min(1),
    }),
    /** SHA-256 of the canonical history on the simulated rig. */
    historyHash: z.string().regex(/^[0-9a-f]{64}$/, "expected 64 hexadecimal digits"),
    /** How it came to be as small as it is. */
    found: z.strictObject({
      /** Faults of the schedule that was shrunk to it. */
      faultsBefore: z.int().min(0),
      /** Schedules that shrinking ran, and how long that took. */
      schedules: z.int().min(0),
      millis: z.int().min(0),
      /** The sweep of the same workload breaks this invariant with no smaller number of faults. */
      globallyMinimal: z.boolean(),
    }),
  })
  .meta({
    id: "Counterexample",
    description: "A schedule that breaks an invariant, as small as Interlock could make it",
  });
export type Counterexample = z.infer<typeof counterexampleSchema>;

/** `run` is that of the simulated rig. */
export const counterexampleOf = (
  { schedule, events }: Run,
  { invariant, job, witnesses }: BrokenInvariant,
  found: Counterexample["found"],
): Counterexample => ({
  format: counterexampleFormat,
  kind: "counterexample",
  releases: schedule.releases,
  seed: schedule.seed,
  schedule,
  expected: { invariant, job, witnesses: [...witnesses] },
  historyHash: historyHash(events),
  found,
});

/** The counterexample in a JSON text; `name` is the file, for messages. Throws UsageError, which names every wrong place. */
export const parseCounterexample = (text: string, name: string): Counterexample =>
  checkCounterexample(parseJson(text, name), name);

/** A schedule from a JSON text, alone or as that of a counterexample, which then comes with it. */
export function parseRunnable(
  text: string,
  name: string,
): { schedule: Schedule; counterexample: Counterexample | null } {
  const value = parseJson(text, name);
  if (typeof value !== "object" || value === null || !("kind" in value))
    return { schedule: checkSchedule(value, name), counterexample: null };
  if (value.kind !== "counterexample")
    throw new UsageError(
      `${name}: kind: ${JSON.stringify(value.kind)} is neither a schedule nor a counterexample\n  next: name one; runs leave them in .interlock/counterexamples`,
    );
  const counterexample = checkCounterexample(value, name);
  return { schedule: counterexample.schedule, counterexample };
}

export function checkCounterexample(value: unknown, name: string): Counterexample {
  refuseNewer(value, counterexampleFormat, name);
  const counterexample = checked(
    counterexampleSchema,
    withSchedule(value, name),
    name,
    `hold it against ${pageAt("counterexample.schema.json")}`,
  );
  const { expected, schedule } = counterexample;
  const known = invariants.map(({ id }) => id);
  refuseProblems(
    [
      ...(known.includes(expected.invariant)
        ? []
        : [`expected.invariant: ${expected.invariant} is none of ${known.join(", ")}`]),
      ...(expected.job <= schedule.workload.jobs.length
        ? []
        : [`expected.job: the workload has no job ${expected.job}`]),
      ...(isDeepStrictEqual(counterexample.releases, schedule.releases)
        ? []
        : ["releases: are not those of the schedule"]),
      ...(counterexample.seed === schedule.seed ? [] : ["seed: is not that of the schedule"]),
    ],
    name,
  );
  return counterexample;
}

/** Its schedule as one of today's format. */
const withSchedule = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && "schedule" in value
    ? { ...value, schedule: checkSchedule(value.schedule, `${name}: schedule`) }
    : value;

/** Where it is kept unless a place is given. */
export const defaultFile = ({ expected, historyHash: hash }: Counterexample): string =>
  join(counterexamplesFolder, `${expected.invariant}-${hash.slice(0, 12)}.json`);

/** Whole or not at all: a reader never finds half of it, also when this process is killed. */
export async function writeCounterexample(counterexample: Counterexample, file: string): Promise<void> {
  const unfinished = `${file}.${process.pid}.tmp`;
  try {
    makeFolder(dirname(file));
    await writeFile(unfinished, `${JSON.stringify(counterexample, null, 2)}\n`);
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => {});
    throw unwritten("counterexample", file, error);
  }
}
