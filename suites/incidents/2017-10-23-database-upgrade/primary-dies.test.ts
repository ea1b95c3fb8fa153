import { execa } from "execa";
import type { RowDataPacket } from "mysql2/promise";
import { describe, expect, test } from "vitest";
import type { Acknowledged } from "./acknowledged.ts";
import { type Evening, evening } from "./evening.ts";
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
    isSo: (two: TwoServers, record: Acknowledged) => Promise<() => boolean | Promise<boolean>>,
  ) =>
  async (two: TwoServers, record: Acknowledged): Promise<void> => {
    await two.replica.everything.query("STOP REPLICA IO_THREAD");
    await record.until(otherwise, await isSo(two, record));
    await dies(two);
  };

const acknowledgesMore = behind("nothing more is acknowledged", async (_, { jobs, chunks, done }) => {
  const counts = () => [jobs.size, chunks.size, ...done.values()];
  const from = counts();
  return () => counts().every((count, i) => count > (from[i] as number));
});

const writersWait = behind("nobody waits for the replica", async ({ primary }) => async () => {
  const [[status]] = await primary.everything.query<RowDataPacket[]>(
    "SELECT variable_value AS n FROM performance_schema.global_status WHERE variable_name = 'Rpl_semi_sync_source_wait_sessions'",
  );
  return Number(status?.["n"]) > 0;
});

/** It receives, and does nothing of it. */
const notApplied = ({ replica }: TwoServers) => replica.everything.query("STOP REPLICA SQL_THREAD");

const unknown =
  /^what the primary has and the replica has not received: the primary does not answer \((ECONN\w+|PROTOCOL_CONNECTION_LOST)\)$/;

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
  });

  test("semi-synchronous: nothing that was acknowledged is lost, also what its replica had only received", async () => {
    const told = await whenItDies(true, { before: notApplied, underLoad: writersWait });
    expect(told.wrong).toEqual([]);
    expect([told.primary, told.problem]).toEqual(["second", null]);
    expect(told.notCompared).toMatch(unknown);
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
