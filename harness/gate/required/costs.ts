import { type Compared, compare, lacksOf, withUnseen } from "../../cost/compare.ts";
import type { CostProof } from "../../evidence/cost.ts";
import { whyNotCost } from "../counts.ts";
import type { Build } from "../policy.ts";
import {
  databaseName,
  type Finding,
  hasRun,
  type NamedReleases,
  newBuilds,
  type Question,
  type Shown,
  short,
} from "../question.ts";
import { liveBuilds } from "./items.ts";

/** Whether the candidate costs no more than what is live. */

/**
 * Each build of the candidate is to be compared once with what is live, beside builds that are live or are to be. Both
 * sides' counts are compared again here, with the budgets of the policy. What was ever too much stays too much.
 */
export function costsOf(question: Question): Shown<CostProof> {
  const { policy } = question.deployed;
  if (policy.cost === undefined) return { required: 0, counted: [], open: [] };
  // Of a database nobody says what it costs.
  const asked = newBuilds(question).filter(({ component }) => component !== databaseName);
  const tried = asked.map((build) => {
    const about = question.costs.filter((proof) => isAbout(proof, build, question));
    const judged = about.map((proof) => ({ proof, ...judge(proof, question) }));
    const red = judged.find(({ red: found }) => found.length > 0);
    const good = red === undefined ? judged.find(({ lack }) => lack === null) : undefined;
    return { build, judged, red, good };
  });
  return {
    required: asked.length,
    counted: tried.flatMap(({ good }) => (good === undefined ? [] : [good.proof])),
    open: tried
      .filter(({ good }) => good === undefined)
      .map(({ build, judged, red }): Finding => {
        const about = { pair: short(build), cell: null };
        if (red !== undefined)
          return {
            ...about,
            verdict: "violation",
            what: `${red.proof.folder}: ${red.red.map(inLine).join("; ")}`,
            next: { do: "see what makes it cost more, or give it a budget in the policy of what is live" },
          };
        const last = judged.at(-1);
        const none = "it was not compared with what is live";
        return {
          ...about,
          verdict: "missing",
          what: last === undefined ? none : `${last.proof.folder}: ${last.lack}`,
          next: nextOf(build, question),
        };
      }),
  };
}

/** Whether it compares this build, and nothing but what is live or is to be, with what is live. */
function isAbout({ deployed, candidate }: CostProof, build: Build, question: Question): boolean {
  const all = liveBuilds(question);
  return (
    hasRun({ builds: candidate.builds, images: {} }, build) &&
    isAmong(candidate, all) &&
    isAmong(deployed, question.deployed.builds)
  );
}

/** Whether a system had none but these builds, and one of these databases where there are any. */
function isAmong({ builds, images }: CostProof["candidate"], all: readonly Build[]): boolean {
  const databases = all.filter(({ component }) => component === databaseName);
  return (
    builds.every((one) => isOneOf(one, all)) &&
    (databases.length === 0 || databases.some((one) => hasRun({ builds: [], images }, one)))
  );
}

const isOneOf = (attested: CostProof["candidate"]["builds"][number], builds: readonly Build[]): boolean =>
  builds.some((build) => hasRun({ builds: [attested], images: {} }, build));

/** What a comparison found too costly, and why the comparison may not count. */
function judge(proof: CostProof, question: Question): { red: Compared[]; lack: string | null } {
  const { cost, operations } = question.deployed.policy;
  const comparison = withUnseen(
    compare(proof.deployed.figures, proof.candidate.figures, cost?.budgets ?? {}),
    operations,
  );
  const few = (name: "finished" | "jobs") =>
    proof.load[name] < (cost?.[name] ?? 0)
      ? `${proof.load[name]} jobs ${name === "finished" ? "had ended before" : "were run"}: the policy asks for ${cost?.[name]}`
      : null;
  return {
    red: comparison.compared.filter(({ isRed }) => isRed),
    lack: whyNotCost(proof, question) ?? few("finished") ?? few("jobs") ?? lacksOf(comparison)[0] ?? null,
  };
}

const inLine = ({ of, unit, deployed, candidate, most }: Compared): string =>
  `${of}: ${candidate} ${unit}, deployed ${deployed}, at most ${most}`;

/** The comparison that a build needs: what is live on one side, and on the other the same with this build in its place. */
function nextOf(build: Build, { deployed, plan }: Question) {
  const releaseOf = (component: string) =>
    deployed.builds.find((one) => one.component === component)?.release ?? plan.current;
  const live: NamedReleases = {
    api: releaseOf("api"),
    workers: Object.fromEntries(
      plan.workers.map(({ component, generation }) => [generation, releaseOf(component)]),
    ),
  };
  const own = plan.workers.find(({ component }) => component === build.component)?.generation;
  const candidate: NamedReleases =
    own === undefined
      ? { ...live, api: build.release }
      : { ...live, workers: { ...live.workers, [own]: build.release } };
  const { finished = 0, jobs = 0 } = deployed.policy.cost ?? {};
  return { cost: { deployed: live, candidate, finished, jobs } };
}
