import { expect, test } from "vitest";
import { jobOn, singlesTried } from "./one-job.ts";
import { releases } from "./system.ts";

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
