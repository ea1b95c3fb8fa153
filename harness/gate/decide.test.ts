import { describe, expect, test } from "vitest";
import { decide } from "./decide.ts";
import type { Question } from "./question.ts";
import {
  at,
  buildOf,
  candidate,
  candidateRun,
  cellOf,
  cells,
  deployed,
  hourMs,
  live,
  now,
  plan,
  proofWith,
  questionWith,
  red,
  runWith,
} from "./testing/question.ts";

const reasons = (question: Question) => decide(question).findings.map(({ what }) => what);
const run = candidateRun;
const starved = runWith({ verdict: "infrastructure", reason: "the API did not answer" });

test("all that is required was shown: GO, for as long as the evidence holds", () => {
  const decision = decide(questionWith());
  expect(decision).toMatchObject({ decision: "GO", exit: 0, findings: [], required: 6, shown: 6 });
  expect(decision.validUntil).toBe(now + 23 * hourMs);
  expect(decision.pairs).toHaveLength(2);
});

const policy = deployed.policy;
const v5next = buildOf("worker-v5", "b2", "next");
const draining = buildOf("worker-v5", "b0", "old");

describe("nothing but a full set of passes is GO", () => {
  const attacks: Record<string, [expected: number, said: RegExp, Partial<Question>]> = {
    "no evidence at all": [2, /no run of these builds/, { proofs: [] }],
    "evidence of what is live alone": [2, /no run of these builds/, { proofs: [proofWith(live)] }],
    "another digest under the same name": [2, /no run/, { candidate: [buildOf("api", "a3", "next")] }],
    "another platform's image of the same digest": [
      2,
      /no run/,
      { candidate: [{ ...candidate, image: `sha256:${"e".repeat(64)}` }] },
    ],
    "retried until green": [
      1,
      /I4: its destination/,
      { proofs: [red, run({ folder: "runs/later", at: now })] },
    ],
    "red outside of any job, then green": [1, /C: a list/, { proofs: [run({ loose: ["a list"] }), run()] }],
    "a part of the matrix": [2, /it is a part/, { proofs: [run({ lacks: ["it is a part: 4 of 9 cells"] })] }],
    "cells that were left out": [
      2,
      /did not run this cell/,
      { proofs: [run({ cells: [cellOf("v5-presto/web")] })] },
    ],
    "no cell at all": [2, /did not run this cell/, { proofs: [run({ cells: [] })] }],
    "a cell without verdict": [
      2,
      /missing: never issued/,
      { proofs: [runWith({ verdict: "missing", reason: "never issued" })] },
    ],
    "an exercise that was not done": [2, /nobody asked/, { proofs: [run({ lacks: ["nobody asked"] })] }],
    "a scenario that was made easier": [2, /another scenario/, { proofs: [runWith({ scenario: "easy" })] }],
    "the work of another worker": [
      2,
      /: its job was run by another build of the worker$/,
      { proofs: [runWith({ worker: "digest-b9" })] },
    ],
    "a config that requires less than what is live does": [
      2,
      /the config has it no longer/,
      { plan: { ...plan, scenarios: new Map([...plan.scenarios].slice(1)) } },
    ],
    "a config that has no worker for a cell": [
      2,
      /the config has it no longer/,
      { deployed: { ...deployed, policy: { ...policy, cells: [...cells, "v7-spark/web"] } } },
    ],
    "a scenario that was made easier, in the config too": [
      2,
      /another scenario of this name/,
      {
        plan: { ...plan, scenarios: new Map([...plan.scenarios, ["v5-presto/web", "easy"]]) },
        proofs: [runWith({ scenario: "easy" })],
      },
    ],
    "a matrix without the probe": [2, /it had no probe/, { proofs: [run({ isProbed: false })] }],
    "a candidate's own new cell": [
      2,
      /did not run this cell/,
      { plan: { ...plan, scenarios: new Map([...plan.scenarios, ["v5-presto/new", "s"]]) } },
    ],
    "tested with a flag off": [
      2,
      /started or set otherwise/,
      { proofs: [run({ inputs: { harness: "harness", config: "FLAG=off" } })] },
    ],
    "another harness": [
      2,
      /another version/,
      { proofs: [run({ inputs: { harness: "mine", config: run().inputs.config } })] },
    ],
    "a release that the config lacks": [
      2,
      /lacks a release/,
      { proofs: [run({ releases: { api: "gone", workers: { v5: "current", v6: "current" } } })] },
    ],
    "stale evidence": [2, /older than the 168 hours/, { proofs: [run({ at: now - 169 * hourMs })] }],
    "evidence of tomorrow": [2, /from the future/, { proofs: [run({ at: now + hourMs })] }],
    "a database of which nobody has seen how it was set": [
      2,
      /nobody has seen how its database was set/,
      { proofs: [run({ settings: null })] },
    ],
    "another rig": [2, /rig simulated/, { proofs: [run({ rig: "simulated" })] }],
    "a run with faults": [2, /it had 1 faults/, { proofs: [run({ unfit: "it had 1 faults" })] }],
    "no signature where one is asked for": [
      2,
      /no key of the policy/,
      { deployed: { ...deployed, policy: { ...policy, keys: ["PEM"] } } },
    ],
    "evidence of an older form beside a green run": [
      2,
      /runs\/x: the evidence cannot be read: its form 1 is of an older Interlock/,
      { damaged: [{ folder: "runs/x", damage: "its form 1 is of an older Interlock", otherForm: "older" }] },
    ],
    "damaged evidence beside a green run": [
      2,
      /damaged: changed/,
      { damaged: [{ folder: "runs/x", damage: "changed" }] },
    ],
    "a draining release that nobody tested": [
      2,
      /no run of these builds/,
      { deployed: { ...deployed, builds: [...live, draining] } },
    ],
    "a draining release that is left out and claims": [
      2,
      /was seen to claim/,
      { deployed: { ...deployed, claiming: [{ component: "worker-v5", digest: "digest-b0" }] } },
    ],
    "a generation that is not listed": [
      2,
      /no build of worker-v6/,
      { deployed: { ...deployed, builds: live.slice(0, 2) } },
    ],
    "no API that is live": [2, /no build of api/, { deployed: { ...deployed, builds: live.slice(1) } }],
    "a stale list of what is live": [
      2,
      /older than the 24 hours/,
      { deployed: { ...deployed, at: at(-25) } },
    ],
    "a list of tomorrow": [2, /from the future/, { deployed: { ...deployed, at: at(1) } }],
    "a list that contradicts what was attested": [
      2,
      /another digest than the listed/,
      {
        deployed: {
          ...deployed,
          builds: [live[0], { ...live[1], digest: "digest-else" }, live[2]] as typeof live,
        },
      },
    ],
    "a component that the config does not know": [
      2,
      /no component of the config/,
      { candidate: [candidate, buildOf("proxy", "f1")] },
    ],
    "trouble that only the candidate meets": [
      3,
      /what is live has not met it/,
      { proofs: [starved, run({ folder: "runs/later" })] },
    ],
    "a helper that is not live": [
      2,
      /a build that is not listed as live was part of it/,
      {
        proofs: [
          run({
            builds: [...run().builds, { component: "worker-v9", release: "x", digest: "x", image: null }],
          }),
        ],
      },
    ],
    "another database than the live one": [
      2,
      /no run of these builds/,
      {
        deployed: {
          ...deployed,
          builds: [
            ...live,
            { component: "mysql", release: "8", digest: null, image: `sha256:${"d9".padEnd(64, "0")}` },
          ],
        },
      },
    ],
    "a second component that was not tried": [
      2,
      /no run of these builds/,
      { candidate: [candidate, v5next] },
    ],
    "a database that was not tried": [
      2,
      /no run of these builds/,
      {
        candidate: [
          { component: "mysql", release: "9", digest: null, image: `sha256:${"d2".padEnd(64, "0")}` },
        ],
      },
    ],
  };

  test.each(Object.entries(attacks))("%s", (_, [exit, said, more]) => {
    const decision = decide(questionWith(more));
    expect(decision).toMatchObject({ decision: "NO-GO", exit, validUntil: null });
    expect(decision.findings.map(({ what }) => what).join("\n")).toMatch(said);
  });
});

