import { describe, expect, test } from "vitest";
import { decide } from "../decide.ts";
import type { KnownFailure } from "../policy.ts";
import type { Proof } from "../proof.ts";
import type { Question } from "../question.ts";
import {
  at,
  buildOf,
  candidate,
  candidateRun,
  deployed,
  hourMs,
  i4,
  now,
  proofWith,
  questionWith,
  scheduledAs,
} from "../testing/question.ts";
import { api, apiFirst, asked, attested, beside, jobOf, run, twin, v5 } from "../testing/rolled.ts";

/** I10 in the gate: jobs of a rolling plan come to what they come to without its steps, as evidence of its own says. */

/** What is required is that plan; its twins are told one by one. */
const question = (proofs: readonly Proof[], more: Partial<Question> = {}): Question =>
  asked([], { proofs: [candidateRun(), ...proofs], ...more });
const outcome = (number: number, result: unknown) => ({ number, result });
/** A run of the plan, or of its twin, with two jobs that came to these results. */
const jobs = [jobOf(), jobOf({ cell: "schedule 111111111111/v5-presto/create-table" })].map((one) => ({
  ...one,
  scenario: `scenario ${one.cell.slice(one.cell.indexOf("/") + 1)}`,
}));
const ended = (of: "plan" | "twin", results: readonly unknown[], more: Partial<Proof> = {}): Proof => {
  const outcomes = results.map((result, i) => outcome(i + 1, result));
  return of === "plan"
    ? run({ cells: jobs, scheduled: scheduledAs(apiFirst.digest, { twin, outcomes }), ...more })
    : beside({ cells: jobs, scheduled: scheduledAs(twin, { outcomes }), ...more });
};

describe("a plan that passed by itself shows nothing", () => {
  const old = { at: now - 169 * hourMs };
  const { inputs } = beside();
  const attacks: Record<string, [said: RegExp, twins: Proof[]]> = {
    "without a run of the same jobs": [/nobody has run the same jobs without its steps/, []],
    "beside other jobs": [/nobody has run/, [beside({ scheduled: scheduledAs("4".repeat(64)) })]],
    "beside the matrix": [/nobody has run/, [beside({ scheduled: null })]],
    "beside itself": [/nobody has run/, [run({ folder: "runs/again" })]],
    "beside jobs that the candidate ran": [
      /nobody has run/,
      [beside({ builds: proofWith([candidate, v5]).builds })],
    ],
    "beside jobs of another worker": [
      /nobody has run/,
      [beside({ builds: proofWith([api, buildOf("worker-v5", "b9")]).builds })],
    ],
    "beside jobs in which a step brought the candidate in": [
      /other images or another rig/,
      [beside({ later: [attested(candidate)] })],
    ],
    "beside jobs on another database": [
      /other images or another rig/,
      [beside({ images: { mysql: `sha256:${"e".repeat(64)}` } })],
    ],
    "beside jobs in this process": [/on the rig simulated/, [beside({ rig: "simulated" })]],
    "beside jobs of last week": [/older than the 168 hours/, [beside(old)]],
    "beside jobs of tomorrow": [/from the future/, [beside({ at: now + hourMs })]],
    "beside jobs that another Interlock ran": [
      /another version of Interlock/,
      [beside({ inputs: { ...inputs, harness: "other" } })],
    ],
    "beside jobs that were started otherwise": [
      /started or set otherwise/,
      [beside({ inputs: { ...inputs, config: "other" } })],
    ],
    "beside a job that ended without a verdict": [
      /missing: not issued/,
      [beside({ cells: [jobOf({ verdict: "missing", reason: "not issued" })] })],
    ],
    "beside a job that broke something": [
      /violation/,
      [beside({ cells: [jobOf({ verdict: "violation", broken: i4 })] })],
    ],
    "beside another scenario of this name": [
      /another scenario/,
      [beside({ cells: [jobOf({ scenario: "easier" })] })],
    ],
    "beside no job": [/it had no job/, [beside({ cells: [] })]],
    "beside what could not be judged": [
      /could not be judged/,
      [beside({ unfit: "3 of its exchanges could not be judged" })],
    ],
  };

  test.each(Object.entries(attacks))("%s", (_, [said, twins]) => {
    const decision = decide(question([...twins, run()]));
    expect(decision).toMatchObject({ decision: "NO-GO", exit: 2, shown: 6, required: 7 });
    expect(decision.findings.map(({ cell }) => cell)).toEqual([apiFirst.file]);
    expect(decision.findings[0]?.what).toMatch(said);
    expect(decision.findings[0]?.next).toMatchObject({ replay: { file: apiFirst.file } });
  });

  test("beside jobs that nobody signed, where the policy has keys", () => {
    const policy = { ...deployed.policy, plans: [apiFirst], keys: ["PUBLIC KEY"] };
    const signed = { signer: "key" };
    const proofs = [candidateRun(signed), run(signed)];
    const decided = (more: Partial<Proof>) =>
      decide(questionWith({ deployed: { ...deployed, policy }, proofs: [...proofs, beside(more)] }));
    expect(decided(signed)).toMatchObject({ decision: "GO" });
    expect(decided({})).toMatchObject({ decision: "NO-GO", exit: 2 });
  });
});

