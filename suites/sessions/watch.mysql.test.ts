import { connect } from "node:net";
import { createConnection } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Look } from "../../harness/sessions/judge.ts";
import { accounts, type Bed, type Options, openBed, watched } from "./bed.ts";

/** No connection ends before it was looked at, however short it is and whatever it is wrapped in. */

let bed: Bed;
beforeAll(async () => {
  bed = await openBed();
});
afterAll(() => bed[Symbol.asyncDispose]());

const openConnections = async (id: number): Promise<number> => {
  const [row] = await bed.session.query(
    "SELECT COUNT(*) AS n FROM performance_schema.threads WHERE PROCESSLIST_ID = ?",
    [id],
  );
  return Number(row?.["n"]);
};

/** The looks at each connection that an application made. */
async function seen(act: (at: Options) => Promise<unknown>) {
  const { at, watch } = await watched(bed);
  await act(at);
  return await watch.finish();
}

const tls = { ssl: { rejectUnauthorized: false } };
const ways = {
  "in the clear": {},
  compressed: { compress: true },
  encrypted: tls,
  "encrypted as before": { ssl: { rejectUnauthorized: false, maxVersion: "TLSv1.2" } },
  "encrypted and compressed": { ...tls, compress: true },
};

describe.each(Object.entries(ways))("a connection %s", (_, way) => {
  test("is seen as it was at its end, each of many short ones", async () => {
    const { connections, unseen } = await seen((at) =>
      Promise.all(
        Array.from({ length: 40 }, async (_, i) => {
          const connection = await createConnection({ ...at, ...way });
          await connection.query(`SET time_zone = '+00:${String(i).padStart(2, "0")}'`);
          await connection.end();
        }),
      ),
    );
    expect(unseen).toEqual({});
    expect(connections).toHaveLength(40);
    const zones = connections.map((looks) => String(looks.at(-1)?.values.timeZone)).toSorted();
    expect(zones).toEqual(Array.from({ length: 40 }, (_, i) => `+00:${String(i).padStart(2, "0")}`));
    expect(connections.map((looks) => looks.at(-1)?.statements)).toEqual(Array(40).fill(1));
  });

  test("is seen where its client goes without a goodbye, and where it stays", async () => {
    const { connections, unseen } = await seen(async (at) => {
      const gone = await createConnection({ ...at, ...way });
      await gone.query("SET autocommit = 0");
      gone.destroy();
      const stays = await createConnection({ ...at, ...way });
      await stays.query("SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE");
    });
    expect(unseen).toEqual({});
    expect(connections.map((looks) => looks.at(-1)?.values)).toMatchObject([
      { autocommit: "off", isolation: "REPEATABLE-READ" },
      { autocommit: "on", isolation: "SERIALIZABLE" },
    ]);
  });

  test("that the server ends is told as not seen", async () => {
    const { unseen } = await seen(async (at) => {
      const killed = await createConnection({ ...at, ...way });
      killed.on("error", () => {});
      await killed.query(`SELECT 'what is encrypted is taken for a goodbye where it is as short as one is'`);
      const killer = await createConnection({ ...bed.server, ...accounts.app });
      await killer.query("KILL ?", [killed.threadId]);
      await killer.end();
      await vi.waitFor(async () => expect(await openConnections(killed.threadId)).toBe(0));
    });
    expect(unseen).toEqual({ "refused or ended by the server before they could be looked at": 1 });
  });
});

const one = async (act: (at: Options) => Promise<unknown>): Promise<Look["values"] | undefined> => {
  const { connections, unseen } = await seen(act);
  expect({ unseen, connections: connections.length }).toEqual({ unseen: {}, connections: 1 });
  return connections[0]?.at(-1)?.values;
};

const using =
  (options: object, act: (connection: Awaited<ReturnType<typeof createConnection>>) => Promise<unknown>) =>
  async (at: Options) => {
    const connection = await createConnection({ ...at, ...options });
    await act(connection);
    await connection.end();
  };

test.each([
  [{ tls: "off", compression: "off" }, {}],
  [{ tls: "TLSv1.3", compression: "off" }, tls],
  [{ tls: "TLSv1.2" }, ways["encrypted as before"]],
  [{ tls: "off", compression: "zlib" }, { compress: true }],
  [{ characterSet: "latin1", collation: "latin1_swedish_ci" }, { charset: "latin1" }],
  [{ driver: "mine 7" }, { connectAttributes: { _client_name: "mine", _client_version: "7" } }],
])("%o is read", async (values, options) => {
  expect(await one(using(options, (connection) => connection.query("SELECT 1")))).toMatchObject(values);
});

test.each([
  ["none", []],
  ["text", ["query"]],
  ["prepared", ["execute"]],
  ["both", ["query", "execute"]],
])("statements that are %s are told apart", async (statements, calls) => {
  const act = using({}, async (connection) => {
    for (const call of calls)
      await (call === "query" ? connection.query("SELECT 1") : connection.execute("SELECT 1"));
  });
  expect(await one(act)).toMatchObject({ statements });
});

test("what a session was before it is set back is seen as well", async () => {
  const { connections } = await seen(
    using({}, async (connection) => {
      await connection.query("SET sql_mode = ''");
      await connection.reset();
    }),
  );
  expect(connections).toHaveLength(1);
  const modes = connections[0]?.map(({ values }) => values.sqlMode) ?? [];
  expect(modes).toEqual(["", expect.stringContaining("STRICT_TRANS_TABLES")]);
});

test("who connects and logs in as nobody is no session", async () => {
  const { connections, unseen } = await seen(async ({ host, port }) => {
    const socket = connect({ host, port });
    await new Promise((resolve) => socket.once("data", resolve));
    socket.end();
    await new Promise((resolve) => socket.once("close", resolve));
  });
  expect({ connections, unseen }).toEqual({ connections: [], unseen: {} });
});
