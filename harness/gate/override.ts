import type { Millis } from "../../contracts/values.ts";
import type { CostProof } from "../evidence/cost.ts";
import { skewMs } from "./counts.ts";
import type { Build, Override } from "./policy.ts";
import type { Proof } from "./proof.ts";
import { hasRun, newBuilds, type Question } from "./question.ts";

/** Breaking the glass: somebody answers for a release that the gate has not let through. */

export const longestMs: Millis = 7 * 24 * 3_600_000;

export type Overridden = { by: Override } | { refused: string } | null;

/** The override of what is to go out, or why it is not in force; null where none names it. A pure function. */
export function overrideOf(question: Question): Overridden {
  const candidate = newBuilds(question).map((build) => namesOf(build, question));
  const mine = question.overrides.filter(({ builds }) =>
    builds.some((one) => candidate.some((names) => names.includes(one))),
  );
  const [first] = mine;
  if (first === undefined) return null;
  if (mine.length > 1) return { refused: "it was renewed: the same builds have more than one" };
  if (!isOf(first.builds, candidate))
    return { refused: "it is of other builds than those that are to go out" };
  const refused = whyNotNow(first, question);
  return refused === null ? { by: first } : { refused };
}

/** When it was issued whoever writes it may say; when the builds first ran the evidence does. */
function whyNotNow(override: Override, question: Question): string | null {
  const { now, deployed, proofs, costs } = question;
  const [issued, expires] = [Date.parse(override.issued), Date.parse(override.expires)];
  if (expires - issued > longestMs) return "it is to last longer than 7 days";
  const latest = Math.max(Date.parse(deployed.at), ...[...proofs, ...costs].map(({ at }) => at));
  if (latest > now + skewMs)
    return `the gate was shown what is of ${momentOf(latest)}, and it is ${momentOf(now)} here: see whose clock is wrong`;
  const first = firstRunOf(question);
  if (first === null)
    return "no run of these builds is in the evidence, so nobody knows since when it would count: run one of the commands that are printed, whatever comes of it";
  if (expires > first + longestMs)
    return `it is to last longer than 7 days after the first run of these builds, which began on ${momentOf(first)}`;
  if (issued > now) return "it begins in the future";
  return expires <= now ? `it has expired on ${override.expires}` : null;
}

const momentOf = (at: Millis): string => new Date(at).toISOString();

/** Whether it names every build, and no other. */
const isOf = (named: readonly string[], candidate: readonly (readonly string[])[]): boolean =>
  candidate.every((names) => named.some((one) => names.includes(one))) &&
  named.every((one) => candidate.some((names) => names.includes(one)));

/** What of a run was this build, or may have been: also where its image was made anew of the same code. */
const seenIn = (
  { builds, later = [], images = {} }: Pick<Proof, "builds"> & Partial<Pick<Proof, "later" | "images">>,
  build: Build,
  { deployed }: Question,
) => {
  // Code that is live in another image ran long before; what goes out then is the image.
  const isNewCode = !deployed.builds.some(({ digest }) => digest === build.digest);
  const remade = { ...build, image: null };
  return [...builds, ...later].filter(
    (one) =>
      one.component === build.component &&
      (hasRun({ builds: [one], images }, build) ||
        (build.digest !== null && isNewCode && hasRun({ builds: [one], images }, remade))),
  );
};

/** All digests and images that runs have shown for a build. */
const namesOf = (build: Build, question: Question): string[] =>
  [
    build,
    ...question.proofs.flatMap((proof) =>
      seenIn(proof, build, question).map(({ component, digest, image }) => ({
        digest,
        image: image ?? proof.images[component],
      })),
    ),
  ].flatMap(({ digest, image }) => [digest ?? [], image ?? []].flat());

/** When the first run of one of the builds began, whatever it showed; null where none has run. */
function firstRunOf(question: Question): Millis | null {
  const builds = newBuilds(question);
  const runs: readonly (Pick<Proof, "at" | "builds"> & Partial<Proof>)[] = [
    ...question.proofs,
    ...question.costs.map(({ at, candidate }: CostProof) => ({ at, builds: candidate.builds })),
  ];
  const began = runs
    .filter((run) => builds.some((build) => seenIn(run, build, question).length > 0))
    .map(({ at }) => at);
  return began.length === 0 ? null : Math.min(...began);
}
