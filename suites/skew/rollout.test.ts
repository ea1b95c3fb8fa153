import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SkewPolicy } from "../../harness/config/skew-policy.ts";
import { emptyTally, type Tally } from "../../harness/explore/tally.ts";
import { baseSchedule, basesOf } from "../../harness/explore/workloads.ts";
import { allBroken, judgeHistory } from "../../harness/invariants/judge.ts";
import type { OpenRig } from "../../harness/rigs/rig.ts";
import type { Run } from "../../harness/rigs/run.ts";
import type { Schedule } from "../../harness/schedule/schedule.ts";
import { planProblems } from "../../harness/skew/live.ts";
import { shortPlans } from "../../harness/skew/plans.ts";
import { rolledPlans } from "../../harness/skew/rolled.ts";
import { lackOf, rollOut } from "../../harness/skew/rollout.ts";
import { type RedPlan, runPlans } from "../../harness/skew/run-plans.ts";
import type { PlanShape } from "../../harness/skew/shape.ts";
import { shrinkPlan } from "../../harness/skew/shrink-plan.ts";
import { withCandidate } from "../../harness/skew/window.ts";
import { shareOf } from "../share.ts";
import { controls } from "../trust/mutant-builds.ts";
import { config, engines, openRig, policy, shapesIn } from "./rig.ts";

let rig: OpenRig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig[Symbol.asyncDispose]());

const red = (plans: readonly Schedule[]): Promise<RedPlan[]> => runPlans(rig.run, plans, emptyTally());
const brokenBy = (plans: readonly RedPlan[]) => [
  ...new Set(plans.flatMap(({ broken }) => broken.map(({ invariant }) => invariant))),
];
/** The same releases, with every order allowed. */
const lax = ({ apis }: SkewPolicy): SkewPolicy => {
  const takes = { v5: ["current", "next"], v6: ["current", "next"] };
  return { apis: apis.map(({ release }) => ({ release, takes })) };
};
const lastShape = (one: SkewPolicy) => shapesIn(one).at(-1) as PlanShape;
const isOfOneStep = ({ faults }: Schedule) => faults.length === 1;

// All short plans of each window, after all jobs of one engine.
test("the fixtures' releases live together, and roll there and back, as their policy says", {
  timeout: 300_000,
}, async () => {
  const [shape] = shapesIn(policy);
  const drawn: number[] = [];
  const rollout = await rollOut(rig.run, {
    policy,
    shapes: shapesIn({ apis: policy.apis.slice(1) }),
    bases: (releases) =>
      basesOf(
        shareOf(engines.length, engines),
        config.scenarios.filter(({ name }) => name === "mysql-append"),
        releases,
        1,
      ),
    scenario: shape?.jobs[0]?.scenario ?? "",
    rig: "simulated",
    seed: 1,
    random: 2,
    note: () => {},
    onPlans: (some) => drawn.push(some.length),
    onProgress: () => {},
    now: () => 0,
  });
  expect(rollout.verdict).toBe("pass");
  expect(rollout.together.allowed).toHaveLength(9);
  expect(rollout.together.refused.map(({ pair }) => pair)).toEqual([
    { api: "next", generation: "v5", worker: "current" },
    { api: "next", generation: "v6", worker: "current" },
  ]);
  const plans = rollout.windows.flatMap(({ phases }) =>
    phases.map(({ tally }) => tally.schedules - tally.invalid),
  );
  expect(plans.every((count) => count > 0)).toBe(true);
  expect(drawn).toEqual(
    rollout.windows.flatMap(({ phases }) => phases.slice(0, 2).map(({ tally }) => tally.schedules)),
  );
});

test("what runs is of the releases that the schedule names, whichever the rig was opened with", async () => {
  const scheduleOf = (api: string) =>
    baseSchedule("presto", "mysql-append", { api, workers: { v5: "current" } }, 1);
  const [good, bad] = (await rig.run([scheduleOf("current"), scheduleOf("2015-08-24")])) as [Run, Run];
  expect(allBroken(judgeHistory(good.events))).toEqual([]);
  expect(allBroken(judgeHistory(bad.events)).map(({ invariant }) => invariant)).toContain("I4");
});

