import { expect, test } from "vitest";
import { jobOn, singlesTried, sweptUnbroken, testedIn } from "./one-job.ts";
import { releases } from "./system.ts";

/** Partial Delete under every single fault: each call of customer and workers, each statement, each kill. */

test.each(["hive-cdh4", "hive-hdp2"] as const)(
  "on %s, no single fault deletes another record, or a record twice, or none",
  async (engine) => {
    const tally = await sweptUnbroken(await jobOn("partial-delete", engine), 600);
    expect(tally.invalid).toBeLessThan(tally.schedules / 20);
    expect(testedIn(tally, 500)).toEqual(
      expect.arrayContaining(["C", "F", "I1", "I3", "I5", "I6", "I8", "L1"]),
    );
  },
);

test("deletes-again is right without a fault, and found where an attempt is lost behind its commit", async () => {
  const workers = { v5: "deletes-again", v6: "deletes-again" };
  const tally = await singlesTried(await jobOn("partial-delete", "hive-cdh4", { ...releases, workers }));
  expect(tally.found.map(({ schedule }) => schedule.faults.length)).not.toContain(0);
  expect(tally.broken).toEqual({ F: 24, I3: 3 });
});
