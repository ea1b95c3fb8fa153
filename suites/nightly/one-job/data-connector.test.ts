import { expect, test } from "vitest";
import { sweepPairs } from "../../../harness/explore/sweep.ts";
import type { Planned } from "../../../harness/schedule/schedule.ts";
import { jobOn, sweptUnbroken, testedIn } from "../../status-sync/one-job.ts";

/**
 * A load of Data Connector under every single fault, from its order to the rows in the table. What a usual scenario is, on
 * one engine: `.ci/run` sweeps both.
 */

test.each([
  ["data-connector", "hive-cdh4"],
  ["data-connector-replace", "hive-hdp2"],
] as const)(
  "of %s on %s, no single fault loads other records, or one twice, or none",
  async (name, engine) => {
    const tally = await sweptUnbroken(await jobOn(name, engine), 600);
    expect(tally.invalid).toBeLessThan(tally.schedules / 20);
    expect(testedIn(tally, 500)).toEqual(
      expect.arrayContaining(["C", "F", "I1", "I2", "I3", "I5", "I6", "I8", "L1"]),
    );
  },
);

test.each(["hive-cdh4", "hive-hdp2"] as const)(
  "on %s that is loaded by a worker that is killed before it says so, no other fault, nor its customer's kill, ends in another end than that of its rows",
  async (engine) => {
    const { base, run } = await jobOn("data-connector", engine);
    const first: Planned = {
      at: { link: "worker->warehouse", operation: "insertInto", job: 1, occurrence: 1, phase: "after" },
      fault: { kind: "kill", process: "worker", ms: 5_000 },
    };
    const { found, broken, unjudged, schedules, invalid } = await sweepPairs(run, base, first);
    expect({ found, broken, unjudged }).toEqual({ found: [], broken: {}, unjudged: 0 });
    expect(schedules - invalid).toBeGreaterThan(100);
  },
);

test.each(["data-connector-broken", "data-connector-refused"])(
  "no single fault makes a success of %s, or changes its table",
  async (name) => {
    await sweptUnbroken(await jobOn(name, "hive-cdh4"), 300);
  },
);
