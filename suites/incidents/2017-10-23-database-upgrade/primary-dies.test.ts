import { execa } from "execa";
import type { RowDataPacket } from "mysql2/promise";
import { describe, expect, test } from "vitest";
import type { Acknowledged } from "./acknowledged.ts";
import { type Evening, evening } from "./evening.ts";
import type { Watch } from "./semi-synchronous.ts";
import { type TwoServers, twoServers } from "./two-servers.ts";

/** The primary is not swapped: it dies, and the replica takes over with what it has received. */

async function whenItDies(isSemiSynchronous: boolean, wanted: Evening) {
  await using two = await twoServers({ isSemiSynchronous });
  const { primary, ...told } = await evening(two, wanted);
  return { ...told, primary: primary.name };
}

const dies = ({ primary }: TwoServers) => execa("docker", ["kill", primary.id]);

/** The replica receives nothing more, and the primary dies once this is so. */
const behind =
  (
    otherwise: string,
    isSo: (two: TwoServers, record: Acknowledged, watch: Watch) => Promise<() => boolean | Promise<boolean>>,
  ) =>
  async (two: TwoServers, record: Acknowledged, watch: Watch): Promise<void> => {
    await two.replica.everything.query("STOP REPLICA IO_THREAD");
    await record.until(otherwise, await isSo(two, record, watch));
    await dies(two);
  };

/** Also once it is seen to wait for nobody: what it acknowledges after that it has alone. */
const acknowledgesMore = behind(
  "nothing more is acknowledged",
  async (_, { jobs, chunks, done }, { isSemiSynchronous }) => {
    const counts = () => [jobs.size, chunks.size, ...done.values()];
    let from: number[] | null = null;
    return () => {
      if (isSemiSynchronous() === false) from ??= counts();
      return from?.every((count, i) => (counts()[i] as number) > count) ?? false;
    };
  },
);

const writersWait = behind("nobody waits for the replica", async ({ primary }) => async () => {
  const [[status]] = await primary.everything.query<RowDataPacket[]>(
    "SELECT variable_value AS n FROM performance_schema.global_status WHERE variable_name = 'Rpl_semi_sync_source_wait_sessions'",
  );
  return Number(status?.["n"]) > 0;
});

/** It receives, and does nothing of it. */
const notApplied = ({ replica }: TwoServers) => replica.everything.query("STOP REPLICA SQL_THREAD");

/** Its limit, after which it acknowledges without its replica. */
const soonAlone = ({ primary }: TwoServers) =>
  primary.everything.query("SET GLOBAL rpl_semi_sync_source_timeout = 100");

const unknown =
  /^what the primary has and the replica has not received: the primary does not answer \((ECONN\w+|PROTOCOL_CONNECTION_LOST)\); /;
const mayBeLost = /; it was asynchronous: what it acknowledged last may be lost$/;
const nothingLost = /; it was semi-synchronous: it acknowledged nothing that the replica has not received$/;

describe("the primary dies under load", () => {
  test("asynchronous and ahead of its replica: what was acknowledged and is lost is told", async () => {
    const { wrong, primary, problem, notCompared } = await whenItDies(false, {
      underLoad: acknowledgesMore,
      endsMs: 500,
    });
    const lost = ["a job was acknowledged and is lost", "a chunk was acknowledged and is lost"];
    expect(wrong).toEqual(expect.arrayContaining(lost));
    expect([primary, problem]).toEqual(["second", null]);
    expect(notCompared).toMatch(unknown);
    expect(notCompared).toMatch(mayBeLost);
  });

  test("semi-synchronous until its limit: what was acknowledged and is lost is told", async () => {
    const { wrong, problem, notCompared } = await whenItDies(true, {
      before: soonAlone,
      underLoad: acknowledgesMore,
      endsMs: 500,
    });
    expect(wrong).toContainEqual("a job was acknowledged and is lost");
    expect(problem).toBeNull();
    expect(notCompared).toMatch(mayBeLost);
  });

  test("semi-synchronous: nothing that was acknowledged is lost, also what its replica had only received", async () => {
    const told = await whenItDies(true, { before: notApplied, underLoad: writersWait });
    expect(told.wrong).toEqual([]);
    expect([told.primary, told.problem]).toEqual(["second", null]);
    expect(told.notCompared).toMatch(unknown);
    expect(told.notCompared).toMatch(nothingLost);
  });

  test("semi-synchronous, and the replica is promoted before it has done what it has received: told", async () => {
    const told = await whenItDies(true, {
      skips: ["waiting"],
      before: notApplied,
      underLoad: writersWait,
      endsMs: 500,
    });
    expect(told.wrong).toContainEqual("a job was acknowledged and is lost");
  });
});

test("a primary that was made read-only and dies has said what it has: all is compared, and nothing is lost", async () => {
  const { wrong, primary, problem, notCompared } = await whenItDies(false, { meanwhile: dies });
  expect([wrong, primary, problem, notCompared]).toEqual([[], "second", null, null]);
});
