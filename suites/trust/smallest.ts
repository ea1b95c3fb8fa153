import { expect } from "vitest";
import { shrink } from "../../harness/shrink/shrink.ts";
import { SweepLookup } from "../../harness/shrink/sweep-lookup.ts";
import { failingSchedules, runOn } from "./failing-schedules.ts";
import { invariant } from "./forgetful.config.ts";

/** 200 schedules: so many on each build, of which the fewest faults that break it are known. */
export const shares: readonly [build: string, schedules: number, faults: number][] = [
  ["forgets-after-restart", 100, 1],
  ["forgets-after-two-restarts", 60, 2],
  ["forgets-after-silence", 40, 1],
];

/** At least 99 in 100 random failing schedules shrink to the fewest faults that any can have, and know it. */
export async function expectSmallest(build: string, wanted: number, fewest: number): Promise<void> {
  const run = await runOn(build);
  const lookup = new SweepLookup(run);
  const schedules = await failingSchedules(build, wanted);
  expect(schedules).toHaveLength(wanted);
  const all = await Promise.all(schedules.map((schedule) => shrink(run, schedule, invariant, { lookup })));
  const smallest = all.filter((one) => one?.schedule.faults.length === fewest && one.globallyMinimal);
  expect(smallest.length).toBeGreaterThanOrEqual(0.99 * wanted);
}
