import { type Generation, generations } from "../../../contracts/job.ts";
import { whyNot } from "../counts.ts";
import type { KnownFailures } from "../known.ts";
import { whyNotScheduled } from "../open.ts";
import type { Build, RequiredPlan } from "../policy.ts";
import type { Proof } from "../proof.ts";
import {
  type Finding,
  hasComeTo,
  hasRun,
  isSame,
  type NamedReleases,
  type Next,
  type Question,
  type Shown,
  short,
} from "../question.ts";
import { passes } from "../shown.ts";
import { twinFor, whyNoTwin } from "../twins.ts";
import { isAmong, type Veto } from "../vetoes.ts";
import { liveBuilds } from "./items.ts";

/** Whether the candidate can take the place of what is live, step by step. */

/** A plan of the policy between builds: from some that are live to those of the candidate. */
interface Roll {
  plan: RequiredPlan;
  /** The API, and workers of each generation that the plan needs. */
  from: readonly Build[];
  to: readonly Build[];
}

/**
 * A plan is asked for where the candidate has a build of all that the plan changes: from each set of builds that are live.
 * A run shows it that began with those, came to these, and passed with every step taken, beside one of the same jobs without
 * the steps.
 */
export function rollsOf(question: Question, known: KnownFailures, against: readonly Veto[]): Shown<Proof> {
  const { policy } = question.deployed;
  const rolls = policy.plans.flatMap((plan) => rollsIn(plan, question));
  const live = liveBuilds(question);
  const { scenarios } = question.plan;
  const shows = (proof: Proof, roll: Roll) =>
    isOf(proof, roll) &&
    isAmong(proof, live) &&
    whyNot(proof, question) === null &&
    passes(proof, roll.plan.digest, scenarios, known) &&
    whyNoTwin(proof, question, known) === null;
  const tried = rolls.map((roll) => ({ roll, by: question.proofs.find((proof) => shows(proof, roll)) }));
  const isVetoed = (roll: Roll) => against.some(({ proof }) => isOf(proof, roll));
  return {
    required: rolls.length,
    counted: tried.flatMap(({ by }) => by ?? []),
    beside: tried.flatMap(({ by }) => (by && twinFor(by, question, known)) ?? []),
    open: [
      ...tried.flatMap(({ roll, by }) =>
        by !== undefined || isVetoed(roll) ? [] : [missing(roll, question, known)],
      ),
      ...(policy.plans.length === 0 ? [] : unled(rolls, question)),
    ],
  };
}

function rollsIn(plan: RequiredPlan, { deployed, candidate, plan: { workers } }: Question): Roll[] {
  const changed = componentsOf(plan.changes, workers);
  const isNew = (build: Build) => !deployed.builds.some((live) => isSame(live, build));
  const to = changed.map((name) => candidate.filter((build) => build.component === name && isNew(build)));
  const from = componentsOf(["api", ...plan.needs], workers).map((name) =>
    deployed.builds.filter((build) => build.component === name),
  );
  return oneOfEach(from).flatMap((begin) => oneOfEach(to).map((end) => ({ plan, from: begin, to: end })));
}

/** Builds of the candidate to which no plan leads: of how they take the place of what is live nothing would be shown. */
const unled = (rolls: readonly Roll[], { deployed, candidate, plan: { workers } }: Question): Finding[] =>
  candidate
    .filter((build) => componentsOf(["api", ...generations], workers).includes(build.component))
    // The first of its kind takes the place of nothing.
    .filter(({ component }) => deployed.builds.some((one) => one.component === component))
    .filter((build) => !deployed.builds.some((one) => isSame(one, build)))
    .filter((build) => !rolls.some(({ to }) => to.includes(build)))
    .map((build) => ({
      verdict: "missing",
      pair: short(build),
      cell: null,
      what: "no rolling plan of the policy leads to it from what is live",
      next: {
        do: "run what is live, and take its policy anew with a plan for what goes out (rollout --save)",
      },
    }));

const componentsOf = (
  wanted: readonly ("api" | Generation)[],
  workers: Question["plan"]["workers"],
): string[] => [
  ...(wanted.includes("api") ? ["api"] : []),
  ...workers.flatMap(({ component, generation }) => (wanted.includes(generation) ? [component] : [])),
];

/** Every choice of one of each; none where there is none of one. */
const oneOfEach = (all: readonly (readonly Build[])[]): Build[][] =>
  all.reduce<Build[][]>(
    (chosen, some) => chosen.flatMap((before) => some.map((one) => [...before, one])),
    [[]],
  );

/** Whether it is a run of the plan between these builds. */
const isOf = (proof: Proof, { plan, from, to }: Roll): boolean =>
  proof.scheduled?.digest === plan.digest &&
  from.every((build) => hasRun(proof, build)) &&
  to.every((build) => hasComeTo(proof, build));

function missing(roll: Roll, question: Question, known: KnownFailures): Finding {
  const { plan, from, to } = roll;
  const last = question.proofs.findLast((proof) => isOf(proof, roll));
  return {
    verdict: "missing",
    pair: `${from.map(short).join(" + ")} to ${to.map(short).join(" + ")}`,
    cell: plan.file,
    what:
      last === undefined
        ? "no run of this rolling plan between these builds is in the evidence"
        : `${last.folder}: ${whyNot(last, question) ?? whyNotPassed(last, question, known)}`,
    next: nextOf(roll, question),
  };
}

const whyNotPassed = (proof: Proof, question: Question, known: KnownFailures): string =>
  (proof.scheduled !== null && passes(proof, proof.scheduled.digest, question.plan.scenarios, known)
    ? whyNoTwin(proof, question, known)
    : null) ?? whyNotScheduled(proof, question);

function nextOf({ plan, from, to }: Roll, { plan: { workers, current, configOf } }: Question): Next {
  const namedIn = (builds: readonly Build[]) =>
    Object.fromEntries(
      workers.flatMap(({ component, generation }) => {
        const build = builds.find((one) => one.component === component);
        return build === undefined ? [] : [[generation, build.release] as const];
      }),
    );
  const apiIn = (builds: readonly Build[]) => builds.find(({ component }) => component === "api")?.release;
  const begins: NamedReleases = { api: apiIn(from) ?? current, workers: namedIn(from) };
  const api = apiIn(to);
  const leads = { ...(api === undefined ? {} : { api }), workers: namedIn(to) };
  const steps = [
    ...(api === undefined ? [] : [{ process: "api" as const, release: api }]),
    ...Object.values(leads.workers).map((release) => ({ process: "worker" as const, release })),
  ];
  if (configOf(begins, steps) === null)
    return {
      do: `give the config all of these releases, those that are come to as images: ${[...from, ...to].map((build) => `${build.component} ${build.release}`).join(", ")}`,
    };
  return { replay: { file: plan.file, digest: plan.digest, ...begins, to: leads } };
}
