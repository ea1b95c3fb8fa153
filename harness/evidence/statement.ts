import { z } from "zod";
import type { Millis } from "../../contracts/values.ts";
import { historyVersion } from "../history/event.ts";
import { mostShards } from "../matrix/shards.ts";
import { verdicts } from "../verdict.ts";
import { statementType } from "./dsse.ts";
import type { LaterBuild } from "./later-builds.ts";

/** What is attested of a run: in-toto Statements v1, one of our own and beside it those that other tools read. */

/** Ours: all that the gate needs to judge the history again. */
export const runType = "urn:interlock:run:2";
/** The in-toto attestation framework's, version 0.1: names and a result. */
export const testResultType = "https://in-toto.io/attestation/test-result/v0.1";

/** The same framework's Simple Verification Result: who verified what, when. */
const verificationType = "https://in-toto.io/attestation/svr/v0.1";
/** It grows when the same run would be judged otherwise by a reader of the properties. */
const verifierId = "urn:interlock:verifier:1";

export const digest = z.string().regex(/^[0-9a-f]{64}$/, "expected 64 hexadecimal digits");
export const short = z.string().min(1).max(300);

const subject = z.strictObject({
  name: short,
  /** `sha256` of the image; `build` as the component told it. */
  digest: z.strictObject({ sha256: digest.optional(), build: short.optional() }),
});
export type Subject = z.output<typeof subject>;

export const build = z.strictObject({
  component: short,
  release: short,
  digest: short,
  image: short.nullable(),
});

export const releases = z.strictObject({
  api: short,
  workers: z.partialRecord(z.enum(["v5", "v6"]), short),
});

export const runPredicate = z.strictObject({
  run: short,
  rig: short,
  /** Milliseconds since the epoch at which the history begins. */
  at: z.number().min(0),
  attempt: z.int().min(1),
  /** Of a matrix that several machines run; null of one that is run at once. */
  shard: z
    .strictObject({ index: z.int().min(1), of: z.int().min(1).max(mostShards) })
    .refine(({ index, of }) => index <= of, { error: "expected one of as many shards as it says" })
    .nullable(),
  builds: z
    .array(build)
    .max(100)
    .refine((all) => new Set(all.map(({ component }) => component)).size === all.length, {
      error: "expected each component once",
    }),
  /** Those that version steps brought in; without a digest where nobody knows which build it was. */
  later: z
    .array(build.extend({ digest: short.nullable() }))
    .max(100)
    .default([]),
  /** By component: the image that ran, of databases and destinations too. */
  images: z.record(short, short),
  releases,
  inputs: z.strictObject({ harness: digest, config: digest }),
  /** SHA-256 of the file `history.jsonl` beside this one; large values in it are named by their own. */
  history: digest,
  historyVersion: z.literal(historyVersion),
  verdict: z.enum(verdicts),
  cells: z.array(z.strictObject({ path: short, verdict: z.enum(verdicts) })).max(100_000),
  /** Cells of the whole matrix; null where a schedule was run. */
  of: z.int().min(1).nullable(),
  /** What the run did not exercise, for readers: the gate takes it from the history. Null where a schedule was run. */
  coverage: z
    .strictObject({
      /** Operations that nobody called. */
      notCalled: z.array(short).max(1_000),
      /** Invariants that nothing put to the test. */
      untested: z.array(short).max(1_000),
      /** What had to be exercised and was not, in words. */
      lacks: z.array(z.string().max(5_000)).max(10_000),
    })
    .nullable()
    .default(null),
});
export type RunPredicate = z.output<typeof runPredicate>;

export const runStatement = z.strictObject({
  _type: z.literal(statementType),
  subject: z.array(subject).min(1).max(200),
  predicateType: z.literal(runType),
  predicate: runPredicate,
});

/** The builds and images that ran, as in-toto names what a statement is about: it names nothing that has no digest. */
export function subjectsOf({
  builds,
  later,
  images,
}: Pick<RunPredicate, "builds" | "later" | "images">): Subject[] {
  const attested: (readonly [name: string, build: LaterBuild])[] = [
    ...builds.map((one) => [one.component, one] as const),
    // A release that was built anew meanwhile is there as each of its builds.
    ...later.map((one) => [`${one.component} as ${one.release}`, one] as const),
  ];
  const named = new Set(attested.map(([name]) => name));
  const others = Object.keys(images).filter((name) => !named.has(name));
  const subjects = [...attested, ...others.map((name) => [name, undefined] as const)]
    .map(([name, one]) => ({ name, digest: digestOf(one, images[name]) }))
    .filter(({ digest: own }) => Object.keys(own).length > 0);
  const byText = new Map(subjects.map((one) => [`${one.name}\n${JSON.stringify(one)}`, one]));
  return [...byText].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

function digestOf(build: LaterBuild | undefined, started: string | undefined): Subject["digest"] {
  const image = (build?.image ?? started)?.replace(/^sha256:/, "");
  return {
    ...(image === undefined ? {} : { sha256: image }),
    ...(build?.digest == null ? {} : { build: build.digest }),
  };
}

/** What a run verified, in words for policies; nothing where it is no pass. */
function propertiesOf({ verdict, cells, of }: Pick<RunPredicate, "verdict" | "cells" | "of">): string[] {
  if (verdict !== "pass" || cells.length === 0) return [];
  return ["INTERLOCK_CELLS_PASS", ...(cells.length === of ? ["INTERLOCK_MATRIX_PASS"] : [])];
}

/**
 * All statements on a run, ours first.
 *
 * @param judgedAt milliseconds since the epoch
 */
export function statementsOn(predicate: RunPredicate, judgedAt: Millis): object[] {
  const about = { _type: statementType, subject: subjectsOf(predicate) };
  const named = (isWanted: (verdict: string) => boolean) =>
    predicate.cells.filter(({ verdict }) => isWanted(verdict)).map(({ path }) => path);
  return [
    { ...about, predicateType: runType, predicate },
    {
      ...about,
      predicateType: testResultType,
      predicate: {
        result: predicate.verdict === "pass" ? "PASSED" : "FAILED",
        configuration: Object.entries(predicate.inputs).map(([name, sha256]) => ({
          name,
          digest: { sha256 },
        })),
        passedTests: named((verdict) => verdict === "pass"),
        // It knows no test that has no verdict: what did not pass is not said to have.
        failedTests: named((verdict) => verdict !== "pass"),
      },
    },
    {
      ...about,
      predicateType: verificationType,
      predicate: {
        verifier: { id: verifierId },
        timeCreated: new Date(judgedAt).toISOString(),
        properties: propertiesOf(predicate),
      },
    },
  ];
}
