import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mysqlStore } from "../../../fixtures/api/store/mysql.ts";
import { archive } from "../../../fixtures/api/upkeep/archive.ts";
import { compact } from "../../../fixtures/api/upkeep/compact.ts";
import { watchedGrowth } from "../../../fixtures/api/upkeep/growth.ts";
import { tableSize } from "../../../fixtures/api/upkeep/table-size.ts";
import { watchedRoom } from "../../../fixtures/api/upkeep/watched-room.ts";
import { standardBuild } from "../../../fixtures/build.ts";
import accepted from "../../../fixtures/mutants/api/issue/accepted-before-stored.ts";
import internal from "../../../fixtures/mutants/api/said/full-table-is-internal.ts";
import taken from "../../../fixtures/mutants/api/said/full-table-is-taken.ts";
import swallowed from "../../../fixtures/mutants/api/said/full-table-swallowed.image.ts";
import dueTwice from "../../../fixtures/mutants/api/scheduled/due-job-twice.ts";
import leftOut from "../../../fixtures/mutants/api/scheduled/due-times-missed-left-out.ts";
import { withTransaction } from "../../../fixtures/mutants/patches.ts";
import { isSaid } from "../../../fixtures/mutants/said.ts";
import { type JobsTable, jobsTable, limitBytes } from "../reference/jobs-table.ts";
import { type Report, serviceOn } from "../reference/service.ts";
import { end, evening, query } from "./evening.ts";
import { everyKind } from "./every-kind.ts";

/** docs/incidents.md, 2019-09-04. MySQL's own 1114 on a real server; nothing here is simulated. */

let table: JobsTable;
beforeAll(async () => {
  table = await jobsTable();
});
afterAll(() => table[Symbol.asyncDispose]());

describe("a full table of jobs", () => {
  test("loses no job, no end and no kill, and is told to nobody as anything else", async () => {
    expect(await evening(table, await serviceOn(table))).toEqual([]);
  });

  test("takes no order of any kind, and each of them once when there is room", async () => {
    expect(await everyKind(table, await serviceOn(table))).toEqual([]);
  });

  /** What a statement gives, and something else where the table is full. */
  const unlessFull = async <T>(statement: () => T | Promise<T>, instead: T): Promise<T> => {
    try {
      return await statement();
    } catch (error) {
      if (!isSaid(error, 1114)) throw error;
      return instead;
    }
  };

  /** Acknowledges a job that is not stored. */
  const notStored = {
    patch: (build: typeof standardBuild) =>
      withTransaction(build, "table.export", () => (tx) => ({
        insertJob: (job) => unlessFull(() => tx.insertJob(job), { ...job, id: "1" }),
      })),
  };
  const internalEach = [
    "job.issue",
    "job.result_export",
    "table.partial_delete",
    "table.export",
    "connector.issue",
    "bulk_import.perform",
    "bulk_import.commit",
    "scheduled_query.run",
  ].map((operation) => `${operation}: 500`);

  test.each([
    ["is no error that the API knows", internal, internalEach],
    ["is forgotten where a table is exported", notStored, ["table.export: 200"]],
  ])("that %s is seen where all is ordered", async (_, { patch }, expected) => {
    const wrong = await everyKind(table, await serviceOn(table, { build: patch(standardBuild) }));
    for (const one of expected) expect(wrong).toContainEqual(expect.stringContaining(one));
  });

  /** Acknowledges a kill that is not stored. */
  const killLost = {
    patch: (build: typeof standardBuild) =>
      withTransaction(build, "job.kill", () => (tx) => ({
        updateJob: (id, change) => unlessFull(() => tx.updateJob(id, change), undefined),
      })),
  };

  /** Takes a job that was not stored for one that was. */
  const dueLost = {
    patch: (build: typeof standardBuild) =>
      withTransaction(build, "scheduler", () => (tx) => ({
        insertJob: (job) => unlessFull(() => tx.insertJob(job), { ...job, id: "1" }),
        insertRun: async (run) => (run.jobId === "1" ? run : await tx.insertRun(run)),
      })),
  };

  test.each([
    ["is no error that the API knows", internal, "a job: 500"],
    ["is taken for a domain key that is taken", taken, "a job with a domain key: 409"],
    ["is forgotten where a job ends", swallowed, "an end was acknowledged and is lost"],
    ["is found after the job was acknowledged", accepted, "a job with a domain key: 200"],
    ["is forgotten where a job is killed", killLost, "a kill was acknowledged and is lost"],
    ["is forgotten where a job is due", dueLost, "jobs for the minutes"],
    ["lets due times pass", leftOut, "jobs for the minutes"],
    ["is over, and due times have two jobs", dueTwice, "is handed out in the place of"],
  ])("that %s is seen", async (_, { patch }, expected) => {
    const wrong = await evening(table, await serviceOn(table, { build: patch(standardBuild) }));
    expect(wrong).toContainEqual(expect.stringContaining(expected));
  });
});

