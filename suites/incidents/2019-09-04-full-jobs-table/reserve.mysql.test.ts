import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Handlers } from "../../../fixtures/api/handler.ts";
import { mysqlStore } from "../../../fixtures/api/store/mysql.ts";
import { compact } from "../../../fixtures/api/upkeep/compact.ts";
import { tableSize } from "../../../fixtures/api/upkeep/table-size.ts";
import { standardBuild } from "../../../fixtures/build.ts";
import swallowed from "../../../fixtures/mutants/api/said/full-table-swallowed.image.ts";
import { type JobsTable, jobsTable } from "../reference/jobs-table.ts";
import { limit, type Place, states, throughReserve } from "./reserve.ts";

/** docs/incidents.md, 2019-09-04: the reserve on a real server, by the limit of its file; 1114 is MySQL's own. */

let table: JobsTable;
beforeAll(async () => {
  table = await jobsTable(limit.limitBytes);
});
afterAll(() => table[Symbol.asyncDispose]());

const mib = 2 ** 20;
const takesBytes = limit.limitBytes - limit.reserveBytes;

async function place(): Promise<Place> {
  await table.deleteOldest(1_000_000);
  await compact(table.pool);
  // These are the oldest jobs: what is deleted to make room.
  await table.fillTo(takesBytes - 3 * mib);
  const size = () => tableSize(table.pool);
  return {
    store: mysqlStore(table.pool),
    measure: size,
    bring: async (to) => {
      if (to === "reserve") await table.fillTo(takesBytes);
      if (to === "full") await table.fill();
    },
    makeRoom: async () => {
      do await table.deleteOldest(500);
      while ((await size()).usedBytes > takesBytes - mib);
    },
  };
}

describe("a table of jobs with a reserve", () => {
  test.each(states)(
    "%s: takes what it must, and loses nothing of it",
    { timeout: 120_000 },
    async (state) => {
      expect(await throughReserve(await place(), state)).toEqual([]);
    },
  );

  test.each([
    [
      "reserve",
      "new jobs are taken",
      { guarded: (handlers: Handlers) => handlers },
      "load: ordered is taken",
    ],
    [
      "full",
      "an end is acknowledged and not stored",
      { build: swallowed.patch(standardBuild) },
      "the job that was accepted is not success",
    ],
  ] as const)("%s: that %s is seen", { timeout: 120_000 }, async (state, _, wrong, expected) => {
    const told = await throughReserve(await place(), state, wrong);
    expect(told).toContainEqual(expect.stringContaining(expected));
  });
});
