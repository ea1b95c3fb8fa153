import { describe, expect, test } from "vitest";
import { type Figure, type Figures, figure } from "../../cost/figures.ts";
import { measureNames } from "../../cost/measures.ts";
import type { CostProof, CostSide } from "../../evidence/cost.ts";
import { decide } from "../decide.ts";
import type { Build } from "../policy.ts";
import {
  buildOf,
  candidate,
  candidateRun,
  deployed,
  hourMs,
  live,
  now,
  plan,
  proofWith,
  questionWith,
} from "../testing/question.ts";

/** A comparison of costs that the policy of the live release requires of a candidate. */

const policy = { finished: 1_000, jobs: 30, budgets: {} };
const of = "job.list, call 1";
/** What else every system is counted for. */
const others: readonly Figure[] = [
  ...deployed.policy.operations.map((operation) =>
    figure(`${operation}, call 1 of a life in v5`, "statements", 3),
  ),
  ...measureNames.filter((name) => name !== "statements").map((name) => figure("300 jobs", name, 0)),
];
const figuresOf = (statements: number, more: Partial<Figures> = {}): Figures => ({
  figures: [{ of, measure: "statements", value: statements, parts: [] } satisfies Figure, ...others],
  uncounted: {},
  ...more,
});

const mysql = `sha256:${"d1".padEnd(64, "0")}`;

function sideOf(builds: readonly Build[], figures: Figures): CostSide {
  const releaseOf = (name: string) =>
    builds.find(({ component }) => component === name)?.release ?? "current";
  const releases = {
    api: releaseOf("api"),
    workers: { v5: releaseOf("worker-v5"), v6: releaseOf("worker-v6") },
  };
  const attested = proofWith(builds).builds;
  return {
    releases,
    builds: [...attested],
    images: { mysql },
    settings: { sql_mode: "STRICT_TRANS_TABLES" },
    figures: { ...figures, figures: figures.figures.map((one) => ({ ...one, parts: [...one.parts] })) },
    config: plan.costConfigOf(releases) ?? "",
  };
}

const next = [candidate, ...live.slice(1)];
const comparison = (more: Partial<CostProof> = {}): CostProof => ({
  folder: "runs/cost",
  signer: null,
  at: now - hourMs,
  harness: "harness",
  load: { finished: 1_000, queued: 20, jobs: 30, burst: 5 },
  deployed: sideOf(live, figuresOf(2)),
  candidate: sideOf(next, figuresOf(2)),
  ...more,
});
const asked = (costs: readonly CostProof[], cost: object | undefined = policy, proofs = [candidateRun()]) =>
  questionWith({
    deployed: {
      ...deployed,
      policy: { ...deployed.policy, ...(cost === undefined ? {} : { cost: { ...policy, ...cost } }) },
    },
    proofs,
    costs,
  });

test("a candidate that costs as much as what is live goes out, and the comparison is what it rests on", () => {
  const decision = decide(asked([comparison()]));
  expect(decision).toMatchObject({ decision: "GO", exit: 0, required: 7, shown: 7 });
  expect(decision.counted).toContain("runs/cost");
});

test("without it in the policy none is required, and one that is red is not asked about", () => {
  expect(decide(questionWith({ costs: [comparison()] }))).toMatchObject({ exit: 0, required: 6 });
});

test("GO holds no longer than the comparison is of these days", () => {
  const hours = deployed.policy.evidenceHours;
  const at = now - (hours - 1) * hourMs;
  expect(decide(asked([comparison({ at })])).validUntil).toBe(at + hours * hourMs);
});

test("where a database is listed, both sides have run on it, or the comparison is another one", () => {
  const database: Build = { component: "mysql", release: "9.7", digest: null, image: mysql };
  const saidOf = (images: Record<string, string>, side: "deployed" | "candidate") => {
    const question = asked([comparison({ [side]: { ...comparison()[side], images } })]);
    const listed = { ...question.deployed, builds: [...question.deployed.builds, database] };
    return decide({ ...question, deployed: listed }).findings.filter(({ what }) =>
      /was not compared/.test(what),
    );
  };
  for (const side of ["deployed", "candidate"] as const) {
    expect(saidOf({ mysql }, side)).toHaveLength(0);
    expect(saidOf({ mysql: `sha256:${"e".repeat(64)}` }, side)).toHaveLength(1);
    expect(saidOf({}, side)).toHaveLength(1);
  }
});

