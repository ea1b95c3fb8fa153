import { expect, test } from "vitest";
import { decide } from "../decide.ts";
import type { RequiredKill } from "../policy.ts";
import type { Proof } from "../proof.ts";
import type { Question } from "../question.ts";
import {
  buildOf,
  candidateRun,
  cellOf,
  deployed,
  hourMs,
  i4,
  now,
  proofWith,
  questionWith,
  scheduledAs,
} from "../testing/question.ts";

/** Kills of mutants that the policy requires of this harness, and controls that it has to leave alone. */

const releases = { api: "mutant", workers: { v5: "current", v6: "current" } };
const kill: RequiredKill = { file: "mutant.json", digest: "1".repeat(64), releases, invariant: "I4" };
const control: RequiredKill = { ...kill, file: "control.json", invariant: null };

const passed = { ...cellOf("v5-presto/web"), cell: "schedule 111111111111/v5-presto/web" };
const broken = { ...passed, verdict: "violation" as const, broken: i4 };
const other = { ...broken, broken: [{ invariant: "I5", message: "a status was lost" }] };

/** The mutant caught under the schedule, among builds that are live. */
const caught = (more: Partial<Proof> = {}): Proof =>
  proofWith([buildOf("api", "e1", "mutant"), buildOf("worker-v5", "b1"), buildOf("worker-v6", "c1")], {
    folder: "runs/kill",
    cells: [broken],
    lacks: ["it is a part"],
    scheduled: scheduledAs(kill.digest),
    ...more,
  });

const asked = (runs: readonly Proof[], kills: readonly RequiredKill[] = [kill]): Question =>
  questionWith({
    deployed: { ...deployed, policy: { ...deployed.policy, kills: [...kills] } },
    proofs: [candidateRun(), ...runs],
  });

test("a mutant that its invariant has caught is a kill, and speaks against nobody", () => {
  const decision = decide(asked([caught()]));
  expect(decision).toMatchObject({ decision: "GO", exit: 0, required: 7, shown: 7 });
  expect(decision.counted).toContain("runs/kill");
});

test("a control that broke nothing is shown", () => {
  expect(decide(asked([caught({ cells: [passed] })], [control]))).toMatchObject({ exit: 0, shown: 7 });
});

test("what broke besides makes it no other kill", () => {
  expect(decide(asked([caught({ cells: [broken, other] })]))).toMatchObject({ exit: 0, shown: 7 });
});

const { inputs } = caught();
const attacks: Record<string, [said: RegExp, runs: Proof[], kill?: RequiredKill]> = {
  "no run": [/I4 must catch it: no run of it/, []],
  "a mutant that nothing caught": [/I4 held: nothing broke/, [caught({ cells: [passed] })]],
  "a kill by another invariant": [/I4 held: I5 broke/, [caught({ cells: [other] })]],
  "a kill by the contract alone": [/I4 held: C broke/, [caught({ cells: [passed], loose: ["it is odd"] })]],
  "another mutant": [/no run of it/, [caught({ releases: { ...releases, api: "other" } })]],
  "another schedule": [/no run of it/, [caught({ scheduled: scheduledAs("2".repeat(64)) })]],
  "the matrix": [/no run of it/, [caught({ scheduled: null })]],
  "a fault that did not fire": [
    /did not fire/,
    [caught({ scheduled: scheduledAs(kill.digest, { lacks: ["lost: it did not fire"] }) })],
  ],
  "code in this process": [/rig simulated/, [caught({ rig: "simulated" })]],
  "an old kill": [/older than/, [caught({ at: now - 169 * hourMs })]],
  "another harness": [/another version of Interlock/, [caught({ inputs: { ...inputs, harness: "other" } })]],
  "another config": [/started or set otherwise/, [caught({ inputs: { ...inputs, config: "other" } })]],
  "a red control": [/the control broke I4/, [caught()], control],
  "a control that departed from the contract": [
    /the control broke C/,
    [caught({ cells: [passed], loose: ["it is odd"] })],
    control,
  ],
  "a control without a verdict": [
    /missing: not issued/,
    [caught({ cells: [{ ...passed, verdict: "missing", reason: "not issued" }] })],
    control,
  ],
  "a control without a job": [/no job/, [caught({ cells: [] })], control],
};

test.each(Object.entries(attacks))("%s shows none", (_, [said, runs, required = kill]) => {
  const decision = decide(asked(runs, [required]));
  expect(decision).toMatchObject({ decision: "NO-GO", exit: 2, shown: 6, required: 7 });
  expect(decision.findings).toMatchObject([
    {
      cell: required.file,
      what: expect.stringMatching(said),
      next: {
        replay: { file: required.file, digest: kill.digest, api: "mutant", workers: releases.workers },
      },
    },
  ]);
});

test("a later run that shows it is enough: a harness is asked what it sees", () => {
  expect(decide(asked([caught({ cells: [passed] }), caught()]))).toMatchObject({ exit: 0, shown: 7 });
});
