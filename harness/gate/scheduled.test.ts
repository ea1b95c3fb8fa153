import { describe, expect, test } from "vitest";
import { decide } from "./decide.ts";
import type { RequiredSchedule } from "./policy.ts";
import type { Proof } from "./proof.ts";
import type { Question } from "./question.ts";
import {
  buildOf,
  candidate,
  candidateRun,
  cellOf,
  deployed,
  hourMs,
  i4,
  now,
  plan,
  proofWith,
  questionWith,
  scheduledAs,
} from "./testing/question.ts";

/** Schedules with faults that the policy requires. */

const lost: RequiredSchedule = { file: "lost.json", digest: "1".repeat(64), engines: ["v5-presto"] };
const jobOf = (more = {}) => ({
  ...cellOf("v5-presto/web"),
  cell: "schedule 111111111111/v5-presto/web",
  ...more,
});

/** A run of it by the builds that it needs. */
const run = (more: Partial<Proof> = {}): Proof =>
  proofWith([candidate, buildOf("worker-v5", "b1")], {
    folder: "runs/lost",
    cells: [jobOf()],
    lacks: ["it is a part: 1 of ? cells"],
    isProbed: false,
    scheduled: scheduledAs(lost.digest),
    ...more,
  });

const asked = (runs: readonly Proof[], more: Partial<Question> = {}, faults = [lost]): Question =>
  questionWith({
    deployed: { ...deployed, policy: { ...deployed.policy, faults } },
    proofs: [candidateRun(), ...runs],
    ...more,
  });

test("is shown by a run in which every job passed and every fault fired", () => {
  const decision = decide(asked([run()]));
  expect(decision).toMatchObject({ decision: "GO", exit: 0, required: 7, shown: 7 });
  expect(decision.counted).toContain("runs/lost");
  expect(decision.validUntil).not.toBeNull();
});

test("is asked of the pairs whose worker has one of its engines, and by a command", () => {
  const { findings, required } = decide(asked([]));
  expect(required).toBe(7);
  expect(findings).toMatchObject([
    {
      verdict: "missing",
      pair: expect.stringContaining("worker-v5"),
      cell: "lost.json",
      what: "no run of this schedule with these builds is in the evidence",
      next: {
        replay: {
          file: "lost.json",
          digest: lost.digest,
          api: "next",
          workers: { v5: "current", v6: "current" },
        },
      },
    },
  ]);
  expect(decide(asked([], {}, [{ ...lost, engines: ["v5-presto", "v6-hive-hdp2"] }])).required).toBe(8);
});

test("is asked although no worker of the config has its engine any longer", () => {
  expect(decide(asked([], {}, [{ ...lost, engines: ["v5-hive-cdh4"] }])).findings).toHaveLength(1);
});

describe("is not shown by", () => {
  const { inputs } = run();
  const attacks: Record<string, [said: RegExp, runs: Proof[], more?: Partial<Question>]> = {
    "a run of another schedule, whatever its file was called": [
      /no run of this schedule/,
      [run({ scheduled: scheduledAs("2".repeat(64)) })],
    ],
    "a run of the matrix alone": [/no run of this schedule/, []],
    "a run of the matrix with its faults": [/no run of this schedule/, [run({ scheduled: null })]],
    "faults that did not fire": [
      /it did not fire/,
      [run({ scheduled: scheduledAs(lost.digest, { lacks: ["lost: it did not fire"] }) })],
    ],
    "code in this process": [/on the rig simulated/, [run({ rig: "simulated" })]],
    "an old run": [/older than the 168 hours/, [run({ at: now - 169 * hourMs })]],
    "another harness": [/another version of Interlock/, [run({ inputs: { ...inputs, harness: "other" } })]],
    "another config": [/started or set otherwise/, [run({ inputs: { ...inputs, config: "other" } })]],
    "another API": [
      /no run of this schedule/,
      [{ ...run(), builds: proofWith([buildOf("api", "a1"), buildOf("worker-v5", "b1")]).builds }],
    ],
    "another worker": [
      /no run of this schedule/,
      [{ ...run(), builds: proofWith([candidate, buildOf("worker-v5", "b9")]).builds }],
    ],
    "another scenario of this name": [/another scenario/, [run({ cells: [jobOf({ scenario: "easier" })] })]],
    "a job without a verdict": [
      /missing: not issued/,
      [run({ cells: [jobOf({ verdict: "missing", reason: "not issued" })] })],
    ],
    "no job": [/it had no job/, [run({ cells: [] })]],
    "releases that changed on its way": [
      /changes releases/,
      [run({ unfit: "it changes releases on its way" })],
    ],
  };

  test.each(Object.entries(attacks))("%s", (_, [said, runs, more]) => {
    const decision = decide(asked(runs, more));
    expect(decision).toMatchObject({ decision: "NO-GO", exit: 2, shown: 6, required: 7 });
    expect(decision.findings.map(({ cell }) => cell)).toEqual(["lost.json"]);
    expect(decision.findings[0]?.what).toMatch(said);
  });
});

test("what broke in it speaks against the candidate, whatever passed later and whatever is required", () => {
  const broken = run({ cells: [jobOf({ verdict: "violation", broken: i4 })] });
  for (const faults of [[], [lost]])
    expect(decide(asked([broken, run()], {}, faults))).toMatchObject({
      decision: "NO-GO",
      exit: 1,
      findings: [{ cell: "schedule 111111111111/v5-presto/web", next: { check: "runs/lost" } }],
    });
  expect(decide(asked([broken])).findings).toHaveLength(1);
});

test("a departure outside of any job speaks against it too, and says nothing about the matrix", () => {
  const odd = run({ loose: ["it is odd"] });
  const { findings } = decide(asked([odd], { proofs: [odd] }));
  expect(findings.filter(({ verdict }) => verdict === "violation")).toHaveLength(1);
  expect(findings.filter(({ cell, verdict }) => cell === null && verdict === "missing")).toHaveLength(2);
});

test("a failure that is known of a cell is none that is known of the same job under faults", () => {
  const entry = {
    invariant: "I4",
    message: "holds 0 rows where 4 belong",
    reason: "it is to be retired",
    owner: "mika",
    expires: new Date(now + hourMs).toISOString(),
  };
  const broken = run({ cells: [jobOf({ verdict: "violation", broken: i4 })] });
  const knowing = (cell: string) => decide(asked([broken], { known: [{ ...entry, cell }] }));
  expect(knowing("v5-presto/web").exit).toBe(1);
  expect(knowing("schedule 111111111111/v5-presto/web")).toMatchObject({ decision: "GO", exit: 0 });
});

test("a run of a schedule shows no cell of the matrix, and makes up none", () => {
  const scenarios = [...plan.scenarios.keys()].map((cell) => cellOf(cell));
  const decision = decide(asked([], { proofs: [run({ cells: scenarios, lacks: [], isProbed: true })] }));
  expect(decision).toMatchObject({ decision: "NO-GO", exit: 2, shown: 0 });
});
