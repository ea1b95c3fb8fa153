import { describe, expect, test } from "vitest";
import type { SkewPolicy } from "../config/skew-policy.ts";
import { web } from "../invariants/testing/scenarios.ts";
import type { Schedule, WorkloadJob } from "../schedule/schedule.ts";
import { combinationsOf, refusedPairsOf } from "./combinations.ts";
import { planProblems, stepsOf } from "./live.ts";
import { type Move, ordersOf, planOf, shortPlans, withRollbacks } from "./plans.ts";
import { mostSteps, randomPlans } from "./random-plans.ts";
import { mostInstances } from "./rollout.ts";
import type { PlanShape } from "./shape.ts";
import { windowsOf, withCandidate } from "./window.ts";

const both = ["old", "new"];
/** The newest API takes the new workers alone. */
const policy: SkewPolicy = {
  apis: [
    { release: "a1", takes: { v5: ["old"], v6: ["old"] } },
    { release: "a2", takes: { v5: both, v6: both } },
    { release: "a3", takes: { v5: ["new"], v6: ["new"] } },
  ],
};
const [first, second] = windowsOf(policy) as [PlanShape["window"], PlanShape["window"]];

const jobs = (engine: WorkloadJob["engine"]): WorkloadJob[] => [{ scenario: "web", engine }];
const shapeOf = (window: PlanShape["window"], more: Partial<PlanShape> = {}): PlanShape => ({
  window,
  jobs: jobs("presto"),
  beside: jobs("hive-hdp2"),
  scenarios: { web },
  apis: 2,
  workers: 1,
  seed: 1,
  ...more,
});
const named = (moves: readonly Move[]) => moves.map(({ name, to }) => `${name} ${to}`).join(", ");
const isSurge = ({ faults }: Schedule) => faults.some(({ fault }) => fault.kind === "surge");

describe("a policy", () => {
  test("says which releases the matrix is run for, and which an API must refuse", () => {
    expect(combinationsOf(policy)).toHaveLength(1 + 4 + 1);
    expect(combinationsOf(policy)[1]).toEqual({ api: "a2", workers: { v5: "old", v6: "old" } });
    expect(refusedPairsOf(policy)).toEqual([
      { api: "a1", generation: "v5", worker: "new" },
      { api: "a1", generation: "v6", worker: "new" },
      { api: "a3", generation: "v5", worker: "old" },
      { api: "a3", generation: "v6", worker: "old" },
    ]);
  });

  test("has a window from each API to the next, and one to a candidate", () => {
    expect([first, second]).toEqual([
      {
        from: { api: "a1", workers: { v5: "old", v6: "old" } },
        to: { api: "a2", workers: { v5: "new", v6: "new" } },
      },
      {
        from: { api: "a2", workers: { v5: "old", v6: "old" } },
        to: { api: "a3", workers: { v5: "new", v6: "new" } },
      },
    ]);
    const withIt = withCandidate(policy, "a2", "mine");
    expect(withIt.apis.map(({ release }) => release)).toEqual(["a1", "a2", "mine"]);
    expect(withIt.apis[2]?.takes).toEqual(policy.apis[1]?.takes);
  });
});

describe("orders of steps", () => {
  test("are all of them, the instances of one component in their order", () => {
    const orders = ordersOf(shapeOf(first)).map(named);
    expect(new Set(orders).size).toBe(12);
    expect(orders.every((order) => order.indexOf("api a2") < order.indexOf("api-2 a2"))).toBe(true);
  });

  test("stay, go back, or fail and go back, after each step", () => {
    const [one, two] = [
      { name: "api", to: "a2" },
      { name: "api-2", to: "a2" },
    ];
    expect(withRollbacks(shapeOf(first), [one as Move, two as Move]).map(named)).toEqual([
      "api a2",
      "api a2, api a1",
      "api a2, api null, api a1",
      "api a2, api-2 a2",
      "api a2, api-2 a2, api-2 a1, api a1",
      "api a2, api-2 a2, api-2 null, api-2 a1, api a1",
    ]);
  });
});

