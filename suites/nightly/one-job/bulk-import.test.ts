import { expect, test } from "vitest";
import { jobOn, sweptUnbroken, testedIn } from "../../status-sync/one-job.ts";

/**
 * Sessions of Bulk Import under every single fault: each call of customer and workers, each statement, each kill. On one
 * engine: `.ci/run` sweeps both.
 */

test("no single fault loses rows, loads them twice or leaves a session", async () => {
  const tally = await sweptUnbroken(await jobOn("bulk-import", "hive-cdh4"), 1_500);
  expect(tally.invalid).toBeLessThan(tally.schedules / 20);
  expect(testedIn(tally, 1_000)).toEqual(
    expect.arrayContaining(["C", "I1", "I2", "I3", "I5", "I6", "I8", "L1", "L3"]),
  );
});
