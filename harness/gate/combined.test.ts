import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide } from "./decide.ts";
import type { Override } from "./policy.ts";
import type { Proof } from "./proof.ts";
import type { Question } from "./question.ts";
import {
  at,
  buildOf,
  candidate,
  candidateRun,
  cells,
  deployed,
  hourMs,
  i4,
  now,
  questionWith,
  red,
  runWith,
} from "./testing/question.ts";

/** What is in the way of GO stays so in any company: with other trouble, with green runs before and after, overridden. */

type Change = (question: Question) => Question;

const proofs =
  (change: (all: readonly Proof[]) => readonly Proof[]): Change =>
  (question) => ({ ...question, proofs: change(question.proofs) });
const beside = (proof: Proof): Change => proofs((all) => [proof, ...all]);
const each = (more: (proof: Proof) => Partial<Proof>): Change =>
  proofs((all) => all.map((proof) => ({ ...proof, ...more(proof) })));
const policy =
  (more: Partial<Question["deployed"]["policy"]>): Change =>
  (question) => ({
    ...question,
    deployed: { ...question.deployed, policy: { ...question.deployed.policy, ...more } },
  });
const live =
  (more: Partial<Question["deployed"]>): Change =>
  (question) => ({ ...question, deployed: { ...question.deployed, ...more } });
const verdicts = (verdict: "missing" | "infrastructure" | "violation"): Change =>
  each(({ cells: found }) => ({
    cells: found.map((one) => ({
      ...one,
      verdict,
      broken: verdict === "violation" ? i4 : [],
      reason: verdict,
    })),
  }));
const digest = "1".repeat(64);
const known = {
  cell: "v5-presto/web",
  invariant: "I4",
  message: "0 rows where 4 belong",
  reason: "agreed",
  owner: "mika",
  expires: at(48),
};

/** Each is in the way alone; none says anything of another. `late` ones change every run, also those that come later. */
const troubles: Readonly<Record<string, Change>> = {
  "no evidence at all": proofs(() => []),
  "no cell in any run": each(() => ({ cells: [] })),
  "every cell without a verdict": verdicts("missing"),
  "every cell in trouble": verdicts("infrastructure"),
  "every cell red": verdicts("violation"),
  "one red run": beside(red),
  "one run in trouble": beside(runWith({ verdict: "infrastructure", reason: "the engine went away" })),
  "a departure outside of any job": beside(candidateRun({ loose: ["a list of another's jobs"] })),
  "evidence that was cut": (question) => ({
    ...question,
    damaged: [{ folder: "runs/cut", damage: "it was cut" }],
  }),
  "a run that was never attested": (question) => ({
    ...question,
    damaged: [{ folder: "runs/cut", damage: "it ended", isUnattested: true }],
  }),
  "runs of another Interlock": each(({ inputs }) => ({ inputs: { ...inputs, harness: "other" } })),
  "runs of another config": each(({ inputs }) => ({ inputs: { ...inputs, config: "other" } })),
  "runs in this process": each(() => ({ rig: "simulated" })),
  "runs of last year": each(() => ({ at: now - 9_000 * hourMs })),
  "runs of tomorrow": each(() => ({ at: now + 24 * hourMs })),
  "runs that nobody signed": policy({ keys: ["-----BEGIN PUBLIC KEY-----"] }),
  "runs with faults": each(() => ({ unfit: "it had 1 faults" })),
  "runs without the probe": each(() => ({ isProbed: false, lacks: ["the probe"] })),
  "scenarios of another text": each(({ cells: found }) => ({
    cells: found.map((one) => ({ ...one, scenario: "easy" })),
  })),
  "jobs that another worker ran": each(({ cells: found }) => ({
    cells: found.map((one) => ({ ...one, worker: "digest-of-nobody" })),
  })),
  "a cell that the config has no longer": policy({ cells: [...cells, "v5-presto/gone"] }),
  "another scenario in the policy": policy({
    scenarios: { ...deployed.policy.scenarios, "v5-presto/web": "0".repeat(64) },
  }),
  "an engine of nobody": policy({ engines: { "worker-v5": ["v5-spark"] } }),
  "a schedule that nobody ran": policy({ faults: [{ file: "lost.json", digest, engines: ["v5-presto"] }] }),
  "a plan that nobody ran": policy({
    plans: [{ file: "api.json", digest, changes: ["api"], needs: ["v5"] }],
  }),
  "a plan for another component": policy({
    plans: [{ file: "v5.json", digest, changes: ["v5"], needs: ["v5"] }],
  }),
  "a mutant that nobody caught": policy({
    kills: [
      { file: "kill.json", digest, releases: { api: "mutant", workers: { v5: "current" } }, invariant: "I4" },
    ],
  }),
  "costs that nobody counted": policy({ cost: { finished: 100_000, jobs: 300, budgets: {} } }),
  "a policy that says nothing of its scenarios": policy({ scenarios: {} }),
  "a config that compares less than that of the policy": policy({ surroundings: "6".repeat(64) }),
  "a candidate that lacks what is live": (question) => ({
    ...question,
    plan: { ...question.plan, lacksOf: () => ["table.swap"] },
  }),
  "a list of last week": live({ at: at(-24 * 7) }),
  "a list of tomorrow": live({ at: at(24) }),
  "a list without an API": (question) =>
    live({ builds: question.deployed.builds.filter(({ component }) => component !== "api") })(question),
  "a worker that claims and is not listed": live({
    claiming: [{ component: "worker-v5", digest: "digest-old" }],
  }),
  "a component of nobody": (question) =>
    live({ builds: [...question.deployed.builds, buildOf("cache", "e1")] })(question),
  "an older worker that still ends its jobs": (question) =>
    live({ builds: [...question.deployed.builds, buildOf("worker-v5", "b0", "older")] })(question),
  "a known failure that has expired": (question) => ({
    ...question,
    known: [{ ...known, expires: at(-1) }],
  }),
  "a known failure for half a year": (question) => ({
    ...question,
    known: [{ ...known, expires: at(24 * 180) }],
  }),
};
const names = Object.keys(troubles);

