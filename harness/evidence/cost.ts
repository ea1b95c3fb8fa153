import type { KeyObject } from "node:crypto";
import { readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Config } from "../config/config.ts";
import { measureNames } from "../cost/measures.ts";
import type { CostResult } from "../cost/run-cost.ts";
import { canonical } from "../history/hash.ts";
import { costFile } from "../run-files.ts";
import { sha256 } from "../secrets.ts";
import { type Damaged, damaged } from "./damage.ts";
import { openedIn, seal, sealedText, signerOf, statementType } from "./dsse.ts";
import { foldersWith } from "./folders.ts";
import { configDigest, type Releases } from "./inputs.ts";
import { build, digest, releases, short, subjectsOf } from "./statement.ts";

/** What is attested of a comparison of costs: all counts of both systems, so that the gate compares them again. */
export const costType = "urn:interlock:cost:2";

const count = z.number().min(0);
const figure = z.strictObject({
  of: z.string().max(300),
  measure: z.enum(measureNames as [(typeof measureNames)[number], ...typeof measureNames]),
  value: count,
  upTo: count.optional(),
  parts: z.array(z.strictObject({ text: z.string().max(5_000), value: count })).max(1_000),
});

const side = z.strictObject({
  releases,
  builds: z.array(build).min(1).max(100),
  /** By component: the image that ran, of the database too. */
  images: z.record(short, short),
  /** How its database was set; null where nobody has seen it. */
  settings: z.record(short, z.string().max(100_000)).nullable().default(null),
  figures: z.strictObject({
    figures: z.array(figure).max(100_000),
    uncounted: z.record(z.string().max(300), z.string().max(1_000)),
  }),
  /** SHA-256 of how the config has it started, set and counted. */
  config: digest,
});
export type CostSide = z.output<typeof side>;

const costPredicate = z.strictObject({
  /** Milliseconds since the epoch at which the comparison began. */
  at: z.number().min(0),
  load: z.strictObject({ finished: z.int(), queued: z.int(), jobs: z.int(), burst: z.int() }),
  harness: digest,
  deployed: side,
  candidate: side,
});
export type CostPredicate = z.output<typeof costPredicate>;

const costStatement = z.strictObject({
  _type: z.literal(statementType),
  subject: z
    .array(z.looseObject({ name: short }))
    .min(1)
    .max(100),
  predicateType: z.literal(costType),
  predicate: costPredicate,
});

/** A comparison as the gate takes it. */
export interface CostProof extends CostPredicate {
  folder: string;
  /** Id of the key that has signed it; null where none of those that were given has. */
  signer: string | null;
}

/** SHA-256 of how the config has a system of these releases run, and counted. */
export const costDigest = (config: Config, of: Releases): string =>
  sha256(
    canonical({
      run: configDigest(config, of),
      mysqlCommand: config.cost?.mysqlCommand,
      finished: config.cost?.finished?.(1),
    }),
  );

/** Attests a comparison in the candidate's folder: whole or not at all, readable by its owner alone. */
export async function writeCost(
  { deployed, candidate, load }: CostResult,
  { at, harness, config, key }: { at: number; harness: string; config: Config; key: KeyObject | null },
): Promise<void> {
  const sideOf = ({ releases: of, builds, images, settings, figures }: CostResult["candidate"]) => ({
    releases: of,
    builds: builds.map(({ component, release, digest: own, image }) => ({
      component,
      release,
      digest: own,
      image,
    })),
    images,
    settings: settings === null ? null : { ...settings },
    figures,
    config: costDigest(config, of),
  });
  const predicate = { at, load, harness, deployed: sideOf(deployed), candidate: sideOf(candidate) };
  const subject = subjectsOf({ builds: predicate.candidate.builds, later: [], images: {} });
  const statement = { _type: statementType, subject, predicateType: costType, predicate };
  const file = join(candidate.folder, costFile);
  const text = sealedText([seal(JSON.stringify(statement), key)]);
  await writeFile(`${file}.tmp`, text, { mode: 0o600 });
  await rename(`${file}.tmp`, file);
}

/** Two systems of some hundred counts take a tenth of it. */
const mostBytes = 16 * 2 ** 20;

/** All comparisons in folders and below them, and what cannot be believed. */
export async function readCosts(
  places: readonly string[],
  keys: readonly KeyObject[],
): Promise<{ costs: CostProof[]; damaged: Damaged[] }> {
  const costs: CostProof[] = [];
  const bad: Damaged[] = [];
  for (const folder of await foldersWith(costFile, places)) {
    try {
      costs.push(await readCost(folder, keys));
    } catch (error) {
      bad.push(damaged(folder, error));
    }
  }
  return { costs, damaged: bad };
}

/** @throws Error where it cannot be believed */
export async function readCost(folder: string, keys: readonly KeyObject[]): Promise<CostProof> {
  const file = join(folder, costFile);
  const what = await stat(file);
  if (!what.isFile() || what.size > mostBytes)
    throw new Error(`expected a file of at most ${mostBytes} bytes, got one of ${what.size}`);
  const [opened, ...more] = openedIn(await readFile(file, "utf8"), costType);
  if (opened === undefined || more.length > 0) throw new Error("expected one statement");
  const { predicate, subject } = costStatement.parse(opened.statement);
  if (
    canonical(subject) !==
    canonical(subjectsOf({ builds: predicate.candidate.builds, later: [], images: {} }))
  )
    throw new Error("its subjects are not the builds of the candidate that it lists");
  return { ...predicate, folder, signer: signerOf(opened.envelope, keys) };
}
