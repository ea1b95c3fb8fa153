import { describe, expect, test } from "vitest";
import { decide } from "./decide.ts";
import type { KnownFailure } from "./policy.ts";
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
  i4,
  live,
  now,
  plan,
  proofWith,
  questionWith,
  red,
  runWith,
} from "./testing/question.ts";

/** What an attacker has found who had read the gate's page and its code. */

const { policy } = deployed;
const run = candidateRun;
const mutant = { component: "worker-v5", release: "x", digest: "mutant", image: "sha256:mutant" };
const otherV6 = buildOf("worker-v6", "c2");
const starved = runWith({ verdict: "infrastructure", reason: "the API did not answer" });
const known: KnownFailure = {
  cell: "v5-presto/web",
  invariant: "I4",
  message: "0 rows where 4 belong",
  reason: "r",
  owner: "o",
  expires: at(48),
};

describe("is no GO", () => {
  const attacks: Record<string, [exit: number, said: RegExp, Partial<Question>]> = {
    "a whole run of a smaller matrix beside parts of the real one": [
      2,
      /3 of 4 cells of the config are not in it/,
      {
        proofs: [
          run({ folder: "runs/parts", lacks: ["it is a part"] }),
          run({ cells: [cellOf("v5-presto/web")] }),
        ],
      },
    ],
    "a cell and a schedule of an engine that nobody has, asked of the worker that goes out": [
      2,
      /the config has it no longer/,
      {
        candidate: [otherV6],
        proofs: [proofWith([...live.slice(0, 2), otherV6])],
        deployed: { ...deployed, policy: { ...policy, cells: [...cells, "v6-hive/web"] } },
      },
    ],
    "an engine that a policy asks for and no cell is of": [
      2,
      /asks worker-v5 for the engine v5-spark/,
      { deployed: { ...deployed, policy: { ...policy, engines: { "worker-v5": ["v5-spark"] } } } },
    ],
    "engines of a worker that nobody has": [
      2,
      /engines of worker-v7, which is no worker/,
      { deployed: { ...deployed, policy: { ...policy, engines: { "worker-v7": ["v5-presto"] } } } },
    ],
    "a scenario of a cell that nobody has": [
      2,
      /which scenario v5-presto\/wed has/,
      {
        deployed: {
          ...deployed,
          policy: { ...policy, scenarios: { ...policy.scenarios, "v5-presto/wed": "0".repeat(64) } },
        },
      },
    ],
    "a second thing that was seen in a known failure": [
      1,
      /its other table lost everything/,
      {
        proofs: [
          runWith({
            verdict: "violation",
            broken: [...i4, { invariant: "I4", message: "its other table lost everything" }],
          }),
        ],
        known: [known],
      },
    ],
    "a failure that is to be known for ever": [
      2,
      /is to last longer than 90 days/,
      { known: [{ ...known, expires: at(91 * 24) }] },
    ],
    "a mutant beside the live worker of its name": [
      2,
      /a build that is not listed as live was part of it/,
      { proofs: [run({ builds: [...run().builds, mutant] })] },
    ],
    "the work of another worker than the one of the image": [
      2,
      /: its job was run by another build of the worker$/,
      {
        deployed: {
          ...deployed,
          builds: live.map((one) => (one.component === "worker-v5" ? { ...one, digest: null } : one)),
        },
        proofs: [runWith({ worker: "digest-b9" })],
      },
    ],
    "trouble that only a run has met which counts for nothing": [
      3,
      /what is live has not met it/,
      {
        proofs: [
          run(),
          starved,
          { ...starved, builds: proofWith(live).builds, folder: "runs/live", rig: "simulated" },
        ],
      },
    ],
    "an engine that was taken from a live worker": [
      2,
      /: its job was run by another build of the worker$/,
      {
        deployed: { ...deployed, policy: { ...policy, engines: { "worker-v5": ["v5-presto"] } } },
        plan: {
          ...plan,
          workers: [
            { component: "worker-v5", generation: "v5", engines: [] },
            { component: "worker-v6", generation: "v6", engines: ["v5-presto", "v6-hive-hdp2"] },
          ],
        },
        proofs: [run({ cells: cells.map((cell) => cellOf(cell, { worker: "digest-c1" })) })],
      },
    ],
    "a run that began with what is live and the candidate at once": [
      1,
      /^I4: its destination holds 0 rows/,
      { proofs: [run(), { ...red, builds: [...proofWith(live).builds, ...red.builds], unfit: "mixed" }] },
    ],
    "a list that calls the build otherwise than the run did that lacks something": [
      2,
      /it ran as API next, which the config says lacks/,
      {
        candidate: [{ ...candidate, release: "current" }],
        plan: { ...plan, lacksOf: (release) => (release === "next" ? ["table.swap"] : []) },
      },
    ],
    "a violation of which nothing was seen": [
      2,
      /violation/,
      { proofs: [runWith({ verdict: "violation", broken: [] })] },
    ],
    "a cell that passed once and had no verdict once": [
      2,
      /: missing$/,
      {
        proofs: [
          run({
            cells: [...cells.map((cell) => cellOf(cell)), cellOf("v5-presto/web", { verdict: "missing" })],
          }),
        ],
      },
    ],
  };
  test.each(Object.entries(attacks))("%s", (_, [exit, said, more]) => {
    const decision = decide(questionWith(more));
    expect(decision).toMatchObject({ decision: "NO-GO", exit });
    expect(decision.findings.map(({ what }) => what).join("\n")).toMatch(said);
  });
});

