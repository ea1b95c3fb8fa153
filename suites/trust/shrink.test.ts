import { describe, expect, test } from "vitest";
import { historyHash } from "../../harness/history/hash.ts";
import type { Planned, Schedule } from "../../harness/schedule/schedule.ts";
import { type Shrunk, shrink } from "../../harness/shrink/shrink.ts";
import { type Lookup, SweepLookup } from "../../harness/shrink/sweep-lookup.ts";
import { cores, runOn, workloadOf } from "./failing-schedules.ts";
import { invariant, silenceMs } from "./forgetful.config.ts";
import { expectSmallest, shares } from "./smallest.ts";

/** A counterexample is as small as it can be, on builds of which the smallest is known. */

describe("of 20 random failing schedules, and of 200 at night", () => {
  test.each(shares.map(([build, wanted, fewest]) => [build, wanted / 10, fewest] as const))(
    "on %s each of %i becomes the fewest faults that any can be: %i",
    expectSmallest,
  );

  test.each(shares)("on %s the sweep has nothing smaller", async (build, _, fewest) => {
    const { found } = await new SweepLookup(await runOn(build)).single(workloadOf(build), invariant);
    // The silence is longer than any that the sweep tries: its singles do not know of this one.
    const inSweep = build === "forgets-after-restart";
    expect(found?.faults.length).toBe(inSweep ? fewest : undefined);
  });
});

const shrunkOn = async (build: string, more: Partial<Schedule> = {}): Promise<Shrunk> => {
  const schedule = { ...workloadOf(build), faults: cores[build] as Planned[], ...more };
  return (await shrink(await runOn(build), schedule, invariant)) as Shrunk;
};

test("a duration becomes the shortest that still breaks the invariant, to 5 in 100", async () => {
  const { schedule } = await shrunkOn("forgets-after-silence");
  const [planned] = schedule.faults;
  const ms = planned !== undefined && "ms" in planned.fault ? Number(planned.fault.ms) : 0;
  expect(ms).toBeGreaterThan(silenceMs * 0.9);
  expect(ms).toBeLessThan(silenceMs * 1.06);
});

test("a workload loses the jobs and workers that have no part in it, and the faults move with their job", async () => {
  const build = "forgets-after-two-restarts";
  const [insert] = workloadOf(build).workload.jobs;
  const workload = {
    jobs: [{ scenario: "create-table", engine: "hive-hdp2" as const }, insert as NonNullable<typeof insert>],
    workers: 3,
  };
  const faults = (cores[build] as Planned[]).map(({ at, fault }) => ({ at: { ...at, job: 2 }, fault }));
  const { schedule, broken, globallyMinimal } = await shrunkOn(build, { workload, faults });
  expect(schedule.workload.jobs).toHaveLength(1);
  expect(schedule.workload.workers).toBe(1);
  expect(schedule.faults).toHaveLength(2);
  expect([broken.job, globallyMinimal]).toEqual([1, true]);
});

describe("three faults of which none can be left out", () => {
  const build = "forgets-after-two-restarts";
  // The second restart comes at a report that is sent again, which needs the loss of the first.
  const [early, late] = cores[build] as [Planned, Planned];
  const lost: Planned = { at: late.at, fault: { kind: "lost" } };
  const again: Planned = { at: { ...late.at, occurrence: 2 }, fault: late.fault };
  const schedule = { ...workloadOf(build), faults: [early, lost, again] };
  const shrinkBy = async (lookup: Lookup) => shrink(await runOn(build), schedule, invariant, { lookup });

  test("become a pair that the sweep knows", async () => {
    const shrunk = await shrinkBy(new SweepLookup(await runOn(build)));
    expect(shrunk?.schedule.faults.map(({ fault }) => fault.kind)).toEqual(["kill", "kill"]);
    expect(shrunk?.globallyMinimal).toBe(true);
  });

  test("stay three where it knows none", async () => {
    const nothing = async () => ({ found: undefined, schedules: 0 });
    const shrunk = await shrinkBy({ single: nothing, pair: nothing });
    expect(shrunk?.schedule.faults).toHaveLength(3);
  });
});

test("the same schedule shrinks to the same one with the same history", async () => {
  const [first, second] = [await shrunkOn("forgets-after-restart"), await shrunkOn("forgets-after-restart")];
  expect(second.schedule).toEqual(first.schedule);
  expect(historyHash(second.run.events)).toBe(historyHash(first.run.events));
  expect(second.schedules).toBe(first.schedules);
});

test("a schedule that breaks nothing does not shrink", async () => {
  const whole = workloadOf("forgets-after-restart");
  expect(await shrink(await runOn("forgets-after-restart"), whole, invariant)).toBeNull();
});