describe("a job that ends otherwise than without the steps", () => {
  const same = ended("twin", ["a", "b"]);

  test("that does not is GO", () => {
    expect(decide(question([same, ended("plan", ["a", "b"])]))).toMatchObject({ decision: "GO", shown: 7 });
  });

  test.each<[string, unknown[], string]>([
    ["the first", ["x", "b"], "v5-presto/web"],
    ["the last", ["a", "x"], "v5-presto/create-table"],
    ["one that nobody saw end", ["a"], "v5-presto/create-table"],
  ])("%s is a violation of I10, whatever passed", (_, results, cell) => {
    const decision = decide(question([same, ended("plan", results)]));
    expect(decision).toMatchObject({ decision: "NO-GO", exit: 1, shown: 6 });
    expect(decision.findings).toMatchObject([
      { verdict: "violation", cell: `schedule 111111111111/${cell}`, next: { check: "runs/rolled" } },
    ]);
    expect(decision.findings[0]?.what).toMatch(/^I10: .*without the steps /);
  });

  test("is red where no policy asks for the plan, and after a later run that came to the same", () => {
    const other = ended("plan", ["x", "b"]);
    for (const more of [{}, { deployed }])
      expect(decide(question([same, other, ended("plan", ["a", "b"])], more))).toMatchObject({ exit: 1 });
  });

  test("cannot be outvoted by a twin that was run until it came to the same, nor by one that is too old to show anything", () => {
    const other = ended("plan", ["x", "b"]);
    const agreeing = ended("twin", ["x", "b"], { folder: "runs/retried" });
    expect(decide(question([same, agreeing, other]))).toMatchObject({ exit: 1 });
    const old = { ...same, at: now - 300 * hourMs };
    expect(decide(question([old, agreeing, other]))).toMatchObject({ exit: 1 });
  });

  test("is not told by a twin of another config: nobody knows what made the difference", () => {
    const inputs = { harness: "harness", config: "before" };
    const before = ended("twin", ["x", "y"], { inputs });
    expect(decide(question([before, same, ended("plan", ["a", "b"])]))).toMatchObject({ decision: "GO" });
  });

  test("is accepted by an entry of its own, which hides no second one", () => {
    const known: KnownFailure = {
      cell: "schedule 111111111111/v5-presto/web",
      invariant: "I10",
      message: '"result":"x"',
      reason: "the customer has agreed",
      owner: "mika",
      expires: at(48),
    };
    const decided = (results: unknown[]) =>
      decide(question([same, ended("plan", results)], { known: [known] }));
    expect(decided(["x", "b"])).toMatchObject({ decision: "GO" });
    expect(decided(["x", "x"])).toMatchObject({ decision: "NO-GO", exit: 1 });
  });

  test("adds nothing to one that has no verdict: what did not end is told already", () => {
    const cells = jobs.map((one) => ({ ...one, verdict: "missing" as const, reason: "not issued" }));
    const decision = decide(question([same, ended("plan", ["x"], { cells })]));
    expect(decision.findings).toMatchObject([{ verdict: "missing", cell: apiFirst.file }]);
  });
});

test("a plan that cannot be compared, since something else went wrong too, shows itself", () => {
  const alone = run({ scheduled: scheduledAs(apiFirst.digest) });
  expect(decide(question([alone]))).toMatchObject({ decision: "GO", shown: 7 });
});

test("GO ends with the run that a plan was held against", () => {
  const first = now - 160 * hourMs;
  const decision = decide(question([beside({ at: first }), run()]));
  expect(decision.validUntil).toBe(first + 168 * hourMs);
  expect(decision.counted).toContain("runs/twin");
});