describe("a plan", () => {
  const plan = (moves: readonly Move[], way: "killed" | "surged" = "killed") =>
    planOf(shapeOf(second), moves, way, 0);

  test("through what must not be live together is told, with the step that leads there", () => {
    expect(planProblems(policy, plan([{ name: "worker-v5-1", to: "new" }]))).toEqual([]);
    expect(planProblems(policy, plan([{ name: "api", to: "a3" }]))).toEqual([
      "step 1 leaves together what may not be: the API a3 does not take v5 workers of release old",
    ]);
    expect(
      planProblems(
        policy,
        plan([
          { name: "api", to: "a1" },
          { name: "api-2", to: "a3" },
        ]),
      ),
    ).toEqual(["step 2 leaves together what may not be: the APIs a1 and a3 are no neighbours in the policy"]);
    expect(planProblems(policy, plan([{ name: "api", to: "a4" }]))).toEqual([
      "step 1 leaves together what may not be: the policy does not know the API a4",
    ]);
  });

  test("whose steps do not name their process says nothing of who is live", () => {
    const [{ at, fault }] = plan([{ name: "api", to: "a3" }]).faults as [Schedule["faults"][number]];
    const { name: _, ...unnamed } = fault as typeof fault & { name: string };
    const loose = { ...plan([]), faults: [{ at, fault: unnamed as typeof fault }] };
    expect(planProblems(policy, loose)).toEqual(["step 1 does not name its process"]);
  });

  test("counts the life that a surge replaces as long as it is there, and names the next one by its own name", () => {
    const moves = [
      { name: "worker-v5-1", to: "new" },
      { name: "worker-v6-1", to: "new" },
      { name: "api", to: "a3" },
      { name: "worker-v5-1", to: "old" },
    ];
    const surged = plan(moves, "surged");
    expect(stepsOf(surged).map(({ fault }) => fault.name)).toEqual([
      "worker-v5-1",
      "worker-v6-1",
      "api",
      "worker-v5-1.life-2",
    ]);
    const { apis } = policy;
    const strict = {
      apis: apis.map((api) => (api.release === "a2" ? { ...api, takes: { v5: ["old"], v6: both } } : api)),
    };
    expect(planProblems(strict, plan(moves.slice(0, 1), "surged"))).not.toEqual([]);
    expect(planProblems(policy, surged)).toEqual([
      "step 4 leaves together what may not be: the API a3 does not take v5 workers of release old",
    ]);
  });
});

describe("short plans", () => {
  test("are what the policy allows: the workers before an API that takes the new ones alone", () => {
    const { plans, refused } = shortPlans(policy, shapeOf(second));
    expect(plans.length).toBeGreaterThan(100);
    expect(refused).toBeGreaterThan(100);
    const places = ({ faults }: Schedule, wanted: RegExp) =>
      faults.flatMap(({ fault }, i) => ("name" in fault && wanted.test(fault.name ?? "") ? [i] : []));
    const workersBefore = plans.flatMap((plan) => {
      const [api] = places(plan, /^api/);
      return api === undefined ? [] : [places(plan, /^worker/).filter((place) => place < api).length];
    });
    expect(Math.min(...workersBefore)).toBe(2);
  });

  test("are tried in every way, at every moment, the ones of few steps first", () => {
    const { plans } = shortPlans(
      { apis: policy.apis.map((api) => ({ ...api, takes: { v5: both, v6: both } })) },
      shapeOf(second),
    );
    const sizes = plans.map(({ faults }) => faults.length);
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
    const singles = plans.filter(({ faults }) => faults.length === 1);
    expect(new Set(singles.map(({ faults }) => JSON.stringify(faults))).size).toBeGreaterThan(30);
    expect(singles.some(isSurge)).toBe(true);
  });
});

describe("long plans at random", () => {
  const allowed = { apis: policy.apis.map((api) => ({ ...api, takes: { v5: both, v6: both } })) };
  const shape = shapeOf(second, mostInstances);
  const plans = randomPlans(allowed, shape, 200);

  test("of three API processes and two workers of a generation, each step in a way of its own", () => {
    const stepsOfAll = plans.flatMap((plan) => stepsOf(plan).map(({ fault }) => fault));
    const names = stepsOfAll.map(({ name = "" }) => name.replace(/\.life-\d+$/, ""));
    expect([...new Set(names)].toSorted()).toEqual([
      "api",
      "api-2",
      "api-3",
      "worker-v5-1",
      "worker-v5-2",
      "worker-v6-1",
      "worker-v6-2",
    ]);
    const waysOf = (plan: Schedule) =>
      new Set(stepsOf(plan).map(({ fault }) => `${fault.kind} ${"graceMs" in fault}`));
    expect(plans.filter((plan) => waysOf(plan).size === 3).length).toBeGreaterThan(plans.length / 2);
  });

  test("are allowed, at most so long, and the same for the same seed", () => {
    expect(plans.flatMap((plan) => planProblems(allowed, plan))).toEqual([]);
    expect(Math.max(...plans.map(({ faults }) => faults.length))).toBeLessThanOrEqual(mostSteps);
    expect(Math.max(...plans.map(({ faults }) => faults.length))).toBeGreaterThan(mostSteps / 2);
    expect(randomPlans(allowed, shape, 3)).toEqual(plans.slice(0, 3));
    expect(randomPlans(allowed, { ...shape, seed: 2 }, 3)).not.toEqual(plans.slice(0, 3));
  });

  test("at least half go back to where they began", () => {
    const isBack = (plan: Schedule) => {
      const last = new Map(
        stepsOf(plan).map(({ fault }) => [fault.name?.replace(/\.life-\d+$/, ""), fault.release]),
      );
      const { api, workers } = plan.releases;
      return [...last].every(([name, release]) => release === (name?.startsWith("api") ? api : workers.v5));
    };
    expect(plans.filter(isBack).length).toBeGreaterThanOrEqual(plans.length / 2);
  });

  test("hold to the policy with the same draws", () => {
    const strict = randomPlans(policy, shape, 200);
    expect(strict.flatMap((plan) => planProblems(policy, plan))).toEqual([]);
    expect(strict.some((plan) => stepsOf(plan).some(({ fault }) => fault.release === "a3"))).toBe(true);
  });
});
