import { expect, test } from "vitest";
import { jobOn, sweptUnbroken, testedIn } from "./one-job.ts";

/** A load of Data Connector under every single fault, from its order to the rows in the table. */

test.each([
  ["data-connector", "hive-cdh4"],
  ["data-connector", "hive-hdp2"],
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

test.each(["data-connector-broken", "data-connector-refused"])(
  "no single fault makes a success of %s, or changes its table",
  async (name) => {
    await sweptUnbroken(await jobOn(name, "hive-cdh4"), 300);
  },
);
