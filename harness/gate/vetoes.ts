import { whyNot } from "./counts.ts";
import type { KnownFailures } from "./known.ts";
import type { Build } from "./policy.ts";
import type { Proof, ProvenCell } from "./proof.ts";
import { databaseName, type Finding, hasComeTo, hasRun, type Question } from "./question.ts";
import { liveBuilds } from "./required/items.ts";

/** What a run of the candidate speaks against it. */
export interface Veto {
  proof: Proof;
  finding: Finding;
}

/** What broke in a cell and is no known failure. */
export const unexplained = ({ cell, broken }: ProvenCell, known: KnownFailures) =>
  known.without(cell, broken);

/** What was ever found against the candidate among what is live: no later pass makes it undone. */
export function vetoes(question: Question, known: KnownFailures): Veto[] {
  const live = liveBuilds(question);
  const among = question.proofs.filter((proof) => isAmong(proof, live));
  const isCandidates = (proof: Proof) =>
    question.candidate.some((build) => hasRun(proof, build) || hasComeTo(proof, build));
  const others = among.filter((proof) => !isCandidates(proof) && whyNot(proof, question) === null);
  return among.filter(isCandidates).flatMap((proof) => [
    ...known.withoutLoose(proof.loose).map((line) => veto("violation", proof, null, `C: ${line}`)),
    ...proof.cells.flatMap((found) => {
      const { cell, verdict } = found;
      if (verdict === "violation")
        return unexplained(found, known).map(({ invariant, message }) =>
          veto("violation", proof, cell, `${invariant}: ${message}`),
        );
      const reason = found.reason ?? "it has no reason";
      const isShared = others.some(({ cells }) =>
        cells.some((one) => one.cell === cell && one.verdict === "infrastructure"),
      );
      if (verdict !== "infrastructure" || known.has(cell, verdict, reason) || isShared) return [];
      return [veto("infrastructure", proof, cell, `what is live has not met it: ${reason}`)];
    }),
  ]);
}

const veto = (
  verdict: "violation" | "infrastructure",
  proof: Proof,
  cell: string | null,
  what: string,
): Veto => ({
  proof,
  finding: {
    verdict,
    pair: [...proof.builds, ...proof.later]
      .map(({ component, release }) => `${component} ${release}`)
      .join(" + "),
    cell,
    what,
    next: { check: proof.folder },
  },
});

/** Whether nothing ran but what is live or is to be: a mutant beside the candidate speaks for nobody. */
export function isAmong({ builds, later, images }: Proof, live: readonly Build[]): boolean {
  const database = live.filter(({ component }) => component === databaseName);
  return (
    [...builds, ...later].every((build) =>
      live.some((one) => hasRun({ builds: [build], images: {} }, one)),
    ) &&
    (database.length === 0 || database.some((one) => hasRun({ builds, images }, one)))
  );
}
