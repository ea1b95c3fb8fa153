import { expect, test } from "vitest";
import { sweepSingles } from "../../harness/explore/sweep.ts";
import { jobOn, singlesTried } from "./one-job.ts";
import { releases } from "./system.ts";

/** Partial Delete under every single fault: each call of customer and workers, each statement, each kill. */

test.each(["hive-cdh4", "hive-hdp2"] as const)(
  "on %s, no single fault deletes another record, or a record twice, or none",
  async (engine) => {
    const { base, run } = await jobOn("partial-delete", engine);
    const { found, broken, unjudged, schedules, invalid, triggered } = await sweepSingles(run, base);
    expect({ found, broken, unjudged }).toEqual({ found: [], broken: {}, unjudged: 0 });
    expect(schedules).toBeGreaterThan(600);
    expect(invalid).toBeLessThan(schedules / 20);
    const tested = Object.keys(triggered).filter((invariant) => Number(triggered[invariant]) > 500);
    expect(tested).toEqual(expect.arrayContaining(["C", "F", "I1", "I3", "I5", "I6", "I8", "L1"]));
  },
);

test("deletes-again is right without a fault, and found where an attempt is lost behind its commit", async () => {
  const workers = { v5: "deletes-again", v6: "deletes-again" };
  const tally = await singlesTried(await jobOn("partial-delete", "hive-cdh4", { ...releases, workers }));
  expect(tally.found.map(({ schedule }) => schedule.faults.length)).not.toContain(0);
  expect(tally.broken).toEqual({ F: 23, I3: 3 });
});
