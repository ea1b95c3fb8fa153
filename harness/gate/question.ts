import type { Millis } from "../../contracts/values.ts";
import type { CostProof } from "../evidence/cost.ts";
import type { Damaged } from "../evidence/damage.ts";
import type { Later, Releases } from "../evidence/inputs.ts";
import type { Verdict } from "../verdict.ts";
import type { Build, Deployed, KnownFailure, Override } from "./policy.ts";
import type { Proof } from "./proof.ts";

/** All that a decision is made of: plain data, so that the same question has the same answer. */
export interface Question {
  /** Milliseconds since the epoch. */
  now: Millis;
  deployed: Deployed;
  candidate: readonly Build[];
  known: readonly KnownFailure[];
  overrides: readonly Override[];
  plan: Plan;
  /** SHA-256 of the harness that judges. */
  harness: string;
  proofs: readonly Proof[];
  costs: readonly CostProof[];
  damaged: readonly Damaged[];
}

/** What the gate's own config makes of the matrix. */
export interface Plan {
  /** Its name of what is run by default. */
  current: string;
  /** Components besides the workers, by name. */
  others: readonly string[];
  workers: readonly PlannedWorker[];
  /** By cell: the scenario as text. */
  scenarios: ReadonlyMap<string, string>;
  /** The cells of them that the API of a release is not asked for. */
  lackedBy: (api: string) => ReadonlySet<string>;
  /** The operations that the API of a release is not asked for. */
  lacksOf: (api: string) => readonly string[];
  /** `surroundingsDigest` of the config. */
  surroundings: string;
  /** SHA-256 of how the config has these releases run, and later those; null where it lacks one of them. */
  configOf: (releases: Releases, later?: Later) => string | null;
  /** The same of how it has them run and counted. */
  costConfigOf: (releases: Releases) => string | null;
}

/** The cells that the API of a release is asked for. */
export function matrixOf({ scenarios, lackedBy }: Plan, api: string): Set<string> {
  const lacked = lackedBy(api);
  return new Set([...scenarios.keys()].filter((cell) => !lacked.has(cell)));
}

export interface PlannedWorker {
  component: string;
  generation: "v5" | "v6";
  /** `<generation>-<engine>` of each engine that it runs. */
  engines: readonly string[];
}

/** Why it is not GO, each with what to do. */
export interface Finding {
  verdict: Exclude<Verdict, "pass">;
  /** The builds that it is about; null where it is about the question itself. */
  pair: string | null;
  /** A cell, or the file of a schedule; null for a whole matrix. */
  cell: string | null;
  what: string;
  next: Next;
}

/** What shows things that are required besides those of a pair, and what is open of them. */
export interface Shown<Run> {
  required: number;
  /** A run for each thing that was shown. */
  counted: readonly Run[];
  /** What those were held against. */
  beside?: readonly Run[];
  open: readonly Finding[];
}

/**
 * What to do about a finding: something by hand, a history to look into, or a run, of the matrix or of a schedule, that
 * shows what was not shown.
 */
export type Next =
  | { do: string }
  | { check: string }
  | { run: { api: string; workers: Readonly<Record<string, string>>; cell: string | null } }
  | { cost: { deployed: NamedReleases; candidate: NamedReleases; finished: number; jobs: number } }
  | { replay: NamedReleases & { file: string; digest: string; to?: Partial<NamedReleases> } };

/** The releases of a whole system by their names in the config. */
export interface NamedReleases {
  api: string;
  workers: Readonly<Record<string, string>>;
}

/** Builds that are live together: an API, a worker, and the database where that is listed as well. */
export interface Pair {
  api: Build;
  worker: Build;
  database: Build | null;
}

export const databaseName = "mysql";

export const short = ({ component, release, digest, image }: Build): string =>
  `${component} ${release} (${(digest ?? image ?? "").replace("sha256:", "").slice(0, 12)})`;

export const nameOf = ({ api, worker, database }: Pair): string =>
  [api, worker, database].flatMap((build) => (build === null ? [] : short(build))).join(" + ");

export const isSame = (a: Build, b: Build): boolean =>
  a.component === b.component && a.digest === b.digest && a.image === b.image;

/** What is known of builds that took part in a run. */
interface Seen extends Pick<Proof, "images"> {
  builds: Proof["builds"] | Proof["later"];
}

/**
 * Whether a run had this build, or may have had it: every digest that is given must be the one that was observed, but for
 * a life whose digest nobody knows, which may have been any.
 */
export function hasRun({ builds, images }: Seen, build: Build): boolean {
  const seen = builds.filter(({ component }) => component === build.component);
  return (seen.length === 0 ? [undefined] : seen).some((one) => {
    const image = one?.image ?? images[build.component] ?? null;
    return (
      (one !== undefined || image !== null) &&
      (build.digest === null || one?.digest === null || one?.digest === build.digest) &&
      (build.image === null || image === build.image)
    );
  });
}

/** The builds of the candidate that are not live yet. */
export const newBuilds = ({ candidate, deployed }: Pick<Question, "candidate" | "deployed">): Build[] =>
  candidate.filter((build) => !deployed.builds.some((live) => isSame(live, build)));

/** Whether a version step of a run brought this build in, or may have. */
export const hasComeTo = ({ later }: Pick<Proof, "later">, build: Build): boolean =>
  later.some((one) => hasRun({ builds: [one], images: {} }, build));

/** Whether a run had all builds of a pair. */
export const isOf = (run: Pick<Proof, "builds" | "images">, { api, worker, database }: Pair): boolean =>
  [api, worker, database].every((build) => build === null || hasRun(run, build));
