import { expect, test } from "vitest";
import { runAll, singlesOf, sweepSingles } from "../../harness/explore/sweep.ts";
import { count, emptyTally } from "../../harness/explore/tally.ts";
import { basesOf } from "../../harness/explore/workloads.ts";
import { runSchedules } from "../../harness/rigs/in-process/run.ts";
import { withoutStacks } from "../../harness/rigs/in-process/without-stacks.ts";
import type { Schedule } from "../../harness/schedule/schedule.ts";
import { releases, rigOf } from "./system.ts";

/** Sessions of Bulk Import under every single fault: each call of customer and workers, each statement, each kill. */

/** The session on this engine without a fault, and how schedules of it are run. @param api may be a mutant */
async function sessionOn(engine: "hive-cdh4" | "hive-hdp2", api = "current") {
  const own = { ...releases, api };
  const rig = await rigOf(own);
  const scenarios = rig.scenarios.filter(({ name }) => name === "bulk-import");
  const [{ base } = { base: undefined }] = basesOf([engine], scenarios, own, 1);
  const run = (schedules: readonly Schedule[]) => withoutStacks(() => runSchedules(rig, schedules));
  return { base: base as Schedule, run };
}

test.each(["hive-cdh4", "hive-hdp2"] as const)(
  "on %s, no single fault loses rows, loads them twice or leaves a session",
  async (engine) => {
    const { base, run } = await sessionOn(engine);
    const { found, broken, unjudged, schedules, invalid, triggered } = await sweepSingles(run, base);
    expect({ found, broken, unjudged }).toEqual({ found: [], broken: {}, unjudged: 0 });
    expect(schedules).toBeGreaterThan(1_500);
    expect(invalid).toBeLessThan(schedules / 20);
    const tested = Object.keys(triggered).filter((invariant) => Number(triggered[invariant]) > 1_000);
    expect(tested).toEqual(expect.arrayContaining(["C", "I1", "I2", "I3", "I5", "I6", "I8", "L1", "L3"]));
  },
);

/** Builds that are right without a fault, and not where a kill comes at a bad moment. */
test.each([
  ["ready-before-its-job-ends", "perform killed, and its session is ready: 2017-10-23", 8],
  ["ready-whatever-its-job", "the same", 8],
  ["killed-perform-leaves-it", "a session that performs for ever: embulk-output-td#133", 8],
  ["failed-commit-leaves-it", "a session that commits for ever", 5],
])("%s is found by one kill: %s", async (mutant, _, kills) => {
  const { base, run } = await sessionOn("hive-cdh4", mutant);
  const singles = (await singlesOf(run, base)).filter(({ fault }) => fault.kind === "kill-job");
  const tally = emptyTally();
  await runAll(run, [base, ...singles.map((single) => ({ ...base, faults: [single] }))], (one) =>
    count(tally, one),
  );
  expect(tally.found.map(({ schedule }) => schedule.faults.length)).not.toContain(0);
  expect(tally.broken).toEqual({ C: kills });
});