const dear = comparison({ candidate: sideOf(next, figuresOf(20)) });
const without = (left: Figure) => {
  const figures = { ...figuresOf(2), figures: figuresOf(2).figures.filter((one) => one !== left) };
  return comparison({ deployed: sideOf(live, figures), candidate: sideOf(next, figures) });
};
const attacks: Record<string, [exit: number, said: RegExp, costs: CostProof[], cost?: object]> = {
  "no comparison": [2, /it was not compared with what is live/, []],
  "one in which it costs more": [1, /job\.list, call 1: 20 statements, deployed 2, at most 2\.5/, [dear]],
  "one in which it costs more, and another until it did not": [1, /20 statements/, [dear, comparison()]],
  "one above the budget of the policy": [
    1,
    /at most 1/,
    [comparison()],
    { budgets: { [`${of}: statements`]: 1 } },
  ],
  "one on databases that were set otherwise": [
    2,
    /were set otherwise: sql_mode "STRICT_TRANS_TABLES" and ""/,
    [comparison({ candidate: { ...sideOf(next, figuresOf(2)), settings: { sql_mode: "" } } })],
  ],
  "one on a database of which nobody has seen how it was set": [
    2,
    /nobody has seen/,
    [comparison({ deployed: { ...sideOf(live, figuresOf(2)), settings: null } })],
  ],
  "one of another candidate": [
    2,
    /was not compared/,
    [comparison({ candidate: sideOf([buildOf("api", "a3"), ...live.slice(1)], figuresOf(2)) })],
  ],
  "one with what is not live": [
    2,
    /was not compared/,
    [comparison({ deployed: sideOf([buildOf("api", "a0"), ...live.slice(1)], figuresOf(2)) })],
  ],
  "one with itself": [2, /was not compared/, [comparison({ deployed: sideOf(next, figuresOf(2)) })]],
  "one beside a worker that is not live": [
    2,
    /was not compared/,
    [comparison({ candidate: sideOf([candidate, buildOf("worker-v5", "b9")], figuresOf(2)) })],
  ],
  "one of fewer jobs": [
    2,
    /20 jobs were run: the policy asks for 30/,
    [comparison({ load: { finished: 1_000, queued: 13, jobs: 20, burst: 4 } })],
  ],
  "one on an empty database": [
    2,
    /0 jobs had ended before: the policy asks for 1000/,
    [comparison({ load: { finished: 0, queued: 20, jobs: 30, burst: 5 } })],
  ],
  "one that compared nothing": [
    2,
    /it compared nothing/,
    [
      comparison({
        deployed: sideOf(live, { figures: [], uncounted: {} }),
        candidate: sideOf(next, { figures: [], uncounted: {} }),
      }),
    ],
  ],
  "one that left something out": [
    2,
    /not compared: open files: hidden/,
    [comparison({ candidate: sideOf(next, figuresOf(2, { uncounted: { "open files": "hidden" } })) })],
  ],
  "one that counted more of the one than of the other": [
    2,
    /counted of the deployed build alone/,
    [comparison({ candidate: sideOf(next, { figures: others, uncounted: {} }) })],
  ],
  ...Object.fromEntries(
    [...others.entries()].flatMap(([i, { of: what, measure }]) =>
      measure === "bytesWritten"
        ? []
        : [
            [
              `one in which both sides leave out ${what}, ${measure}`,
              [2, /not compared: .*: counted of neither build/, [without(others[i] as Figure)]],
            ],
          ],
    ),
  ),
  "one that is older than the policy allows": [
    2,
    /older than the 168 hours/,
    [comparison({ at: now - 169 * hourMs })],
  ],
  "one from the future": [2, /from the future/, [comparison({ at: now + hourMs })]],
  "one of another Interlock": [2, /another version of Interlock/, [comparison({ harness: "other" })]],
  "one that was started otherwise": [
    2,
    /started or set otherwise/,
    [comparison({ candidate: { ...sideOf(next, figuresOf(2)), config: "other" } })],
  ],
};

describe("is not GO with", () => {
  test.each(Object.entries(attacks))("%s", (_, [exit, said, costs, cost]) => {
    const decision = decide(asked(costs, cost));
    expect(decision.exit).toBe(exit);
    expect(decision.findings.map(({ what }) => what).join("\n")).toMatch(said);
  });

  test("one that nobody signed, where the policy has keys", () => {
    const question = asked([comparison()]);
    const { policy: own } = question.deployed;
    const signed = { ...candidateRun(), signer: "key" };
    const decision = decide({
      ...question,
      proofs: [signed],
      deployed: { ...question.deployed, policy: { ...own, keys: ["PUBLIC KEY"] } },
    });
    expect(decision.findings.map(({ what }) => what)).toEqual([
      "runs/cost: no key of the policy has signed it",
    ]);
  });

  test("one of the API where a worker goes out as well: each is compared", () => {
    const worker = buildOf("worker-v5", "b2", "next");
    const decision = decide({ ...asked([comparison()]), candidate: [candidate, worker] });
    const open = decision.findings.filter(({ next: todo }) => "cost" in todo);
    expect(open.map(({ pair }) => pair)).toEqual(["worker-v5 next (digest-b2)"]);
    expect(open[0]?.next).toEqual({
      cost: {
        deployed: { api: "current", workers: { v5: "current", v6: "current" } },
        candidate: { api: "current", workers: { v5: "next", v6: "current" } },
        finished: 1_000,
        jobs: 30,
      },
    });
  });
});
