import { describe, expect, test } from "vitest";
import { decide } from "./decide.ts";
import type { KnownFailure } from "./policy.ts";
import type { Question } from "./question.ts";
import { at, candidateRun, i4, questionWith, red, runWith } from "./testing/question.ts";

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
