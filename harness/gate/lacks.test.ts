import { expect, test } from "vitest";
import { decide } from "./decide.ts";
import {
  buildOf,
  candidate,
  candidateRun,
  cellOf,
  cells,
  deployed,
  live,
  plan,
  proofWith,
  questionWith,
} from "./testing/question.ts";

/** Whose API lacks what this cell takes. */
const lacked = "v5-presto/create-table";
const some = cells.filter((cell) => cell !== lacked);
const lacking = (release: string) => ({
  ...plan,
  lackedBy: (api: string) => new Set(api === release ? [lacked] : []),
});
const withoutIt = { cells: some.map((cell) => cellOf(cell)) };

const newV5 = buildOf("worker-v5", "b2", "next");
const builds = [live[0] as (typeof live)[number], newV5, live[2] as (typeof live)[number]];
const ofNewV5 = (cell: string) => cellOf(cell, cell.startsWith("v5") ? { worker: "digest-b2" } : {});

test("a live API is not asked for what it never had, though the policy has it: another candidate can go out", () => {
  const proofs = [proofWith(builds, { cells: some.map(ofNewV5) })];
  const ask = (more: object) => decide(questionWith({ candidate: [newV5], proofs, ...more }));
  expect(ask({ plan: lacking("current") })).toMatchObject({ decision: "GO", required: 2, shown: 2 });
  expect(ask({})).toMatchObject({ decision: "NO-GO", exit: 2, required: 3 });
});

test("a candidate is asked for what the policy has, whatever the config says that it lacks", () => {
  const decision = decide(questionWith({ plan: lacking("next"), proofs: [candidateRun(withoutIt)] }));
  expect(decision).toMatchObject({ decision: "NO-GO", exit: 2, required: 6, shown: 5 });
  expect(decision.findings).toMatchObject([
    { cell: lacked, what: "the policy requires it, and the config says that API next lacks what it takes" },
  ]);
});

test("nor does the name of a live release help a candidate", () => {
  const named = { ...candidate, release: "current" };
  const proofs = [candidateRun(withoutIt)];
  const decision = decide(questionWith({ candidate: [named], plan: lacking("current"), proofs }));
  expect(decision).toMatchObject({ decision: "NO-GO", exit: 2 });
  expect(decision.findings.map(({ cell }) => cell)).toEqual([lacked]);
});

test("what is new in the config is asked of those APIs alone that have it", () => {
  const policy = { ...deployed.policy, cells: some };
  const ask = (release: string) =>
    decide(
      questionWith({
        deployed: { ...deployed, policy },
        plan: lacking(release),
        proofs: [candidateRun(withoutIt)],
      }),
    );
  expect(ask("next")).toMatchObject({ decision: "GO", required: 5, shown: 5 });
  expect(ask("other")).toMatchObject({ decision: "NO-GO", exit: 2 });
});
