import type { KeyObject } from "node:crypto";
import { type Damaged, endedUnattested } from "../evidence/damage.ts";
import {
  type Evidence,
  evidenceFolders,
  historyOf,
  readEvidence,
  unattestedIn,
  unjudgedDamage,
} from "../evidence/read.ts";
import type { AttestedBuild } from "../history/event.ts";
import { possibleComponents, startOf } from "./components.ts";
import type { Build, RequiredKill } from "./policy.ts";
import { type Proof, proofOf } from "./proof.ts";
import { databaseName, hasRun } from "./question.ts";
import { isOnReleases } from "./required/kills.ts";

interface Wanted {
  keys: readonly KeyObject[];
  note: (line: string) => void;
  /** What is live. */
  live?: readonly Build[];
  /** Those of the policy. */
  kills?: readonly RequiredKill[];
}

export interface Gathered {
  proofs: Proof[];
  damaged: Damaged[];
}

/**
 * Reads the evidence in folders and judges its histories again: of all runs of the candidate, and of those of others that
 * say whether a trouble is the candidate's alone, what this harness catches, or how jobs end without a rolling plan's steps.
 */
export async function gather(
  places: readonly string[],
  candidate: readonly Build[],
  wanted: Wanted,
): Promise<Gathered> {
  const isCandidates = ({ predicate }: Evidence) => candidate.some((build) => mayHaveRun(predicate, build));
  const { proofs, damaged } = await gatherAll(places, wanted, (one, all) => {
    const { predicate } = one;
    const isKill = wanted.kills?.some((kill) => isOnReleases(predicate, kill)) ?? false;
    return (
      isCandidates(one) ||
      isKill ||
      predicate.cells.some(({ verdict }) => verdict === "infrastructure") ||
      mayBeTwin(one, all.filter(isCandidates))
    );
  });
  const cut = await cutShort(places, isOfCandidate(candidate, wanted.live ?? []));
  return { proofs, damaged: [...damaged, ...cut] };
}

/** Whether a run is of a schedule on what one of these began with before it came to others: that may be held against it. */
const mayBeTwin = ({ predicate: { of, later, builds } }: Evidence, all: readonly Evidence[]): boolean =>
  of === null &&
  later.length === 0 &&
  all.some(({ predicate }) => predicate.later.length > 0 && startOf(predicate.builds) === startOf(builds));

/** Runs of the matrix that ended before they were attested, of builds that are asked for; and what may be one of them. */
export async function cutShort(
  places: readonly string[],
  isAskedFor: (builds: readonly AttestedBuild[]) => boolean = () => true,
): Promise<Damaged[]> {
  const found = await unattestedIn(places);
  return found.flatMap((one) => {
    if ("damage" in one) return [one];
    return isAskedFor(one.builds) ? [endedUnattested(one.folder)] : [];
  });
}

/** Whether a run was of the candidate among what is live. */
function isOfCandidate(candidate: readonly Build[], live: readonly Build[]) {
  const isOneOf = (builds: readonly Build[]) => (one: AttestedBuild) =>
    builds.some((build) => mayHaveRun({ builds: [one], later: [], images: {} }, build));
  // Which database it ran on its history does not say.
  const isOnNewDatabase = candidate.some(({ component }) => component === databaseName);
  return (builds: readonly AttestedBuild[]): boolean =>
    (isOnNewDatabase || builds.some(isOneOf(candidate))) && builds.every(isOneOf([...candidate, ...live]));
}

/** The same of all evidence in folders, or of what is wanted of it. */
export async function gatherAll(
  places: readonly string[],
  { keys, note }: Wanted,
  isWanted: (one: Evidence, all: readonly Evidence[]) => boolean = () => true,
): Promise<Gathered> {
  const read: (Evidence | Damaged)[] = [];
  // One after the other: a store may have more folders than a process may open files.
  for (const folder of await evidenceFolders(places)) read.push(await readEvidence(folder, keys));
  const damaged = read.filter((one): one is Damaged => "damage" in one);
  const evidence = read.filter((one): one is Evidence => "predicate" in one);
  const wanted = evidence.filter((one) => isWanted(one, evidence));
  for (const one of evidence)
    if (!wanted.includes(one)) damaged.push(...[(await unjudgedDamage(one)) ?? []].flat());
  const proofs: Proof[] = [];
  for (const [i, one] of wanted.entries()) {
    note(`judging ${one.folder} again, ${i + 1} of ${wanted.length}`);
    const events = await historyOf(one);
    if ("damage" in events) damaged.push(events);
    else proofs.push(proofOf(one, events));
  }
  return { proofs, damaged };
}

/** Whether a run may have had this build, before its history says how many of each it had. */
export const mayHaveRun = (
  run: Pick<Evidence["predicate"], "builds" | "later" | "images">,
  build: Build,
): boolean =>
  hasRun(run, build) ||
  [...run.builds, ...run.later].some((one) =>
    possibleComponents(one).some((component) =>
      hasRun({ builds: [{ ...one, component }], images: {} }, build),
    ),
  );
