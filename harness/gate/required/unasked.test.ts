import { expect, test } from "vitest";
import { decide } from "../decide.ts";
import { policySchema } from "../policy.ts";
import type { Question } from "../question.ts";
import { buildOf, cells, deployed, live, plan, questionWith } from "../testing/question.ts";

const unasked = (more: Partial<Question> = {}) => decide(questionWith(more)).unasked;

/** A policy that asks for all that one can ask for. */
const whole: typeof deployed = {
  ...deployed,
  builds: [...live, buildOf("mysql", "d1")],
  claiming: [{ component: "worker-v5", digest: "digest-b1" }],
  policy: {
    ...deployed.policy,
    engines: { "worker-v5": ["v5-presto"], "worker-v6": ["v6-hive-hdp2"] },
    faults: [{ file: "f.json", digest: "1".repeat(64), engines: ["v5-presto", "v6-hive-hdp2"] }],
    plans: [{ file: "p.json", digest: "2".repeat(64), changes: ["api"], needs: ["v5"] }],
    kills: [
      { file: "k.json", digest: "3".repeat(64), releases: { api: "m", workers: {} }, invariant: "I4" },
      { file: "c.json", digest: "4".repeat(64), releases: { api: "m", workers: {} }, invariant: null },
    ],
    cost: { finished: 100_000, jobs: 300, budgets: {} },
    keys: ["PUBLIC KEY"],
  },
};
const explorations = expect.stringMatching(/^explorations, .*: no policy can ask for one$/);

test("who asks for all there is leaves out what no policy can ask for, and nothing else", () => {
  expect(unasked({ deployed: whole })).toEqual([explorations]);
});

/** What a policy says without this part of it, and how what it leaves out begins; null where there is no such policy. */
const without: Record<keyof typeof policySchema.shape, [part: object, said: RegExp] | null> = {
  schema: null,
  cells: null,
  scenarios: null,
  evidenceHours: null,
  deployedHours: null,
  goHours: null,
  engines: [{ engines: { "worker-v5": ["v5-presto"] } }, /^the engines of worker-v6: /],
  operations: [{ operations: [] }, /^operations: /],
  surroundings: [{ surroundings: undefined }, /^surroundings: /],
  faults: [{ faults: [] }, /^schedules with faults$/],
  plans: [{ plans: [] }, /^rolling plans$/],
  kills: [{ kills: whole.policy.kills.slice(1) }, /^kills of mutants: /],
  cost: [{ cost: undefined }, /^a comparison of costs$/],
  probe: [{ probe: false }, /^the probe$/],
  keys: [{ keys: [] }, /^signatures: /],
};
test.each(Object.entries(without).flatMap(([name, one]) => (one === null ? [] : [[name, ...one] as const])))(
  "a policy without %s",
  (_, part, said) => {
    const policy = { ...whole.policy, ...part } as typeof whole.policy;
    const told = unasked({ deployed: { ...whole, policy } });
    expect(told).toEqual([expect.stringMatching(said), explorations]);
  },
);

test("every part of a policy is looked at", () => {
  expect(Object.keys(without)).toEqual(expect.arrayContaining(Object.keys(policySchema.shape)));
});

const others: Record<string, [said: RegExp, more: Partial<Question>]> = {
  "schedules for one worker alone": [
    /^schedules with faults of api next .* \+ worker-v6 /,
    {
      deployed: {
        ...whole,
        policy: {
          ...whole.policy,
          faults: whole.policy.faults.map((one) => ({ ...one, engines: ["v5-presto"] })),
        },
      },
    },
  ],
  "kills alone": [
    /^controls: /,
    { deployed: { ...whole, policy: { ...whole.policy, kills: whole.policy.kills.slice(0, 1) } } },
  ],
  "no database": [/^a database: /, { deployed: { ...whole, builds: live } }],
  "nobody who claims": [/^who claims jobs: /, { deployed: { ...whole, claiming: [] } }],
  "a database that goes out": [
    /^what the database 8\.4 costs$/,
    { deployed: whole, candidate: [buildOf("mysql", "d2", "8.4")] },
  ],
  "one worker that goes out": [
    /^2 cells, such as v6-hive-hdp2\/web, of the config: no pair/,
    { deployed: whole, candidate: [buildOf("worker-v5", "b2", "next")] },
  ],
  "a live API that lacks what a cell takes": [
    /^1 cells, such as v5-presto\/web, of api current /,
    {
      deployed: whole,
      candidate: [buildOf("api", "a2", "next"), buildOf("worker-v5", "b2", "next")],
      plan: { ...plan, lackedBy: (api) => new Set(api === "current" ? [cells[0] as string] : []) },
    },
  ],
};
test.each(Object.entries(others))("%s", (_, [said, more]) => {
  expect(unasked({ deployed: whole, ...more })).toEqual([expect.stringMatching(said), explorations]);
});
