import { expect, test } from "vitest";
import { jobOn, singlesTried, sweptUnbroken, testedIn } from "./one-job.ts";
import { releases } from "./system.ts";

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

/** Builds that are right without a fault, and not where a kill comes at a bad moment. */
test.each([
  ["ready-before-its-job-ends", "perform killed, and its session is ready: 2017-10-23", 8],
  ["ready-whatever-its-job", "the same", 8],
  ["killed-perform-leaves-it", "a session that performs for ever: embulk-output-td#133", 8],
  ["failed-commit-leaves-it", "a session that commits for ever", 5],
])("%s is found by one kill: %s", async (mutant, _, kills) => {
  const session = await jobOn("bulk-import", "hive-cdh4", { ...releases, api: mutant });
  const tally = await singlesTried(session, ({ kind }) => kind === "kill-job");
  expect(tally.found.map(({ schedule }) => schedule.faults.length)).not.toContain(0);
  expect(tally.broken).toEqual({ C: kills });
});