describe("what is no obstacle", () => {
  const ways: Record<string, Partial<Question>> = {
    "cells shown by several runs": {
      proofs: [runWith({ verdict: "missing", reason: "never issued" }), run({ folder: "runs/later" })],
    },
    "a mutant beside the candidate was red": {
      proofs: [
        run(),
        {
          ...red,
          builds: red.builds.map((one) => ({
            ...one,
            ...(one.component === "worker-v5" ? { digest: "mutant", image: "sha256:mutant" } : {}),
          })),
        },
      ],
    },
    "trouble that what is live met too": {
      proofs: [run(), starved, { ...starved, builds: proofWith(live).builds, folder: "runs/live" }],
    },
    "another release was red": {
      proofs: [run(), { ...red, builds: proofWith([buildOf("api", "a0"), ...live.slice(1)]).builds }],
    },
    "a draining release that was tested": {
      deployed: { ...deployed, builds: [...live, draining] },
      proofs: [
        run(),
        proofWith([candidate, draining, live[2] as typeof candidate], {
          cells: cells.map((cell) => cellOf(cell, cell.startsWith("v5") ? { worker: "digest-b0" } : {})),
        }),
      ],
    },
    "the image of the live database": {
      deployed: {
        ...deployed,
        builds: [
          ...live,
          { component: "mysql", release: "8", digest: null, image: `sha256:${"d1".padEnd(64, "0")}` },
        ],
      },
    },
  };
  test.each(Object.entries(ways))("%s", (_, more) => {
    expect(reasons(questionWith(more))).toEqual([]);
  });
});

test("a worker that goes out is asked for with every API that is live, and no other worker is", () => {
  const next = buildOf("worker-v5", "b2", "next");
  const old = buildOf("api", "a0", "old");
  const question = questionWith({ candidate: [next], deployed: { ...deployed, builds: [...live, old] } });
  expect(decide(question).pairs).toEqual([
    "api current (digest-a1) + worker-v5 next (digest-b2)",
    "api old (digest-a0) + worker-v5 next (digest-b2)",
  ]);
});

test("a database that goes out is asked for with every pair", () => {
  const databaseOf = (mark: string) => ({ ...buildOf("mysql", mark), digest: null });
  const question = questionWith({
    candidate: [databaseOf("d2")],
    deployed: { ...deployed, builds: [...live, databaseOf("d1")] },
  });
  expect(decide(question).pairs).toEqual([
    "api current (digest-a1) + worker-v5 current (digest-b1) + mysql current (d20000000000)",
    "api current (digest-a1) + worker-v6 current (digest-c1) + mysql current (d20000000000)",
  ]);
});

test("what is missing is shown by one command, with what is live in the other places", () => {
  const question = questionWith({ deployed: { ...deployed, builds: [...live, draining] } });
  expect(decide(question).findings.map(({ next }) => next)).toContainEqual({
    run: { api: "next", workers: { v5: "old" }, cell: "v5-presto/web" },
  });
});
