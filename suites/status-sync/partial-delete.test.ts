import { expect, test } from "vitest";
import { runAll, singlesOf, sweepSingles } from "../../harness/explore/sweep.ts";
import { count, emptyTally } from "../../harness/explore/tally.ts";
import { basesOf } from "../../harness/explore/workloads.ts";
import { runSchedules } from "../../harness/rigs/in-process/run.ts";
import { withoutStacks } from "../../harness/rigs/in-process/without-stacks.ts";
import type { Schedule } from "../../harness/schedule/schedule.ts";
import { releases, rigOf } from "./system.ts";

/** Partial Delete under every single fault: each call of customer and workers, each statement, each kill. */

/** The job on this engine without a fault, and how schedules of it are run. @param worker may be a mutant */
async function deletionOn(engine: "hive-cdh4" | "hive-hdp2", worker = "current") {
  const own = { ...releases, workers: { v5: worker, v6: worker } };
  const rig = await rigOf(own);
  const scenarios = rig.scenarios.filter(({ name }) => name === "partial-delete");
  const [{ base } = { base: undefined }] = basesOf([engine], scenarios, own, 1);
  const run = (schedules: readonly Schedule[]) => withoutStacks(() => runSchedules(rig, schedules));
  return { base: base as Schedule, run };
}

test.each(["hive-cdh4", "hive-hdp2"] as const)(
  "on %s, no single fault deletes another record, or a record twice, or none",
  async (engine) => {
    const { base, run } = await deletionOn(engine);
    const { found, broken, unjudged, schedules, invalid, triggered } = await sweepSingles(run, base);
    expect({ found, broken, unjudged }).toEqual({ found: [], broken: {}, unjudged: 0 });
    expect(schedules).toBeGreaterThan(600);
    expect(invalid).toBeLessThan(schedules / 20);
    const tested = Object.keys(triggered).filter((invariant) => Number(triggered[invariant]) > 500);
    expect(tested).toEqual(expect.arrayContaining(["C", "F", "I1", "I3", "I5", "I6", "I8", "L1"]));
  },
);

test("deletes-again is right without a fault, and found where an attempt is lost behind its commit", async () => {
  const { base, run } = await deletionOn("hive-cdh4", "deletes-again");
  const tally = emptyTally();
  const singles = await singlesOf(run, base);
  await runAll(run, [base, ...singles.map((single) => ({ ...base, faults: [single] }))], (one) =>
    count(tally, one),
  );
  expect(tally.found.map(({ schedule }) => schedule.faults.length)).not.toContain(0);
  expect(tally.broken).toEqual({ F: 23, I3: 3 });
});
