import type { Build, RequiredPlan } from "../policy.ts";
import type { Proof } from "../proof.ts";
import type { Question } from "../question.ts";
import {
  candidate,
  candidateRun,
  cellOf,
  deployed,
  live,
  plan,
  proofWith,
  questionWith,
  scheduledAs,
} from "./question.ts";

/** Questions about a rolling plan: its run, and that of the same jobs without its step. */

export const apiFirst: RequiredPlan = {
  file: "api-first.json",
  digest: "1".repeat(64),
  changes: ["api"],
  needs: ["v5"],
};
export const [api, v5] = live as [Build, Build];
export const jobOf = (more = {}) => ({
  ...cellOf("v5-presto/web"),
  cell: "schedule 111111111111/v5-presto/web",
  ...more,
});
export const attested = ({ component, release, digest, image }: Build) => ({
  component,
  release,
  digest: digest ?? "",
  image,
});
/** A life that never told its digest. */
export const unnamed = (build: Build) => ({ ...attested(build), digest: null });
export const steps = [{ process: "api", release: "next" }] as const;
export const releases = { api: "current", workers: { v5: "current", v6: "current" } };

/** A run of it that began with what is live and came to the candidate. */
export const run = (more: Partial<Proof> = {}): Proof => ({
  ...proofWith([api, v5]),
  folder: "runs/rolled",
  inputs: { harness: "harness", config: plan.configOf(releases, steps) ?? "" },
  later: [attested(candidate)],
  steps,
  cells: [jobOf()],
  lacks: ["it is a part: 1 of ? cells"],
  isProbed: false,
  scheduled: scheduledAs(apiFirst.digest, { twin }),
  ...more,
});

/** The same jobs on what is live, without the step. */
export const twin = "3".repeat(64);
export const beside = (more: Partial<Proof> = {}): Proof => ({
  ...run(),
  folder: "runs/twin",
  inputs: { harness: "harness", config: plan.configOf(releases) ?? "" },
  later: [],
  steps: [],
  cells: [jobOf({ cell: "schedule 333333333333/v5-presto/web" })],
  scheduled: scheduledAs(twin),
  ...more,
});

export const asked = (
  runs: readonly Proof[],
  more: Partial<Question> = {},
  plans: readonly RequiredPlan[] = [apiFirst],
): Question =>
  questionWith({
    deployed: { ...deployed, policy: { ...deployed.policy, plans: [...plans] } },
    proofs: [candidateRun(), beside(), ...runs],
    ...more,
  });
