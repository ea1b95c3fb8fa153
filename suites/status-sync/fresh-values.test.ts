import { expect, test } from "vitest";
import { jobOn, singlesTried, sweptUnbroken, testedIn } from "./one-job.ts";
import { releases } from "./system.ts";

/** A query that gives other rows each time it is run, under every single fault: an attempt that is lost is one of them. */

test.each(["presto", "hive-hdp2"] as const)(
  "on %s, no single fault lets the customer read other rows than the destination has",
  async (engine) => {
    const tally = await sweptUnbroken(await jobOn("fresh-values", engine), 700);
    expect(tally.invalid).toBeLessThan(tally.schedules / 20);
    expect(testedIn(tally, 500)).toEqual(
      expect.arrayContaining(["C", "F", "I1", "I3", "I4", "I5", "I6", "I8", "L1"]),
    );
  },
);

test("takeover-delivers-its-own-run is right without a fault, and found where an attempt is lost that has saved", async () => {
  const workers = { v5: "takeover-delivers-its-own-run", v6: "takeover-delivers-its-own-run" };
  const tally = await singlesTried(await jobOn("fresh-values", "presto", { ...releases, workers }));
  expect(tally.found.map(({ schedule }) => schedule.faults.length)).not.toContain(0);
  expect(tally.broken).toEqual({ I4: 6, F: 6 });
});
