import { expect, test } from "vitest";
import { jobOn, sweptUnbroken, testedIn } from "./one-job.ts";

/** A query that the service keeps, under every single fault: run when it is asked for, and by itself when it is due. */

test.each(["presto", "hive-cdh4", "hive-hdp2"] as const)(
  "on %s, no single fault delivers what a run gives twice, or not at all",
  async (engine) => {
    const tally = await sweptUnbroken(await jobOn("scheduled-query", engine), 800);
    expect(testedIn(tally, 500)).toEqual(
      expect.arrayContaining(["C", "F", "I1", "I3", "I4", "I5", "I6", "I8", "L1", "N"]),
    );
  },
);

test.each(["presto", "hive-hdp2"] as const)(
  "on %s, no single fault leaves a due time out, or has it twice",
  async (engine) => {
    const tally = await sweptUnbroken(await jobOn("scheduled-query-due", engine), 800);
    expect(testedIn(tally, 500)).toEqual(
      expect.arrayContaining(["C", "I1", "I3", "I5", "I6", "I8", "L1", "N"]),
    );
  },
);