describe("2015-08-24: the destination of a job moved", () => {
  test("as it was rolled out, API first, jobs of v5 end as success with nothing delivered", async () => {
    const candidate = withCandidate(policy, "current", "2015-08-24");
    const shape = lastShape(candidate);
    const plans = shortPlans(candidate, shape).plans.filter(isOfOneStep);
    const found = await red(plans);
    expect(brokenBy(found)).toEqual(expect.arrayContaining(["I4", "C", "I10"]));
    const isOfApi = ({ plan }: RedPlan) =>
      plan.faults.every(({ fault }) => "process" in fault && fault.process === "api");
    expect(found.every(isOfApi)).toBe(true);
    const counterexample = await shrinkPlan(rig.run, candidate, found[0] as RedPlan);
    expect(counterexample?.schedule.faults).toHaveLength(1);
    expect(counterexample && planProblems(candidate, counterexample.schedule)).toEqual([]);
  });

  test("moved by another form for workers that ask for it, workers first, nobody can tell", async () => {
    const repaired = { apis: policy.apis.slice(1) };
    const plans = shortPlans(repaired, lastShape(repaired)).plans.filter(isOfOneStep);
    expect(await red(plans)).toEqual([]);
    expect(plans.length).toBeGreaterThan(200);
  });

  test("in that form, but API first, jobs wait, and none ends falsely", async () => {
    const repaired = lax({ apis: policy.apis.slice(1) });
    const plans = shortPlans(repaired, lastShape(repaired)).plans.filter(
      ({ faults }) =>
        faults.length === 2 &&
        faults.every(
          ({ fault }) => "release" in fault && fault.release === "next" && fault.process === "api",
        ),
    );
    const found = await red(plans);
    expect(found).toHaveLength(plans.length);
    expect(brokenBy(found).toSorted()).toEqual(["E", "I10", "L1"]);
  });
});

describe("what is legal while it is rolled out", () => {
  const rolled = controls.filter((one) => one.rolled !== undefined);
  test.each(rolled)("$id", async (control) => {
    const plans = rolledPlans(control, engines, config.scenarios, 1).filter(
      ({ faults }) => faults.length <= 5,
    );
    expect(await red(plans)).toEqual([]);
  });
});

test("a plan whose step comes to nothing proves nothing", async () => {
  const [plan] = shortPlans(policy, lastShape(policy)).plans as [Schedule];
  const never = {
    ...plan,
    faults: plan.faults.map(({ at, fault }) => ({ at: { ...at, occurrence: 99 }, fault })),
  };
  const tally = emptyTally();
  expect(await runPlans(rig.run, [never], tally)).toEqual([]);
  expect([tally.schedules, tally.invalid]).toEqual([1, 1]);
});

test("short plans whose steps do not come about, exchanges that nobody could judge, and no plan at all are missing", () => {
  const tally = (more: Partial<Tally>): Tally => ({ ...emptyTally(), schedules: 10, ...more });
  expect(lackOf(tally({}), "short plans")).toBeNull();
  expect(lackOf(tally({ invalid: 1 }), "short plans")).toBe("the steps of 1 plans did not come about");
  expect(lackOf(tally({ invalid: 9 }), "long plans at random")).toBeNull();
  expect(lackOf(tally({ invalid: 10 }), "long plans at random")).toContain("no step came about");
  expect(lackOf(emptyTally())).toContain("nothing was run");
  expect(lackOf(tally({ unjudged: 3 }))).toContain("3 exchanges could not be judged");
});

test("the same job that ends otherwise than without the steps is red by I10 alone, whatever the invariants say", async () => {
  const [plan] = shortPlans(policy, lastShape(policy)).plans as [Schedule];
  const run: OpenRig["run"] = async (schedules) => {
    const runs = await rig.run(schedules);
    return runs.map((one) => ({
      ...one,
      events: one.events.map((event) =>
        event.kind === "final" && event.number === 2 && one.schedule.faults.length === 0
          ? { ...event, result: [] }
          : event,
      ),
    }));
  };
  const [found] = await runPlans(run, [plan], emptyTally());
  expect(found?.broken.map(({ invariant, job }) => ({ invariant, job }))).toEqual([
    { invariant: "I10", job: 2 },
  ]);
});
