import { expect, test } from "vitest";
import { everyType } from "../../result-output/telling-sources.ts";
import { jobOf, jobOn, scenarioNamed, sweptUnbroken, testedIn } from "../../status-sync/one-job.ts";

/**
 * The export of a result under every single fault, from the query to its delivery. What a usual scenario is, on one engine:
 * `.ci/run` sweeps all.
 */

test("no single fault delivers another result, or one twice, or none", async () => {
  const tally = await sweptUnbroken(await jobOn("result-export", "presto"), 800);
  expect(tally.invalid).toBeLessThan(tally.schedules / 20);
  expect(testedIn(tally, 500)).toEqual(
    expect.arrayContaining(["C", "F", "I1", "I3", "I4", "I5", "I6", "I8", "L1"]),
  );
});

test.each(["presto", "hive-hdp2"] as const)(
  "on %s, no single fault takes the export that is refused for its query",
  async (engine) => {
    await sweptUnbroken(await jobOn("result-export-refused", engine), 800);
  },
);

test("no single fault breaks result-export-empty, whose query delivers there as well", async () => {
  await sweptUnbroken(await jobOn("result-export-empty", "hive-hdp2"), 800);
});

test("no single fault breaks result-export-types with a few rows, of which only the data are others", async () => {
  const scenario = { ...scenarioNamed("result-export-types"), source: everyType };
  await sweptUnbroken(await jobOf(scenario, "hive-hdp2"), 800);
});
