import { describe, expect, test } from "vitest";
import type { Planned, Schedule } from "../schedule/schedule.ts";
import { concluded } from "./explore.ts";
import { count, emptyTally, merge, type Tally } from "./tally.ts";
import { fakeRun } from "./testing/fake-run.ts";
import { baseSchedule } from "./workloads.ts";

const lost: Planned = {
  at: { link: "worker->api", operation: "worker.finish", job: 1, occurrence: 1, phase: "before" },
  fault: { kind: "lost" },
};
const schedule: Schedule = {
  ...baseSchedule("presto", "insert-into", { api: "current", workers: {} }, 1),
  faults: [lost],
};

async function tallied(rules: Parameters<typeof fakeRun>[0], times = 1): Promise<Tally> {
  const tally = emptyTally();
  const runs = await fakeRun(rules).run(Array.from({ length: times }, () => schedule));
  for (const run of runs) count(tally, run);
  return tally;
}

test("a schedule that broke nothing counts its faults and what was put to the test", async () => {
  const tally = await tallied({}, 2);
  expect(tally).toMatchObject({ schedules: 2, invalid: 0, found: [], broken: {} });
  expect(tally.fired).toEqual({ "worker->api before lost": 2 });
  expect(tally.triggered).toMatchObject({ I3: 2, C: 2 });
});

test("a schedule of which a fault did not fire counts for nothing else", async () => {
  const { triggered, fired, ...tally } = await tallied({ isUnfired: () => true, isWrong: () => true });
  const none = { unjudged: 0, orders: 0, barred: 0, starved: 0, found: [], broken: {} };
  expect(tally).toEqual({ schedules: 1, invalid: 1, ...none });
  expect({ triggered, fired }).toEqual({ triggered: {}, fired: {} });
});

describe.each([
  ["a job that went wrong", { isWrong: () => true }, { invariant: "I3", job: 1 }],
  ["a call of no job that departs from the contract", { isLoose: () => true }, { invariant: "C", job: 0 }],
])("%s", (_, rules, expected) => {
  test("is found", async () => {
    const tally = await tallied(rules);
    expect(tally.broken).toMatchObject({ [expected.invariant]: 1 });
    expect(tally.found).toEqual([
      { schedule, broken: expect.arrayContaining([expect.objectContaining(expected)]) },
    ]);
  });

  test("is counted each time, and kept as an example three times", async () => {
    const tally = await tallied(rules, 5);
    expect(tally.broken[expected.invariant]).toBe(5);
    expect(tally.found).toHaveLength(3);
  });
});

test("tallies are added up", async () => {
  const [one, two] = [await tallied({ isLoose: () => true }), await tallied({ isUnfired: () => true })];
  expect(merge(merge(emptyTally(), one), two)).toMatchObject({
    schedules: 2,
    invalid: 1,
    broken: { C: 1 },
    triggered: one.triggered,
    fired: one.fired,
  });
});

test("what could not be judged is added up, and without it there is no verdict", async () => {
  const one = { ...(await tallied({})), unjudged: 2 };
  const sum = merge(merge(emptyTally(), one), one);
  expect(sum.unjudged).toBe(4);
  const options = { rig: "simulated", releases: schedule.releases, seed: 1, isWhole: false, leftOut: [] };
  expect(concluded(sum, [], options)).toMatchObject({
    verdict: "missing",
    leftOut: ["4 exchanges could not be judged: too much was possible"],
  });
  expect(concluded(await tallied({}), [], options)).toMatchObject({ verdict: "pass", leftOut: [] });
});