describe("the repair", () => {
  const limit = { limitBytes, reserveBytes: 10 * 2 ** 20 };
  const clock = { now: () => Date.now() };
  const size = () => tableSize(table.pool);
  const room = () => {
    const growth = watchedGrowth(mysqlStore(table.pool));
    return watchedRoom({ measure: size, growth, limit, clock, log: () => {} });
  };

  test("a reserve takes no new job, and the ends and kills of accepted ones land", async () => {
    await table.deleteOldest(1_500);
    const open = await serviceOn(table);
    const ids = [];
    for (let n = 0; n < 3; n += 1) ids.push(String((await open.issue()).body["job_id"]));
    const reports: Report[] = [];
    for (const _ of ids) reports.push((await open.claim()).body["job"] as Report);
    await table.fillTo(limit.limitBytes - limit.reserveBytes);

    const service = await serviceOn(table, { room: room() });
    const refused = await service.issue({ domain_key: "in-the-reserve" });
    expect(refused).toMatchObject({ status: 503, retryAfter: "10" });
    expect(refused.text).toContain("nothing of it is stored");
    expect(service.log).toContainEqual(expect.objectContaining({ problem: "full", code: "RESERVE" }));
    for (const report of reports) {
      expect(await service.kill(report.job_id)).toMatchObject({ status: 200 });
      expect(await service.finish(report, end)).toMatchObject({ status: 200 });
    }
    // Whoever issues past the reserve shows that there was room for the ends alone.
    expect((await open.issue({ domain_key: "in-the-reserve" })).status).toBe(200);
  });

  test("deleted rows leave the file as large as it was; written anew it is smaller", async () => {
    await table.fill();
    const before = await table.fileBytes();
    expect(before).toBeGreaterThan(limitBytes - 5 * 2 ** 20);
    const full = await size();
    await table.deleteOldest(Math.floor((await table.count()) / 2));
    expect(await table.fileBytes()).toBe(before);
    await compact(table.pool);
    const after = await table.fileBytes();
    expect(after).toBeLessThan(0.75 * before);
    expect((await size()).usedBytes).toBeLessThan(0.75 * full.usedBytes);
  });

  test("archived jobs make room for new ones, and are found as before", async () => {
    await table.fill();
    const service = await serviceOn(table);
    expect((await service.issue({ query })).status).toBe(503);
    const oldest = await table.oldest();
    const find = () => mysqlStore(table.pool).read("test", async (tx) => tx.findJob(oldest));
    const before = await find();
    const jobs = await table.count();
    await archive(mysqlStore(table.pool), 2);
    expect(await table.count()).toBeLessThan(jobs / 2);
    expect(await table.count("archived_jobs")).toBeGreaterThan(jobs / 2);
    await compact(table.pool);
    expect((await service.issue({ query })).status).toBe(200);
    expect(await find()).toEqual(before);
  });
});
