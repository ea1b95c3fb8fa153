import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide } from "./decide.ts";
import type { KnownFailure, Override } from "./policy.ts";
import type { Proof } from "./proof.ts";
import type { Question } from "./question.ts";
import {
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
} from "./testing/question.ts";

const at = (hours: number) => new Date(now + hours * hourMs).toISOString();
const reasons = (question: Question) => decide(question).findings.map(({ what }) => what);
const run = candidateRun;
/** The candidate's run with one cell as it is told. */
const with1 = (more: Parameters<typeof cellOf>[1], cell = "v5-presto/web"): Proof =>
  run({ cells: cells.map((one) => cellOf(one, one === cell ? more : {})) });
const i4 = [{ invariant: "I4", message: "its destination holds 0 rows where 4 belong" }];
const red = with1({ verdict: "violation", broken: i4 });
const starved = with1({ verdict: "infrastructure", reason: "the API did not answer" });

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
      { proofs: [with1({ verdict: "missing", reason: "never issued" })] },
    ],
    "an exercise that was not done": [2, /nobody asked/, { proofs: [run({ lacks: ["nobody asked"] })] }],
    "a scenario that was made easier": [2, /another scenario/, { proofs: [with1({ scenario: "easy" })] }],
    "the work of another worker": [2, /pass/, { proofs: [with1({ worker: "digest-b9" })] }],
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
    "another rig": [2, /rig simulated/, { proofs: [run({ rig: "simulated" })] }],
    "a run with faults": [2, /it had 1 faults/, { proofs: [run({ unfit: "it had 1 faults" })] }],
    "no signature where one is asked for": [
      2,
      /no key of the policy/,
      { deployed: { ...deployed, policy: { ...policy, keys: ["PEM"] } } },
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
      proofs: [with1({ verdict: "missing", reason: "never issued" }), run({ folder: "runs/later" })],
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
      proofs: [run(), starved, { ...starved, ...{ builds: proofWith(live).builds, folder: "runs/live" } }],
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

const known: KnownFailure = {
  cell: "v5-presto/web",
  invariant: "I4",
  message: "0 rows where 4 belong",
  reason: "the customer has agreed",
  owner: "mika",
  expires: at(48),
};

describe("known failures", () => {
  test("one of them is no obstacle, and is told", () => {
    const decision = decide(questionWith({ proofs: [red], known: [known] }));
    expect(decision).toMatchObject({ decision: "GO", shown: 6 });
    expect(decision.known).toEqual([
      `known: v5-presto/web I4: the customer has agreed (mika, until ${known.expires})`,
    ]);
  });

  const refused: Record<string, [exit: number, said: RegExp, Partial<Question>]> = {
    "hides no second failure in its cell": [
      1,
      /^F: a table/,
      {
        proofs: [with1({ verdict: "violation", broken: [...i4, { invariant: "F", message: "a table" }] })],
        known: [known],
      },
    ],
    "is pinned to its message": [1, /I4/, { proofs: [red], known: [{ ...known, message: "1 rows" }] }],
    "is pinned to its cell": [
      1,
      /I4/,
      { proofs: [red], known: [{ ...known, cell: "v5-presto/create-table" }] },
    ],
    "is pinned to its invariant": [1, /I4/, { proofs: [red], known: [{ ...known, invariant: "I3" }] }],
    "ends when it expires": [1, /I4/, { proofs: [red], known: [{ ...known, expires: at(-1) }] }],
    "that has expired is in the way": [2, /has expired/, { known: [{ ...known, expires: at(-1) }] }],
    "that nobody meets is in the way": [2, /was not met/, { known: [known] }],
  };
  test.each(Object.entries(refused))("one %s", (_, [exit, said, more]) => {
    const question = questionWith(more);
    expect(decide(question).exit).toBe(exit);
    expect(reasons(question).some((reason) => said.test(reason))).toBe(true);
  });
});

describe("an override", () => {
  const override: Override = {
    builds: [candidate.digest as string],
    owner: "mika",
    reason: "the site is down without it",
    issued: at(-1),
    expires: at(24),
  };
  const blocked = { proofs: [red] };

  test("is a decision of its own, never GO", () => {
    expect(decide(questionWith({ ...blocked, overrides: [override] }))).toMatchObject({
      decision: "NO-GO-OVERRIDDEN",
      exit: 4,
      validUntil: null,
    });
  });

  test("changes nothing where it is GO", () => {
    expect(decide(questionWith({ overrides: [override] }))).toMatchObject({ decision: "GO", exit: 0 });
  });

  const refused: Record<string, [said: string, all: Override[]]> = {
    renewed: ["it was renewed", [override, { ...override, issued: at(-200), expires: at(-100) }]],
    "for longer than a week": ["longer than 7 days", [{ ...override, expires: at(7 * 24) }]],
    expired: ["it has expired", [{ ...override, expires: at(0) }]],
    "not begun": ["begins in the future", [{ ...override, issued: at(1) }]],
  };
  test.each(Object.entries(refused))("that is %s is none", (_, [said, overrides]) => {
    const decision = decide(questionWith({ ...blocked, overrides }));
    expect(decision).toMatchObject({
      decision: "NO-GO",
      exit: 1,
      override: { refused: expect.stringContaining(said) },
    });
  });

  const others: Record<string, string[]> = {
    "other builds": ["digest-a9"],
    "these and others": [candidate.digest as string, "digest-a9"],
  };
  test.each(Object.entries(others))("of %s is none", (_, builds) => {
    const decision = decide(questionWith({ ...blocked, overrides: [{ ...override, builds }] }));
    expect(decision).toMatchObject({ decision: "NO-GO", override: null });
  });
});

test("what is missing is shown by one command, with what is live in the other places", () => {
  const question = questionWith({ deployed: { ...deployed, builds: [...live, draining] } });
  expect(decide(question).findings.map(({ next }) => next)).toContainEqual({
    run: { api: "next", workers: { v5: "old" }, cell: "v5-presto/web" },
  });
});

test("100,000 generated questions: GO is what a plain second reading calls GO", () => {
  const cell = fc.record({
    cell: fc.constantFrom(...cells),
    verdict: fc.constantFrom("pass", "pass", "pass", "violation", "missing", "infrastructure" as const),
    scenario: fc.boolean(),
  });
  const proof = fc.record({
    api: fc.constantFrom("a2", "a2", "a1"),
    at: fc.constantFrom(-2, -2, -200, 3),
    harness: fc.constantFrom("harness", "harness", "other"),
    lacks: fc.boolean(),
    loose: fc.constantFrom(false, false, true),
    cells: fc.oneof(fc.constant(null), fc.array(cell, { maxLength: 6 })),
  });
  let go = 0;
  fc.assert(
    fc.property(fc.array(proof, { maxLength: 4 }), (given) => {
      const proofs = given
        .map((one, i) =>
          proofWith([buildOf("api", one.api, one.api === "a2" ? "next" : "current"), ...live.slice(1)], {
            folder: `runs/${i}`,
            at: now + one.at * hourMs,
            lacks: one.lacks ? ["something"] : [],
            loose: one.loose ? ["a list"] : [],
            ...(one.cells === null
              ? {}
              : {
                  cells: one.cells.map((found) =>
                    cellOf(found.cell, {
                      verdict: found.verdict,
                      broken: found.verdict === "violation" ? i4 : [],
                      reason: found.verdict,
                      ...(found.scenario ? {} : { scenario: "other" }),
                    }),
                  ),
                }),
          }),
        )
        .map((one, i) => ({ ...one, inputs: { ...one.inputs, harness: given[i]?.harness ?? "" } }));
      const decision = decide(questionWith({ proofs }));
      const isGo = isGoPlainly(proofs);
      if (isGo) go += 1;
      expect(decision.decision).toBe(isGo ? "GO" : "NO-GO");
      expect(decision.exit === 0).toBe(isGo);
    }),
    { numRuns: 100_000 },
  );
  // Else it would be green for nothing.
  expect(go).toBeGreaterThan(1000);
});

/** The rule once more, for these questions alone. */
function isGoPlainly(proofs: readonly Proof[]): boolean {
  const mine = proofs.filter(({ builds }) => builds[0]?.digest === candidate.digest);
  const others = proofs.filter((one) => !mine.includes(one));
  const troubled = (all: readonly Proof[], cell: string) =>
    all.some(({ cells: found }) =>
      found.some((one) => one.cell === cell && one.verdict === "infrastructure"),
    );
  if (
    mine.some(
      ({ loose, cells: found }) => loose.length > 0 || found.some(({ verdict }) => verdict === "violation"),
    )
  )
    return false;
  if (cells.some((cell) => troubled(mine, cell) && !troubled(others, cell))) return false;
  const good = mine.filter(
    ({ at: when, inputs }) => inputs.harness === "harness" && when === now - 2 * hourMs,
  );
  const isShown = (cell: string) =>
    good.some((one) => {
      const found = one.cells.find((each) => each.cell === cell);
      return found?.verdict === "pass" && found.scenario === `scenario ${cell}`;
    });
  return cells.every(isShown) && good.some(({ lacks }) => lacks.length === 0);
}
