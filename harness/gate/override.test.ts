import { describe, expect, test } from "vitest";
import { decide } from "./decide.ts";
import type { Build, Override } from "./policy.ts";
import type { Proof } from "./proof.ts";
import type { Question } from "./question.ts";
import {
  at,
  buildOf,
  candidate,
  deployed,
  hourMs,
  live,
  now,
  proofWith,
  questionWith,
  red,
} from "./testing/question.ts";

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

  const others: Record<string, [builds: string[], told: unknown]> = {
    "other builds": [["digest-a9"], null],
    "these and others": [
      [candidate.digest as string, "digest-a9"],
      { refused: "it is of other builds than those that are to go out" },
    ],
  };
  test.each(Object.entries(others))("of %s is none", (_, [builds, told]) => {
    const decision = decide(questionWith({ ...blocked, overrides: [{ ...override, builds }] }));
    expect(decision).toMatchObject({ decision: "NO-GO", override: told });
  });

  const dayMs = 24 * hourMs;
  const days = (count: number) => at(24 * count);
  /** As if it were the first: who deletes an entry leaves nothing of it. */
  const renewed: Override = { ...override, issued: at(-1), expires: days(3) };
  const began = (when: number, more: Partial<Proof> = {}) => ({ ...red, at: now + when * dayMs, ...more });
  const tooLateText = /^it is to last longer than 7 days after the first run/;
  const second = buildOf("worker-v5", "b2");
  type Attested = Proof["builds"][number];
  const tooLate = expect.stringContaining("7 days after the first run of these builds");

  const bound: Record<string, [proofs: Proof[], told: object]> = {
    "within 7 days of their first run is in force": [[began(-4)], { by: renewed }],
    "written anew past 7 days after it is none": [[began(-4.01)], { refused: tooLate }],
    "written anew is none, however new a later run is": [[began(-0.1), began(-6)], { refused: tooLate }],
    "written anew is none where the first run was of another kind": [
      [began(-0.1), began(-6, { rig: "simulated", unfit: "it had 1 faults" })],
      { refused: tooLate },
    ],
    "written anew is none where a version step came to the build first": [
      [
        began(-0.1),
        proofWith(live, {
          at: now - 6 * dayMs,
          later: [{ component: "api", release: "next", digest: candidate.digest, image: candidate.image }],
        }),
      ],
      { refused: tooLate },
    ],
    "is not bound by runs of what is live alone": [
      [began(-0.1), proofWith(live, { at: now - 60 * dayMs })],
      { by: renewed },
    ],
    "is not bound by runs of another candidate": [
      [began(-0.1), proofWith([buildOf("api", "a9"), ...live.slice(1)], { at: now - 60 * dayMs })],
      { by: renewed },
    ],
  };
  test.each(Object.entries(bound))("of these builds %s", (_, [proofs, told]) => {
    expect(decide(questionWith({ proofs, overrides: [renewed] })).override).toEqual(told);
  });

  const glass: Record<string, [said: RegExp, more: Partial<Question>]> = {
    "before anything has run of it": [/^no run of these builds is in the evidence/, { proofs: [] }],
    "where only what is live has run": [
      /^no run of these builds/,
      { proofs: [proofWith(live, { at: now - 60 * dayMs })] },
    ],
    "anew by another owner for another reason": [
      tooLateText,
      { overrides: [{ ...renewed, owner: "kim", reason: "it is still down" }] },
    ],
    "anew under its image": [
      tooLateText,
      { overrides: [{ ...renewed, builds: [candidate.image as string] }] },
    ],
    "anew for an image that was made anew of the same code": [
      tooLateText,
      {
        candidate: [{ ...candidate, image: `sha256:${"9".repeat(64)}` }],
        overrides: [{ ...renewed, builds: [`sha256:${"9".repeat(64)}`] }],
      },
    ],
    "anew beside another build, in a chain": [
      /^it was renewed/,
      {
        candidate: [candidate, second],
        overrides: [
          { ...renewed, issued: days(-9), expires: days(-2) },
          { ...renewed, builds: [candidate, second].map(({ digest }) => digest as string) },
        ],
      },
    ],
    "anew with its digests in another order": [
      /^it was renewed/,
      {
        candidate: [candidate, second],
        overrides: [
          [candidate, second],
          [second, candidate],
        ].map((builds, i) => ({
          ...renewed,
          builds: builds.map(({ digest }) => digest as string),
          issued: days(-3 * i),
        })),
      },
    ],
    "twice in the same words": [/^it was renewed/, { overrides: [renewed, renewed] }],
    "issued to begin tomorrow": [
      /^it begins in the future/,
      { proofs: [began(-0.1)], overrides: [{ ...renewed, issued: days(1) }] },
    ],
    "by a gate whose clock was set back before a run": [
      /^the gate was shown what is of .*: see whose clock is wrong$/,
      { proofs: [began(-1), began(2)] },
    ],
    "by one whose clock was set back before the list of what is live": [
      /see whose clock is wrong$/,
      { proofs: [began(-1)], deployed: { ...deployed, at: days(2) } },
    ],
    "where a comparison of costs alone ran it long ago": [
      tooLateText,
      { proofs: [began(-0.1)], costs: [{ at: now - 6 * dayMs, candidate: { builds: red.builds } } as never] },
    ],
    "for an image of code that is live in another one": [
      /^in force$/,
      {
        candidate: [{ ...candidate, digest: live[0]?.digest ?? null }],
        proofs: [
          began(-0.1, {
            builds: [{ ...(red.builds[0] as Attested), digest: "digest-a1" }, ...red.builds.slice(1)],
          }),
          proofWith(live, { at: now - 60 * dayMs }),
        ],
        overrides: [{ ...renewed, builds: [candidate.image as string] }],
      },
    ],
  };
  test.each(Object.entries(glass))("breaks no glass %s, unless it may", (_, [said, more]) => {
    const { override: told } = decide(questionWith({ proofs: [began(-6)], overrides: [renewed], ...more }));
    const refusal = told !== null && "refused" in told ? told.refused : "in force";
    expect(refusal).toMatch(said);
  });

  test("of two builds is bound by the one that ran first", () => {
    const worker = buildOf("worker-v5", "b2");
    const builds = [candidate, worker].map(({ digest }) => digest as string);
    const proofs = [
      began(-0.1),
      proofWith([live[0] as Build, worker, live[2] as Build], { at: now - 6 * dayMs }),
    ];
    const question = { proofs, candidate: [candidate, worker], overrides: [{ ...renewed, builds }] };
    expect(decide(questionWith(question)).override).toEqual({ refused: tooLate });
  });
});
