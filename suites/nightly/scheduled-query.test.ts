import { expect, test } from "vitest";
import { jobOn, sweptUnbroken, testedIn } from "../status-sync/one-job.ts";

/**
 * A query that the service keeps, under every single fault: run when it is asked for, and by itself when it is due. On one
 * engine each: `.ci/run` sweeps all.
 */

test("no single fault delivers what a run gives twice, or not at all", async () => {
  const tally = await sweptUnbroken(await jobOn("scheduled-query", "hive-hdp2"), 800);
  expect(testedIn(tally, 500)).toEqual(
    expect.arrayContaining(["C", "F", "I1", "I3", "I4", "I5", "I6", "I8", "L1", "N"]),
  );
});

test("no single fault leaves a due time out, or has it twice", async () => {
  const tally = await sweptUnbroken(await jobOn("scheduled-query-due", "presto"), 800);
  expect(testedIn(tally, 500)).toEqual(
    expect.arrayContaining(["C", "I1", "I3", "I5", "I6", "I8", "L1", "N"]),
  );
});
