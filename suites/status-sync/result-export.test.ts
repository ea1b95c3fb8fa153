import { expect, test } from "vitest";
import { sweepSingles } from "../../harness/explore/sweep.ts";
import { jobOn } from "./one-job.ts";

/** The export of a result under every single fault, from the query to its delivery. */

test.each(["presto", "hive-cdh4", "hive-hdp2"] as const)(
  "on %s, no single fault delivers another result, or one twice, or none",
  async (engine) => {
    const { base, run } = await jobOn("result-export", engine);
    const { found, broken, unjudged, schedules, invalid, triggered } = await sweepSingles(run, base);
    expect({ found, broken, unjudged }).toEqual({ found: [], broken: {}, unjudged: 0 });
    expect(schedules).toBeGreaterThan(800);
    expect(invalid).toBeLessThan(schedules / 20);
    const tested = Object.keys(triggered).filter((invariant) => Number(triggered[invariant]) > 500);
    expect(tested).toEqual(expect.arrayContaining(["C", "F", "I1", "I3", "I4", "I5", "I6", "I8", "L1"]));
  },
);

test.each(["presto", "hive-hdp2"] as const)(
  "on %s, no single fault takes the export that is refused for its query",
  async (engine) => {
    const { base, run } = await jobOn("result-export-refused", engine);
    const { found, broken, unjudged, schedules } = await sweepSingles(run, base);
    expect({ found, broken, unjudged }).toEqual({ found: [], broken: {}, unjudged: 0 });
    expect(schedules).toBeGreaterThan(800);
  },
);
