import { expect, test } from "vitest";
import { jobOn, sweptUnbroken, testedIn } from "../../status-sync/one-job.ts";

/** The export of a table under every single fault, from its order to the object in the bucket. On one engine: `.ci/run` sweeps both. */

test("no single fault writes other records, or one twice, or none", async () => {
  const tally = await sweptUnbroken(await jobOn("export", "hive-cdh4"), 600);
  expect(tally.invalid).toBeLessThan(tally.schedules / 20);
  expect(testedIn(tally, 500)).toEqual(
    expect.arrayContaining(["C", "F", "I1", "I4", "I5", "I6", "I8", "L1"]),
  );
});

test("no single fault makes a success of an export that its bucket refuses", async () => {
  await sweptUnbroken(await jobOn("export-refused", "hive-hdp2"), 600);
});