test("GO ends with the first known failure that it rests on", () => {
  const expires = at(1);
  const decision = decide(questionWith({ proofs: [red], known: [{ ...known, expires }] }));
  expect(decision).toMatchObject({ decision: "GO", validUntil: now + hourMs });
});

describe("an override", () => {
  const override = { owner: "mika", reason: "r", issued: at(-1), expires: at(24) };
  const digest = candidate.digest as string;
  const image = candidate.image as string;

  test("is renewed by another name of the same build", () => {
    const old = { ...override, builds: [digest], issued: at(-48), expires: at(-24) };
    const byImage = { ...candidate, digest: null };
    const question = questionWith({
      candidate: [byImage],
      proofs: [red],
      overrides: [old, { ...override, builds: [image] }],
    });
    expect(decide(question)).toMatchObject({
      decision: "NO-GO",
      override: { refused: expect.stringContaining("renewed") },
    });
  });

  test("is renewed, too, where a run came to the build on its way, or knows its image apart", () => {
    const old = { ...override, builds: [image], issued: at(-48), expires: at(-24) };
    const asked = (proof: Question["proofs"][number]) =>
      decide(
        questionWith({
          candidate: [{ ...candidate, image: null }],
          proofs: [red, proof],
          overrides: [old, { ...override, builds: [digest] }],
        }),
      ).override;
    const lives = proofWith(live);
    const [own] = run().builds as [(typeof lives.builds)[number]];
    const renewed = { refused: expect.stringContaining("renewed") };
    expect(asked({ ...lives, later: [own] })).toEqual(renewed);
    const [, ...others] = lives.builds;
    const apart = { ...lives, builds: [{ ...own, image: null }, ...others], images: { api: image } };
    expect(asked(apart)).toEqual(renewed);
  });

  test("is renewed, too, where a live build is named beside it", () => {
    const question = questionWith({
      candidate: [candidate, live[1] as typeof candidate],
      proofs: [red],
      overrides: [
        { ...override, builds: [digest], issued: at(-48), expires: at(-24) },
        { ...override, builds: [digest, "digest-b1"] },
      ],
    });
    expect(decide(question)).toMatchObject({
      decision: "NO-GO",
      override: { refused: expect.stringContaining("renewed") },
    });
  });
});

describe("is no obstacle", () => {
  test("the first release of a worker", () => {
    const first = buildOf("worker-v6", "c1");
    const question = questionWith({
      candidate: [first],
      deployed: { ...deployed, builds: live.slice(0, 2) },
      proofs: [proofWith(live)],
    });
    expect(decide(question)).toMatchObject({ decision: "GO" });
  });

  test("a known trouble that what is live has met as well", () => {
    const entry = { ...known, invariant: "infrastructure", message: "the API did not answer" };
    const proofs = [run(), starved, { ...starved, builds: proofWith(live).builds, folder: "runs/live" }];
    const withInputs = proofs.map((one) =>
      one.folder === "runs/live"
        ? { ...one, inputs: proofWith(live).inputs, releases: proofWith(live).releases }
        : one,
    );
    expect(decide(questionWith({ proofs: withInputs, known: [entry] }))).toMatchObject({ decision: "GO" });
  });
});

test("more than can be asked for is refused", () => {
  const many = Array.from({ length: 60 }, (_, i) => buildOf("worker-v5", `b${i}`));
  const names = Array.from({ length: 2_000 }, (_, i) => `v5-presto/s${i}`);
  const asked = { ...deployed, builds: [...live, ...many], policy: { ...policy, cells: names } };
  expect(() => decide(questionWith({ deployed: asked }))).toThrow(/things; 100000 can be asked for/);
});
