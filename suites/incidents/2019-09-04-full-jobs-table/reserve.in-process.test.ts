import { describe, expect, test } from "vitest";
import { ApiError } from "../../../contracts/errors.ts";
import { MysqlError } from "../../../contracts/mysql-errors.ts";
import type { OperationId } from "../../../contracts/operations.ts";
import type { Handlers } from "../../../fixtures/api/handler.ts";
import { memoryStore } from "../../../fixtures/api/store/memory.ts";
import { StorageError } from "../../../fixtures/api/store/storage-error.ts";
import { type Room, withRoom } from "../../../fixtures/api/upkeep/watched-room.ts";
import { type Build, standardBuild } from "../../../fixtures/build.ts";
import { linkedStore } from "../../../fixtures/in-process/linked.ts";
import swallowed from "../../../fixtures/mutants/api/said/full-table-swallowed.image.ts";
import dueTwice from "../../../fixtures/mutants/api/scheduled/due-job-twice.ts";
import leftOut from "../../../fixtures/mutants/api/scheduled/due-times-missed-left-out.ts";
import wishLost from "../../../fixtures/mutants/api/status/kill-wish-lost.ts";
import { withTransaction } from "../../../fixtures/mutants/patches.ts";
import { limit, type Place, type State, states, throughReserve } from "./reserve.ts";

/** docs/incidents.md, 2019-09-04: the reserve over a store in memory that refuses what needs room, as MySQL does. */

const usedBytes: Readonly<Record<State, number>> = {
  room: 0,
  reserve: limit.limitBytes - limit.reserveBytes,
  full: limit.limitBytes,
};

function place(): Place {
  let state: State = "room";
  const store = linkedStore(
    memoryStore(),
    (_, effect) =>
      effect((_statement, written) => {
        if (state === "full" && written?.table === "jobs" && written.needsRoom())
          throw new MysqlError(1114, "jobs");
      }),
    { sleep: async () => {} },
  );
  return {
    store,
    measure: async () => ({ at: 0, usedBytes: usedBytes[state], newestBytes: 0, newestMs: 0 }),
    bring: async (to) => void (state = to),
    makeRoom: async () => void (state = "room"),
  };
}

describe("a table of jobs with a reserve", () => {
  test.each(states)("%s: takes what it must, and loses nothing of it", async (state) => {
    expect(await throughReserve(place(), state)).toEqual([]);
  });

  const orders = [
    ["job.issue", "SELECT"],
    ["job.result_export", "export of a result"],
    ["table.partial_delete", "partial delete"],
    ["table.export", "export of a table"],
    ["connector.issue", "load"],
    ["bulk_import.perform", "perform"],
    ["bulk_import.commit", "commit"],
    ["scheduled_query.run", "run of a scheduled query"],
  ] as const;

  test.each(orders)("where %s takes jobs from the reserve, that is seen", async (operation, name) => {
    const guarded = (handlers: Handlers, room: Room): Handlers => ({
      ...withRoom(handlers, room),
      [operation]: handlers[operation],
    });
    expect(await throughReserve(place(), "reserve", { guarded })).toContainEqual(
      expect.stringContaining(`reserve: ${name}: ordered is taken`),
    );
  });

  /** An operation asks for room as well, whatever it stores. */
  const asking =
    (operation: OperationId) =>
    (handlers: Handlers, room: Room): Handlers => ({
      ...withRoom(handlers, room),
      [operation]: async (...call: Parameters<Handlers["worker.finish"]>) => {
        await room.require(1);
        return await (handlers[operation] as Handlers["worker.finish"])(...call);
      },
    });

  test.each([
    ["worker.finish", "SELECT that runs: an end in success is not taken"],
    ["worker.finish", "a query that is tried again: a try that fails is not taken"],
    ["job.kill", "perform that waits: a kill is not taken"],
    ["worker.heartbeat", "load that fails: a heartbeat is not taken"],
    ["worker.receipt", "export of a table that runs: worker.receipt is not taken"],
    ["worker.register_table", "CREATE TABLE that runs: worker.register_table is not taken"],
    ["worker.import_part", "commit that runs: worker.import_part is not taken"],
    ["worker.claim", "a claim is not taken"],
    ["bulk_import.delete", "what is no job: bulk_import.delete is not taken"],
  ] as const)("where %s gets nothing of the reserve, that is seen: %s", async (operation, expected) => {
    expect(await throughReserve(place(), "reserve", { guarded: asking(operation) })).toContainEqual(
      expect.stringContaining(expected),
    );
  });

  /** Answers this to orders in the place of what the reserve says. */
  const refusing =
    (error: () => Error) =>
    (handlers: Handlers): Handlers => ({
      ...handlers,
      "table.export": () => Promise.reject(error()),
    });

  test.each([
    ["500", () => new Error("Data too long"), "export of a table: ordered: 500"],
    ["already exists", () => new ApiError("already_exists", "it exists"), "export of a table: ordered: 409"],
    [
      "no time",
      () => new ApiError("unavailable", "no room: send the same request again"),
      "does not say when to come again",
    ],
  ] as const)("where an order is told %s, that is seen", async (_, error, expected) => {
    expect(await throughReserve(place(), "reserve", { guarded: refusing(error) })).toContainEqual(
      expect.stringContaining(expected),
    );
  });

  /** What the end of a query makes is taken for a new job. */
  const linkedRefused = (build: Build): Build =>
    withTransaction(build, "worker.finish", () => () => ({
      insertJob: () => Promise.reject(new StorageError("full", "RESERVE")),
    }));

  test.each([
    [
      "reserve",
      "the export of a query that ended is refused",
      linkedRefused,
      "refuses its rows: an end in success",
    ],
    ["reserve", "due times are left out", leftOut.patch, "in the place of"],
    ["reserve", "due times come twice", dueTwice.patch, "jobs that nobody ordered"],
    ["reserve", "a kill is forgotten", wishLost.patch, "kill_requested is false"],
    [
      "full",
      "an end is acknowledged and not stored",
      swallowed.patch,
      "the job that was accepted is not success",
    ],
  ] as const)("%s: that %s is seen", async (state, _, patch, expected) => {
    const build = patch(standardBuild);
    expect(await throughReserve(place(), state, { build })).toContainEqual(expect.stringContaining(expected));
  });
});
