import { expect, test } from "vitest";
import { jobOn, sweptUnbroken, testedIn } from "../../status-sync/one-job.ts";

/** A query whose destination refuses, under every single fault: it keeps its result, and one export of it has failed. */

test.each(["presto", "hive-cdh4", "hive-hdp2"] as const)(
  "on %s, no single fault makes a query of what its destination refused an error, or two exports, or none",
  async (engine) => {
    const tally = await sweptUnbroken(await jobOn("destination-refuses", engine), 500);
    expect(testedIn(tally, 300)).toEqual(
      expect.arrayContaining(["C", "F", "I1", "I3", "I4", "I5", "I6", "I8", "L1"]),
    );
  },
);
