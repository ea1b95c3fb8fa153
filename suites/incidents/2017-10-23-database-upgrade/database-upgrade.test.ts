import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import finishedUnstored from "../../../fixtures/mutants/api/report/finish-acknowledged-before-stored.ts";
import internal from "../../../fixtures/mutants/api/said/read-only-is-internal.ts";
import killWins from "../../../fixtures/mutants/api/status/kill-wins-over-finished.ts";
import chunkDropped from "../../../fixtures/mutants/api/streams/chunk-dropped.ts";
import unheardKilled from "../../../fixtures/mutants/worker/report/unheard-end-is-killed.ts";
import { asked, type Evening, evening } from "./evening.ts";
import { issuedAfterArchiving } from "./ids.ts";
import { leaseMs } from "./service.ts";
import { type TwoServers, twoServers } from "./two-servers.ts";
import { doneByHalf, inAnswers, keysIgnored, wrongIn } from "./wrong-builds.ts";

/** docs/incidents.md, 2017-10-23. Two real servers with replication; nothing here is simulated. */

let two: TwoServers;
beforeAll(async () => {
  two = await twoServers();
});
beforeEach(() => two.reset());
afterAll(() => two[Symbol.asyncDispose]());

const lagging = ({ replica }: TwoServers) => replica.everything.query("STOP REPLICA SQL_THREAD");

/** Its check fails when customers have had jobs accepted on it. */
const failsOnceUsed: Evening["promoted"] = async (_, record) => {
  const from = record.jobs.size;
  await record.until("nobody reaches the replica", () => record.jobs.size > from);
  throw new Error("no rights");
};

describe("the replica is promoted under load", () => {
  test("and nothing that was acknowledged is lost or doubled, whoever was at it", async () => {
    const told = await evening(two, { outageMs: 2 * leaseMs });
    const { wrong, primary, problem, notCompared, record, delayed } = told;
    expect(wrong).toEqual([]);
    expect(delayed).toBeGreaterThan(2);
    expect([...record.refused].sort()).toEqual([...asked].sort());
    expect([primary.name, problem, notCompared]).toEqual(["second", null, null]);
  });

  test.each<[string, Evening, string[]]>([
    [
      "before it has all of it",
      { skips: ["waiting"], before: lagging, endsMs: 500 },
      [
        "a job was acknowledged and is lost",
        "a chunk was acknowledged and is lost",
        "a session was acknowledged and is lost",
      ],
    ],
    [
      "while the other one takes writes too",
      { skips: ["read-only"], bypass: true, endsMs: 500 },
      ["the id of one job was given to another one"],
    ],
    [
      "before it is checked, and is taken back when half of it fails",
      { skips: ["checking"], promoted: failsOnceUsed, endsMs: 500 },
      ["a job was acknowledged and is lost"],
    ],
    [
      "while the API still has connections to the other one",
      { skips: ["read-only", "cutting"], endsMs: 500 },
      ["an end was acknowledged and is lost"],
    ],
    [
      "under an API that takes chunks and does not store them",
      { api: wrongIn(chunkDropped) },
      ["a chunk was acknowledged and is lost"],
    ],
    [
      "under an API that answers 500",
      { api: wrongIn(inAnswers(internal)) },
      ["worker.finish was answered 500"],
    ],
    [
      "under an API that acknowledges before it commits, and takes a kill for a job that has ended",
      { api: wrongIn(finishedUnstored, killWins) },
      [
        "an end was acknowledged and is lost: its job is handed out again",
        "a job that had ended changes its end",
      ],
    ],
    [
      "under workers that take trouble of a report for a kill",
      { workers: wrongIn(unheardKilled) },
      ["a job is killed and nobody asked for it"],
    ],
    [
      "under an API that takes an order that is sent again for another one",
      { api: keysIgnored },
      ["a load", "a deletion", "an export", "a result export"].map(
        (what) => `${what} that was sent again is two jobs`,
      ),
    ],
    [
      "under workers that do what is ordered by half",
      { workers: doneByHalf },
      ["a load", "a deletion", "an export", "a result export", "a delivery"].map(
        (what) => `${what} has succeeded and has not come about, or not all of it`,
      ),
    ],
  ])("%s: told", async (_, wanted, lines) => {
    expect((await evening(two, wanted)).wrong).toEqual(expect.arrayContaining(lines));
  });
});

describe("a job that is issued after the newest ones were archived", () => {
  test("gets an id that no job had", async () => {
    expect(await issuedAfterArchiving(two, async () => {})).toEqual([]);
  });

  test("gets one that a job had, where the server counts anew as before MySQL 8: told", async () => {
    const startedAnew = () => two.replica.everything.query("ALTER TABLE jobs.jobs AUTO_INCREMENT = 1");
    expect(await issuedAfterArchiving(two, startedAnew)).toEqual([
      "the id of one job was given to another one",
    ]);
  });
});

describe("a promotion that fails is told, the old primary goes on, and nothing is lost", () => {
  const broken = async ({ replica }: TwoServers) => {
    await replica.everything.query("SET GLOBAL read_only = OFF");
    await replica.everything.query("DELETE FROM jobs.jobs");
  };
  const killed = () => execa("docker", ["kill", two.replica.id]);
  const fails = async () => {
    throw new Error("no rights");
  };

  test.each<[string, Evening, RegExp]>([
    ["it lags", { before: lagging, catchUpMs: 300 }, /it lacks \S+ after 300 ms/],
    ["it takes writes already, and half of it fails", { promoted: fails }, /no rights/],
    ["its replication has stopped", { before: broken }, /has stopped with error 1032/],
    // The last one: it does not come back.
    ["it dies", { meanwhile: killed }, /ECONNREFUSED|ECONNRESET|PROTOCOL_CONNECTION_LOST|closed/],
  ])("%s", async (_, wanted, said) => {
    const { wrong, primary, problem } = await evening(two, wanted);
    expect(problem).toMatch(/^the replica cannot take over: /);
    expect(problem).toMatch(said);
    expect([primary.name, wrong]).toEqual(["first", []]);
  });
});
