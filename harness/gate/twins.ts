import { canonical } from "../history/hash.ts";
import { differences } from "../skew/twin.ts";
import { startOf } from "./components.ts";
import { isAsConfigured, whyNot } from "./counts.ts";
import type { KnownFailures } from "./known.ts";
import { whyNotScheduled } from "./open.ts";
import type { Proof, ProvenCell } from "./proof.ts";
import type { Question } from "./question.ts";
import { passes } from "./shown.ts";

/**
 * I10 in the gate: jobs of a rolling plan must come to what they come to without its steps. What they come to is for a run of
 * what is live alone to say, in evidence of its own, so that a candidate has no part in it.
 */

/** The same with I10 as broken in every job that ended otherwise than in any run of its twin. */
export const heldAgainstTwins = (question: Question, known: KnownFailures): Question => ({
  ...question,
  proofs: question.proofs.map((proof) => heldAgainst(proof, twinsOf(proof, question, known))),
});

function heldAgainst(proof: Proof, twins: readonly Proof[]): Proof {
  const own = proof.scheduled?.outcomes ?? [];
  const found = twins.flatMap((twin) => differences(own, twin.scheduled?.outcomes ?? []));
  if (found.length === 0) return proof;
  const cells = proof.cells.map((cell, i): ProvenCell => {
    const messages = new Set(found.filter(({ job }) => job === i + 1).map(({ message }) => message));
    // What has no verdict did not end, which is told already.
    if (messages.size === 0 || cell.verdict === "missing" || cell.verdict === "infrastructure") return cell;
    const broken = [...messages].map((message) => ({ invariant: "I10", message }));
    return { ...cell, verdict: "violation", broken: [...cell.broken, ...broken] };
  });
  return { ...proof, cells };
}

/** The runs that passed of what a plan is held against, whenever that was; both as the config has them run now. */
function twinsOf(proof: Proof, question: Question, known: KnownFailures): Proof[] {
  const { scheduled } = proof;
  if (scheduled === null || scheduled.twin === null || !isAsConfigured(proof, question)) return [];
  const { twin } = scheduled;
  return question.proofs.filter(
    (one) =>
      isBeside(one, proof) &&
      one.unfit === null &&
      one.inputs.harness === proof.inputs.harness &&
      isAsConfigured(one, question) &&
      passes(one, twin, question.plan.scenarios, known),
  );
}

/** A run that a plan can be held against and that counts now; null where there is none, or where it needs none. */
export const twinFor = (proof: Proof, question: Question, known: KnownFailures): Proof | null =>
  twinsOf(proof, question, known).find((one) => whyNot(one, question) === null) ?? null;

/** Why a plan that passed by itself shows nothing; null where there is what to hold it against, or it needs that not. */
export function whyNoTwin(proof: Proof, question: Question, known: KnownFailures): string | null {
  const twin = proof.scheduled?.twin ?? null;
  if (twin === null || twinFor(proof, question, known) !== null) return null;
  const last = question.proofs.findLast(
    (one) => one.scheduled?.digest === twin && startOf(one.builds) === startOf(proof.builds),
  );
  if (last === undefined) return "nobody has run the same jobs without its steps on what it began with";
  const why =
    whyNot(last, question) ?? (isBeside(last, proof) ? null : "it ran on other images or another rig");
  return `${last.folder}, the same jobs without its steps: ${why ?? whyNotScheduled(last, question)}`;
}

/** Whether a run had, all the time, what another one began with. */
const isBeside = (one: Proof, proof: Proof): boolean =>
  one.later.length === 0 &&
  one.rig === proof.rig &&
  startOf(one.builds) === startOf(proof.builds) &&
  canonical(othersOf(one)) === canonical(othersOf(proof));

/** Images of databases and destinations. */
const othersOf = ({ builds, later, images }: Proof) => {
  const built = new Set([...builds, ...later].map(({ component }) => component));
  return Object.fromEntries(Object.entries(images).filter(([name]) => !built.has(name)));
};
