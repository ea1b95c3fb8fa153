import { z } from "zod";
import { repeatedKey } from "../../contracts/bounds/repeated-key.ts";
import { generations } from "../../contracts/job.ts";
import { UsageError } from "../errors.ts";

/** Of the files that this gate reads. */
const form = 1;

/** What the gate is told, as JSON files: what is live, what is to go out, and what was decided about both before. */

/** What is printed must not move a cursor, nor look like a line of its own. */
const printable = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u;
const text = z.string().trim().min(1).max(500).regex(printable, "expected one line without controls");
const name = z.string().min(1).max(200).regex(printable, "expected one line without controls");
export const moment = z.iso.datetime({ offset: true });
const hours = z.number().positive().max(10_000);

export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, "expected 64 hexadecimal digits");
const isDigest = /^[0-9a-f]{40,128}$/;
/** A digest or an image, as a build is known by: with another sign it would be another name of it. */
const isBuildName = /^([0-9a-f]{40,128}|sha256:[0-9a-f]{64})$/;

/** A build or an image that is live or is to be: known by its digest, its image or both, never by its name alone. */
export const buildSchema = z
  .strictObject({
    /** `api`, `mysql`, or a worker as the config names it. */
    component: name,
    /** Under which the config has it, for the commands that are printed. */
    release: name.default("current"),
    /** As it tells it itself. */
    digest: name.nullable().default(null),
    /** By content. */
    image: z
      .string()
      .regex(/^sha256:[0-9a-f]{64}$/, "expected sha256: and 64 hexadecimal digits")
      .nullable()
      .default(null),
    /** Of those that `interlock run --json` prints. */
    probe: z.string().optional(),
  })
  .refine(({ digest, image }) => image !== null || (digest !== null && isDigest.test(digest)), {
    error:
      "expected an image, or a digest of 40 to 128 hexadecimal digits: a name says nothing about what runs",
  });
export type Build = z.output<typeof buildSchema>;

export const policySchema = z.strictObject({
  schema: z.literal(form),
  /** Cells that every pair of API and worker needs, as `<generation>-<engine>/<scenario>`. */
  cells: z.array(name).min(1, "requires no cell: nothing would be shown").max(10_000),
  /** By worker of the config: `<generation>-<engine>` of each engine that it must be asked for. */
  engines: z.record(name, z.array(name).max(20)).default({}),
  /** SHA-256 of their scenarios as `scenarioText`: one that was changed is not the one that is required. */
  scenarios: z.record(name, sha256Schema).default({}),
  /** Operations that the API that is live is asked for: no candidate may be said to lack one of them. */
  operations: z.array(name).max(1000).default([]),
  /** `surroundingsDigest` of the config that what is live was run with; absent where any will do. */
  surroundings: sha256Schema.optional(),
  /** Schedules with faults that every pair they concern must pass in containers. */
  faults: z
    .array(
      z.strictObject({
        /** Where it is kept, for the commands that are printed; what is required is known by its digest. */
        file: name,
        /** `scheduleDigest`. */
        digest: sha256Schema,
        /** `<generation>-<engine>` of each engine that its jobs are for. */
        engines: z.array(name).min(1).max(20),
      }),
    )
    .max(1000)
    .default([]),
  /** Rolling plans that the candidate must pass in containers, from all that is live. */
  plans: z
    .array(
      z.strictObject({
        file: name,
        /** `scheduleDigest`: which releases it leads from and to is no part of it. */
        digest: sha256Schema,
        /** `api`, or the generation of a worker: what its steps change. */
        changes: z
          .array(z.enum(["api", ...generations]))
          .min(1)
          .max(3),
        /** Generations whose workers its jobs need. */
        needs: z.array(z.enum(generations)).min(1).max(2),
      }),
    )
    .max(1000)
    .default([]),
  /** Schedules by which this harness must have caught builds that are wrong on purpose, and left right ones alone. */
  kills: z
    .array(
      z.strictObject({
        file: name,
        digest: sha256Schema,
        /** The builds that it is run on, by the config's names: one of them is the mutant or the control. */
        releases: z.strictObject({ api: name, workers: z.partialRecord(z.enum(generations), name) }),
        /** Id of the invariant that must break; null for a control, under which none may. */
        invariant: name.nullable(),
      }),
    )
    .max(1000)
    .default([]),
  /** What a comparison of costs must have had at least, and its budgets; without it none is required. */
  cost: z
    .strictObject({
      finished: z.int().min(0),
      jobs: z.int().min(1),
      budgets: z.record(z.string().max(300), z.number().min(0)).default({}),
    })
    .optional(),
  /** Whether the whole matrix must have had Interlock's probe. */
  probe: z.boolean().default(true),
  /** Evidence that is older does not count. */
  evidenceHours: hours.default(7 * 24),
  /** A list of what is live that is older does not count. */
  deployedHours: hours.default(24),
  /** So long after the decision GO holds. */
  goHours: hours.default(24),
  /** Ed25519 public keys in PEM; where there are any, only evidence that one of them has signed counts. */
  keys: z
    .array(z.string().max(2000).includes("PUBLIC KEY", { error: "expected a public key in PEM" }))
    .max(20)
    .default([]),
});

