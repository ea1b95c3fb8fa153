import { execa } from "execa";
import type { RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { evening } from "./evening.ts";
import { issuedAfterArchiving } from "./ids.ts";
import { leaseMs } from "./service.ts";
import { type Server, type TwoServers, twoServers } from "./two-servers.ts";

/** The evening of 2017-10-23 as an upgrade: the replica that is promoted has the next version of MySQL. */

let two: TwoServers;
beforeAll(async () => {
  await execa("bash", ["script/lib/older-mysql"]);
  two = await twoServers({ image: "interlock/mysql-8.4" });
}, 600_000);
beforeEach(() => two.reset());
afterAll(() => two[Symbol.asyncDispose]());

const versionOf = async ({ everything }: Server) => {
  const [[row]] = await everything.query<RowDataPacket[]>("SELECT VERSION() AS version");
  return String(row?.["version"]);
};

test("nothing that was acknowledged is lost or doubled, whoever was at it", async () => {
  expect([await versionOf(two.primary), await versionOf(two.replica)]).toEqual([
    expect.stringMatching(/^8\.4\./),
    expect.stringMatching(/^9\./),
  ]);
  const { wrong, primary, problem, notCompared } = await evening(two, { outageMs: 2 * leaseMs });
  expect([wrong, primary.name, problem, notCompared]).toEqual([[], "second", null, null]);
});

test("promoted before it has all of it: told", async () => {
  const lagging = () => two.replica.everything.query("STOP REPLICA SQL_THREAD");
  const { wrong } = await evening(two, { skips: ["waiting"], before: lagging, endsMs: 500 });
  expect(wrong).toContainEqual("a job was acknowledged and is lost");
});

test("one that lags does not take over, and nothing is lost on the older one", async () => {
  const lagging = () => two.replica.everything.query("STOP REPLICA SQL_THREAD");
  const { wrong, primary, problem } = await evening(two, { before: lagging, catchUpMs: 300 });
  expect(problem).toMatch(/^the replica cannot take over: it lacks \S+ after 300 ms/);
  expect([wrong, primary.name]).toEqual([[], "first"]);
});

test("a job that is issued after the newest ones were archived gets an id that no job had", async () => {
  expect(await issuedAfterArchiving(two, async () => {})).toEqual([]);
});
