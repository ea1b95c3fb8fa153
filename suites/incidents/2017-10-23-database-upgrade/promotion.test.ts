import { execa } from "execa";
import type { RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openWay, type Upgrade, upgrade, type Way } from "./promotion.ts";
import { toldOf, watchedSource } from "./semi-synchronous.ts";
import { type Server, type TwoServers, twoServers } from "./two-servers.ts";

/** What the operator is told where an upgrade does not go as planned. Two real servers without load. */

type Wanted = Partial<Pick<Upgrade, "whileReadOnly" | "meanwhile" | "promoted" | "catchUpMs">>;

async function upgraded(two: TwoServers, wanted: Wanted) {
  await using stack = new AsyncDisposableStack();
  const opened = await openWay(two.primary);
  stack.defer(() => opened.close());
  const watch = watchedSource(two.primary);
  stack.defer(() => watch.end());
  let leads: Server | null = two.primary;
  const way: Way = {
    ...opened,
    to(server) {
      leads = server;
      opened.to(server);
    },
  };
  const nothing = async () => {};
  const told = await upgrade({
    ...two,
    way,
    watch,
    whileReadOnly: nothing,
    meanwhile: nothing,
    catchUpMs: 10_000,
    ...wanted,
  });
  const leadsTo = (leads as Server | null)?.name ?? null;
  return { ...told, primary: told.primary.name, leadsTo };
}

const fails = (message: string) => async () => {
  throw new Error(message);
};

const accounts = async ({ everything }: Server) => {
  const [rows] = await everything.query<RowDataPacket[]>("SELECT id FROM jobs.accounts");
  return rows.map(({ id }) => Number(id));
};
const written = (server: Server) =>
  server.everything.query(
    "INSERT INTO jobs.accounts (id, name, cluster, api_key_sha256) VALUES (9, 'x', 'cdh4', REPEAT('a', 64))",
  );
const isReadOnly = async ({ everything }: Server) => {
  const [[has]] = await everything.query<RowDataPacket[]>("SELECT @@global.super_read_only AS is_so");
  return Number(has?.["is_so"]) === 1;
};

const notReceived = async ({ primary, replica }: TwoServers) => {
  const [[all]] = await primary.everything.query<RowDataPacket[]>("SELECT @@global.gtid_executed AS gtids");
  const [[status]] = await replica.everything.query<RowDataPacket[]>("SHOW REPLICA STATUS");
  const [[lacks]] = await replica.everything.query<RowDataPacket[]>(
    "SELECT GTID_SUBTRACT(GTID_SUBTRACT(?, @@global.gtid_executed), ?) AS gtids",
    [all?.["gtids"], status?.["Retrieved_Gtid_Set"]],
  );
  return String(lacks?.["gtids"]);
};

describe("an upgrade that fails is taken back, and what state each server is in is told", () => {
  let two: TwoServers;
  beforeAll(async () => {
    two = await twoServers();
  });
  beforeEach(() => two.reset());
  afterAll(() => two[Symbol.asyncDispose]());

  const goesOn = "first takes writes and follows nobody, second only reads and follows";

  test.each<[string, Wanted, string]>([
    [
      "the replica takes writes already, and half of it fails",
      { promoted: fails("no rights") },
      `the replica cannot take over: no rights; ${goesOn} nobody`,
    ],
    [
      "what waits on the server that only reads",
      { whileReadOnly: fails("stopped by hand") },
      `the upgrade is given up: stopped by hand; ${goesOn} first`,
    ],
    [
      "what waits while nobody has a database",
      { meanwhile: fails("stopped by hand") },
      `the upgrade is given up: stopped by hand; ${goesOn} first`,
    ],
  ])("%s", async (_, wanted, problem) => {
    const told = await upgraded(two, wanted);
    expect(told).toEqual({ primary: "first", leadsTo: "first", problem, notCompared: null });
    expect([await isReadOnly(two.primary), await isReadOnly(two.replica)]).toEqual([false, true]);
  });
});

describe("the primary dies", () => {
  const dies = ({ primary }: TwoServers) => execa("docker", ["kill", primary.id]);

  /** The replica's thread is stopped, then the primary is written to; it dies once nobody reaches it. */
  async function behind(thread: "IO" | "SQL", isReceived: (two: TwoServers) => Promise<unknown>) {
    await using two = await twoServers();
    await two.replica.everything.query(`STOP REPLICA ${thread}_THREAD`);
    await written(two.primary);
    await isReceived(two);
    const told = await upgraded(two, {
      catchUpMs: 300,
      meanwhile: async () => {
        await dies(two);
      },
    });
    return { ...told, has: await accounts(two.replica), isReadOnly: await isReadOnly(two.replica) };
  }

  test("while the replica lags, which has received all: it takes over", async () => {
    const received = (both: TwoServers) => expect.poll(() => notReceived(both), { timeout: 10_000 }).toBe("");
    const told = await behind("SQL", received);
    expect(told).toEqual({
      primary: "second",
      leadsTo: "second",
      problem: null,
      notCompared: null,
      has: [9],
      isReadOnly: false,
    });
  });

  test("and has alone what the replica lacks: nobody takes writes, and what is lacking is told", async () => {
    const { problem, ...told } = await behind("IO", async () => {});
    expect(problem).toMatch(
      /^the replica cannot take over: it has not received \S+:\d+, and the primary that has it does not answer \((ECONN\w+|PROTOCOL_\w+)\); first does not answer \(ECONN\w+\), second only reads and follows first, receives nothing$/,
    );
    expect(told).toEqual({
      primary: "first",
      leadsTo: null,
      notCompared: null,
      has: [],
      isReadOnly: true,
    });
  });

  test("while the operator waits for something else: this does not hide it", async () => {
    await using two = await twoServers();
    const told = await upgraded(two, {
      async whileReadOnly() {
        await dies(two);
        throw new Error("stopped by hand");
      },
    });
    expect(told).toMatchObject({ primary: "second", problem: null });
    expect(told.notCompared).toMatch(
      /the primary does not answer \(\w+\); it was asynchronous: what it acknowledged last may be lost$/,
    );
  });
});

describe("whether a dead primary was semi-synchronous to the end", () => {
  const on = { isOn: true, freeAt: 1_000, limitMs: 500, waitsForNobody: true };
  const unknown = /^nobody knows/;

  test.each([
    ["nobody waited for the replica within its limit", on, /^it was semi-synchronous/],
    ["somebody may have waited for longer", { ...on, limitMs: 400 }, unknown],
    ["it always had somebody who waited", { ...on, freeAt: null }, unknown],
    ["it waits for nobody who has gone", { ...on, waitsForNobody: false }, unknown],
    ["it had given it up", { ...on, isOn: false }, /^it was asynchronous/],
    ["nobody has looked", null, unknown],
  ])("%s", (_, seen, told) => {
    expect(toldOf(seen, 1_400)).toMatch(told);
  });
});