export type RequiredSchedule = z.output<typeof policySchema>["faults"][number];

export type RequiredPlan = z.output<typeof policySchema>["plans"][number];

export type RequiredKill = z.output<typeof policySchema>["kills"][number];

/** Who claims jobs, as a live system's database tells. */
const claimingSchema = z.array(z.strictObject({ component: name, digest: name })).max(1000);

const deployedSchema = z.strictObject({
  schema: z.literal(form),
  /** When it was seen to be so. */
  at: moment,
  /** All that is live, also what is only finishing its last jobs. */
  builds: z.array(buildSchema).min(1, "lists no build").max(100),
  /** Who was seen to claim jobs, by digest: each must be listed above. */
  claiming: claimingSchema.default([]),
  /** The policy of the release that is live: a candidate cannot shrink what is asked of it. */
  policy: policySchema,
});
export type Deployed = z.output<typeof deployedSchema>;

const candidateSchema = z.strictObject({
  schema: z.literal(form),
  /** When they were attested; it decides nothing. */
  at: moment.optional(),
  builds: z.array(buildSchema).min(1, "lists no build").max(100),
});

const knownSchema = z.strictObject({
  schema: z.literal(form),
  failures: z
    .array(
      z.strictObject({
        /** As the policy names it, or `loose` for what is about no job. */
        cell: name,
        /** What broke, or `infrastructure`. */
        invariant: name,
        /** Must stand in what was seen, word for word. */
        message: text.min(10, "expected at least 10 characters: less stands in too many messages"),
        reason: text,
        owner: text,
        expires: moment,
      }),
    )
    .max(1000),
});
export type KnownFailure = z.output<typeof knownSchema>["failures"][number];

export const overrideSchema = z.strictObject({
  /** Digests or images of all builds of the candidate. */
  builds: z
    .array(z.string().regex(isBuildName, "expected a digest of hexadecimal digits or an image"))
    .min(1)
    .max(100),
  owner: text,
  reason: text,
  issued: moment,
  expires: moment,
});

const overridesSchema = z.strictObject({
  schema: z.literal(form),
  overrides: z.array(overrideSchema).max(1000),
});
export type Override = z.output<typeof overrideSchema>;

/** What reads such a file. */
export const reading =
  <T>(schema: z.ZodType<T>) =>
  (written: string, file: string): T => {
    let value: unknown;
    try {
      value = JSON.parse(written);
    } catch (error) {
      throw new UsageError(
        `${file}: expected JSON: ${(error as Error).message}; take the whole file, it may be cut`,
      );
    }
    const twice = repeatedKey(written);
    if (twice !== null)
      throw new UsageError(`${file}: expected each key once, but ${JSON.stringify(twice)} stands twice`);
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    const isOther = result.error.issues.some(({ path }) => path.length === 1 && path[0] === "schema");
    if (isOther) refuseNewer(value, file);
    const problems = result.error.issues
      .slice(0, 20)
      .map(({ path, message }) => `  ${path.join(".") || "it"}: ${message}`);
    throw new UsageError([`${file}:`, ...problems].join("\n"));
  };

/** A newer form may differ anywhere: nothing else about it is worth a message. */
function refuseNewer(value: unknown, file: string): void {
  const { schema }: { schema?: unknown } = { ...(value as object) };
  if (typeof schema !== "number" || schema <= form) return;
  throw new UsageError(
    `${file}: schema: ${schema} was made by a newer Interlock; this one reads ${form}: take the newer one, or write the file anew`,
  );
}

export const parseDeployed = reading(deployedSchema);
export const parseCandidate = reading(candidateSchema);
export const parseKnown = reading(knownSchema);
export const parseOverrides = reading(overridesSchema);

export type Claiming = z.output<typeof claimingSchema>;

/**
 * Who claims jobs, each once, as the statement of a config has answered.
 *
 * @throws UsageError for an answer that names no builds
 */
export function claimingIn(answer: unknown, file: string): Claiming {
  const result = claimingSchema.safeParse(answer);
  if (!result.success) {
    const problems = result.error.issues
      .slice(0, 3)
      .map(({ path: [row, ...column], message }) =>
        row === undefined ? message : `row ${Number(row) + 1}: ${[...column, message].join(": ")}`,
      );
    throw new UsageError(
      `${file}: mysql.claiming: expected a row for each build with a text as \`component\` and one as \`digest\`, but ${problems.join("; ")}; correct the statement`,
    );
  }
  const byName = new Map(result.data.map((one) => [`${one.component} ${one.digest}`, one]));
  return [...byName].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}
