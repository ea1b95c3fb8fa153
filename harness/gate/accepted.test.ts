import { describe, expect, test } from "vitest";
import { decide } from "./decide.ts";
import type { Build, KnownFailure, Override } from "./policy.ts";
import type { Proof } from "./proof.ts";
import type { Question } from "./question.ts";
import {
  at,
  buildOf,
  candidate,
  candidateRun,
  hourMs,
  i4,
  live,
  now,
  proofWith,
  questionWith,
  red,
  runWith,
} from "./testing/question.ts";

const reasons = (question: Question) => decide(question).findings.map(({ what }) => what);

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

  test("two of them are for two failures, also where the text of one is part of the other's", () => {
    const broken = [4, 6].map((rows) => ({ invariant: "I4", message: `0 rows where ${rows} belong` }));
    const question = questionWith({
      proofs: [runWith({ verdict: "violation", broken })],
      known: [{ ...known, message: "0 rows where" }, known],
    });
    expect(decide(question)).toMatchObject({ decision: "GO" });
  });

  test("one is for the same failure in every run, whatever its job is called there", () => {
    const failed = (job: string, time: string) =>
      runWith({
        verdict: "violation",
        broken: [
          {
            invariant: "I4",
            message: `job ${job} with job_id "${job}" in /jobs/${job} as r1_effect_${job} at ${time}: 0 rows where 4 belong`,
          },
        ],
      });
    const proofs = [failed("7", "2026-11-26T10:00:00Z"), failed("12", "2026-11-27T10:00:00Z")];
    expect(decide(questionWith({ proofs, known: [known] }))).toMatchObject({ decision: "GO" });
  });

  test.each([
    ["rows of other accounts", '1 lost: {"account":1001,"amount":5}', '1 lost: {"account":7,"amount":5}'],
    [
      "rows with other values",
      '1 lost: {"id":"0e1c5b9a-7f3e-4b2a-8d6c-112233445566"}',
      '1 lost: {"id":"99999999-7f3e-4b2a-8d6c-112233445566"}',
    ],
    ["words behind `account`", "the account lost rows: 4", "the account lost all of them: 900"],
  ])("one is for one of two that differ in %s", (_, first, second) => {
    const broken = [first, second].map((message) => ({ invariant: "I3", message }));
    const question = questionWith({
      proofs: [runWith({ verdict: "violation", broken })],
      known: [{ ...known, invariant: "I3", message: first.slice(0, 10) }],
    });
    expect(decide(question)).toMatchObject({ decision: "NO-GO", exit: 1 });
  });

  test("one is for the same departure however often it was seen, and for the same trouble whatever was measured", () => {
    const loose = ["19", "18"].map((times) =>
      candidateRun({ loose: [`worker->api, worker.claim: reply: job: Unrecognized key (${times} times)`] }),
    );
    const starved = ["3.41", "2.9"].map((cores) =>
      runWith({ verdict: "infrastructure", reason: `others used ${cores} of 4 cores, late by up to 0.3 s` }),
    );
    const entries = [
      { ...known, cell: "loose", invariant: "C", message: "job: Unrecognized key" },
      { ...known, invariant: "infrastructure", message: "others used" },
    ];
    const question = questionWith({ proofs: [...loose, ...starved, candidateRun()], known: entries });
    expect(decide(question)).toMatchObject({ decision: "GO" });
  });

  const refused: Record<string, [exit: number, said: RegExp, Partial<Question>]> = {
    "hides no other failure in another run": [
      1,
      /^I4: 9 rows where 4 belong/,
      {
        proofs: [0, 9].map((rows) =>
          runWith({
            verdict: "violation",
            broken: [{ invariant: "I4", message: `${rows} rows where 4 belong` }],
          }),
        ),
        known: [{ ...known, message: "rows where 4 belong" }],
      },
    ],
    "hides no other rows, whatever they look like": [
      1,
      /^I4: its destination is wrong: unexpected: .*09/,
      {
        proofs: ["03", "09"].map((hour) =>
          runWith({
            verdict: "violation",
            broken: [
              {
                invariant: "I4",
                message: `its destination is wrong: unexpected: ["2015-03-08 ${hour}:30:00","${hour}36854775807"]`,
              },
            ],
          }),
        ),
        known: [{ ...known, message: "its destination is wrong" }],
      },
    ],
    "hides no other departure outside of any job in another run": [
      1,
      /^C: customer->api, job.list: reply: b/,
      {
        proofs: ["a", "b"].map((what) =>
          candidateRun({ loose: [`customer->api, job.list: reply: ${what}`] }),
        ),
        known: [{ ...known, cell: "loose", invariant: "C", message: "customer->api, job.list: reply: " }],
      },
    ],
    "hides no second failure in its cell": [
      1,
      /^F: a table/,
      {
        proofs: [runWith({ verdict: "violation", broken: [...i4, { invariant: "F", message: "a table" }] })],
        known: [known],
      },
    ],
    "whose text stands in two failures of its cell hides one of them alone": [
      1,
      /^I4: 0 rows where 6 belong/,
      {
        proofs: [
          runWith({
            verdict: "violation",
            broken: [4, 6].map((rows) => ({ invariant: "I4", message: `0 rows where ${rows} belong` })),
          }),
        ],
        known: [{ ...known, message: "0 rows where" }],
      },
    ],
    "whose text stands in two departures outside of any job hides one of them alone": [
      1,
      /^C: customer->api, job.list: reply: it holds a secret/,
      {
        proofs: [
          candidateRun({
            loose: ["customer->api, job.list: reply: a", "customer->api, job.list: reply: it holds a secret"],
          }),
        ],
        known: [{ ...known, cell: "loose", invariant: "C", message: "customer->api, job.list: reply: " }],
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