const override: Override = {
  builds: [candidate.digest as string],
  owner: "mika",
  reason: "the site is down without it",
  issued: at(-1),
  expires: at(24),
};

/** In the order of the table, so that what is added to the runs is met by what changes all of them. */
const askedWith = (wanted: ReadonlySet<string>, more: Partial<Question> = {}): Question =>
  names
    .filter((name) => wanted.has(name))
    .reduce((question, name) => (troubles[name] as Change)(question), questionWith(more));

describe("in the way of GO", () => {
  test.each(names)("alone: %s", (name) => {
    expect(decide(questionWith()).exit).toBe(0);
    const { decision, exit } = decide(askedWith(new Set([name])));
    expect(decision).toBe("NO-GO");
    expect([1, 2, 3]).toContain(exit);
  });

  test("in any company, whatever was green besides and whoever overrides it", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 6 }),
        fc.nat({ max: 3 }),
        fc.boolean(),
        (wanted, greens, isOverridden) => {
          const proofs = Array.from({ length: 1 + greens }, (_, i) => candidateRun({ folder: `runs/${i}` }));
          const overrides = isOverridden ? [override] : [];
          const question = askedWith(new Set(wanted), { proofs, overrides });
          const { decision, exit } = decide(question);
          // An override ends 7 days after the first run of its builds.
          const latest = Date.parse(override.expires) - 7 * 24 * hourMs;
          const times = [...question.proofs.map(({ at: began }) => began), Date.parse(question.deployed.at)];
          const isBound = question.proofs.some(({ at: began }) => began < latest);
          const isSeen = question.proofs.some(({ builds, later }) =>
            [...builds, ...later].some(({ digest }) => digest === candidate.digest),
          );
          // Whoever shows it something from the future has set back its clock.
          const isSetBack = times.some((time) => time > now + hourMs / 12);
          expect([decision, exit === 0]).not.toEqual(["GO", true]);
          expect(exit === 4).toBe(isOverridden && isSeen && !isBound && !isSetBack);
          expect(exit).toBeGreaterThan(0);
        },
      ),
      { numRuns: 20_000 },
    );
  });
});
