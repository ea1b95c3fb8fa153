import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Build, standardBuild } from "../../../fixtures/build.ts";
import { writePerRequest } from "../../../fixtures/mutants/2016-09-27/write-per-request.ts";
import lostUpdate from "../../../fixtures/mutants/api/streams/counter-lost-update.ts";
import updatesOff from "../../../fixtures/mutants/api/streams/counter-off.ts";
import { evening, records, type Told } from "./evening.ts";
import { type ContendedTable, contendedTable } from "./table.ts";

/** docs/incidents.md, 2016-09-27. The lock waits are MySQL's own; the limits are those of the API's sessions. */

let place: ContendedTable;
beforeAll(async () => {
  place = await contendedTable();
});
afterAll(() => place[Symbol.asyncDispose]());

/** A table that shows all that so many importers have sent, and holds it once. */
const whole = (importers: number): Pick<Told, "rows" | "shown"> => ({
  rows: { rows: importers * records, importers },
  shown: {
    count: importers * records,
    columns: ["importer", "time", ...Array.from({ length: importers }, (_, i) => `c${i}`)].sort(),
  },
});
const refused = (operation: string) => `${operation}: it was answered 503 although nothing was broken`;

/** Fewer than an API process has connections, and more than its connections serve in the time that a caller waits for one. */
const [few, many] = [8, 60];
const jobs = 5;

describe("a write for each request, as on that evening", () => {
  const build = writePerRequest(standardBuild);

  test("answers rightly while nobody is held up", async () => {
    expect(await evening(place, { build, held: null, importers: many, jobs })).toEqual({
      chunks: { 200: many - 1 },
      jobs: { 200: jobs },
      causes: [],
      first: 200,
      again: {},
      ...whole(many),
      departures: [],
    });
  });

  test("answers 5XX to all importers of a table while one request is held up", async () => {
    const told = await evening(place, { build, held: "table.import_with_id", importers: few });
    expect(told).toEqual({
      chunks: { 503: few - 1 },
      jobs: {},
      causes: ["ER_LOCK_WAIT_TIMEOUT"],
      first: 200,
      again: { 200: few - 1 },
      ...whole(few),
      departures: [refused("table.import_with_id")],
    });
  });

  test("answers 5XX to those too who never import: they find no connection", async () => {
    const told = await evening(place, { build, held: "table.import_with_id", importers: many, jobs });
    expect(told).toMatchObject({ jobs: { 503: jobs }, first: 200, ...whole(many) });
    expect(told.causes).toContain("no free connection");
    expect(told.departures).toContain(refused("job.issue"));
  });

  test("answers those who issue jobs, and still few importers, where a process takes six chunks at once", async () => {
    const load = { held: "table.import_with_id", importers: many, jobs, mostChunks: 6 } as const;
    expect(await evening(place, { build, ...load })).toMatchObject({
      chunks: { 200: 5, 503: many - 6 },
      jobs: { 200: jobs },
      causes: [],
      ...whole(many),
      departures: [refused("table.import_with_id")],
    });
  });
});

describe("one write for many requests", () => {
  test.each([
    ["a request", "table.import_with_id"],
    ["the importer, with its table locked,", "importer"],
  ] as const)("takes all chunks and jobs while %s is held up, and shows all of it", async (_, held) => {
    expect(await evening(place, { build: standardBuild, held, importers: many, jobs })).toEqual({
      chunks: { 200: many - 1 },
      jobs: { 200: jobs },
      causes: [],
      first: 200,
      again: {},
      ...whole(many),
      departures: [],
    });
  });

  const told = (build: Build) => evening(place, { build, held: "table.import_with_id", importers: few });

  test("that was switched off, as it was that night, takes all chunks and shows none of their columns", async () => {
    expect(await told(updatesOff.patch(standardBuild))).toMatchObject({
      chunks: { 200: few - 1 },
      rows: whole(few).rows,
      shown: { count: 0, columns: [] },
      departures: [
        expect.stringContaining("table.show: count: expected at least the 24 records that were taken"),
      ],
    });
  });

  test("that loses what was counted before is seen", async () => {
    const { departures } = await told(lostUpdate.patch(standardBuild));
    expect(departures).toEqual([
      expect.stringContaining("table.show: count: expected at least the 24 records"),
    ]);
  });
});
