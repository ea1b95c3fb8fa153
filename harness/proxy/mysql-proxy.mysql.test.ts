import { type Connection, type ConnectionOptions, createConnection, type SslOptions } from "mysql2/promise";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, onTestFinished, test } from "vitest";
import { type MysqlCall, type MysqlProxyOptions, startMysqlProxy } from "./mysql-proxy.ts";
import type { Way } from "./way.ts";

/** Each fault between a client and a real MySQL: what was committed, and what the client was left with. */

const { host, port, rootlike, certificate } = inject("mysql");
const database = `proxy_${process.pid}`;
let direct: Connection;

beforeAll(async () => {
  direct = await createConnection({ host, port, ...rootlike });
  await direct.query(`CREATE DATABASE ${database}`);
  await direct.query(
    `CREATE TABLE ${database}.effects (id INT PRIMARY KEY AUTO_INCREMENT, test VARCHAR(200))`,
  );
});
afterAll(async () => {
  await direct.query(`DROP DATABASE ${database}`);
  await direct.end();
});

const committed = async (): Promise<number> => {
  const name = expect.getState().currentTestName;
  const [rows] = await direct.query(`SELECT COUNT(*) AS n FROM ${database}.effects WHERE test = ?`, [name]);
  return (rows as { n: number }[])[0]?.n ?? 0;
};

interface Planned {
  before?: Way | (() => Way | Promise<Way>);
  after?: Way | (() => Way | Promise<Way>);
  only?: string;
}

/** How the clients of the test connect. */
let way: ConnectionOptions = {};

/** A proxy that breaks the calls of one operation, with all calls that it saw. */
async function broken(
  { before = {}, after = {}, only = "work" }: Planned,
  more: Partial<MysqlProxyOptions> = {},
) {
  const calls: (MysqlCall & { done: boolean })[] = [];
  const proxy = await startMysqlProxy({
    host: "127.0.0.1",
    upstream: () => ({ host, port }),
    unit: "transaction",
    plan: ({ operation, job }) => {
      const call = { operation, job, done: false };
      calls.push(call);
      const here = operation === only;
      return {
        before: () => (here ? (typeof before === "function" ? before() : before) : {}),
        after: () => {
          call.done = true;
          return here ? (typeof after === "function" ? after() : after) : {};
        },
      };
    },
    certificate: async () => certificate ?? undefined,
    ...more,
  });
  onTestFinished(() => proxy.close());
  const client = async () => {
    const at = { host: "127.0.0.1", port: proxy.port, ...rootlike, database, ...way };
    const connection = await createConnection(at);
    onTestFinished(() => connection.destroy());
    return connection;
  };
  return { calls, client };
}

const insert = "INSERT INTO effects (test) VALUES (?)";
const work = (connection: Connection, label = "work") => ({
  begin: () => connection.query(`/* ${label} */ START TRANSACTION`),
  insert: () => connection.query(`/* ${label} */ ${insert}`, [expect.getState().currentTestName]),
  commit: () => connection.query(`/* ${label} */ COMMIT`),
  rollback: () => connection.query(`/* ${label} */ ROLLBACK`),
});

const reset = { end: { kind: "reset" } } as const;
const lost = { code: expect.stringMatching(/^(ECONNRESET|PROTOCOL_CONNECTION_LOST)$/) };

const encrypted = (version: "TLSv1.2" | "TLSv1.3"): ConnectionOptions => ({
  ssl: { minVersion: version, maxVersion: version, rejectUnauthorized: false },
});

describe.each([
  ["as it is", {}],
  ["in TLS 1.2", encrypted("TLSv1.2")],
  ["in TLS 1.3", encrypted("TLSv1.3")],
])("a connection %s", (_, options) => {
  beforeEach(() => {
    way = options;
  });
  describe("a transaction", () => {
    test("is one call from its beginning to its COMMIT", async () => {
      const { client, calls } = await broken({});
      const { begin, insert: put, commit } = work(await client());
      for (const step of [begin, put, put, commit, begin, put, commit]) await step();
      expect(calls).toEqual(Array.from({ length: 2 }, () => ({ operation: "work", job: null, done: true })));
      expect(await committed()).toBe(3);
    });

    test("that is rolled back has no place behind its effect", async () => {
      const { client, calls } = await broken({ after: reset });
      const { begin, insert: put, rollback } = work(await client());
      for (const step of [begin, put, rollback]) await step();
      expect(calls).toEqual([{ operation: "work", job: null, done: false }]);
      expect(await committed()).toBe(0);
    });

    test("whose COMMIT's OK is lost is committed, and its client cannot know", async () => {
      const { client } = await broken({ after: reset });
      const { begin, insert: put, commit } = work(await client());
      await begin();
      await put();
      expect(await committed()).toBe(0);
      await expect(commit()).rejects.toMatchObject(lost);
      expect(await committed()).toBe(1);
    });

    test("whose COMMIT's OK is cut in two is committed, and its client cannot know", async () => {
      const { client } = await broken({ after: { end: { kind: "truncated" } } });
      const { begin, insert: put, commit } = work(await client());
      await begin();
      await put();
      await expect(commit()).rejects.toMatchObject(lost);
      expect(await committed()).toBe(1);
    });

    test("that is reset before it begins leaves nothing", async () => {
      const { client } = await broken({ before: reset });
      const { begin } = work(await client());
      await expect(begin()).rejects.toMatchObject(lost);
      expect(await committed()).toBe(0);
    });
  });

  describe("a single statement", () => {
    test("is a call of its own, and the loss of its OK leaves its effect", async () => {
      const { client, calls } = await broken({ after: reset });
      await expect(work(await client()).insert()).rejects.toMatchObject(lost);
      expect(calls).toEqual([{ operation: "work", job: null, done: true }]);
      expect(await committed()).toBe(1);
    });

    test("that reads loses its rows", async () => {
      const { client } = await broken({ after: reset });
      await expect((await client()).query("/* work */ SELECT 1 AS one")).rejects.toMatchObject(lost);
    });

    test("that is refused has no place behind its effect, and its refusal comes through", async () => {
      const { client, calls } = await broken({ after: reset });
      await expect((await client()).query("/* work */ INSERT INTO nowhere VALUES (1)")).rejects.toMatchObject(
        {
          code: "ER_NO_SUCH_TABLE",
        },
      );
      expect(calls).toEqual([{ operation: "work", job: null, done: false }]);
    });
  });

  describe("the statements of a connection", () => {
    const unit = { unit: "connection", effects: { work: "INSERT INTO" } } as const;

    test("are one call, done with the statement that is named as its effect", async () => {
      const order: string[] = [];
      const after = () => {
        order.push("done");
        return {};
      };
      const { client, calls } = await broken({ after }, unit);
      const connection = await client();
      await connection.query("/* work job:7 */ SELECT 1");
      order.push("read");
      await work(connection, "work job:7").insert();
      await connection.query("/* work job:7 */ SELECT 2");
      expect(calls).toEqual([{ operation: "work", job: "7", done: true }]);
      expect(order).toEqual(["read", "done"]);
    });

    test("lose the OK of that statement and no other", async () => {
      const { client } = await broken({ after: reset }, unit);
      const connection = await client();
      await connection.query("/* work job:7 */ SELECT 1");
      await expect(work(connection, "work job:7").insert()).rejects.toMatchObject(lost);
      expect(await committed()).toBe(1);
    });
  });

  test("a late statement arrives when it is let go, and not before", async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<Way>();
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
    const before = () => {
      arrive();
      return held;
    };
    const { client } = await broken({ before });
    const done = work(await client()).insert();
    await arrived;
    expect(await committed()).toBe(0);
    release({});
    await done;
    expect(await committed()).toBe(1);
  });

  test("a half-open link stalls old and new connections without an end, and then goes on", async () => {
    const stallMs = 150;
    const { promise: stalled, resolve: stall } = Promise.withResolvers<number>();
    const { client } = await broken({
      before: () => {
        stall(performance.now());
        return { stallMs };
      },
    });
    const [one, other] = [await client(), await client()];
    const ends: string[] = [];
    one.on("error", () => ends.push("one"));
    other.on("error", () => ends.push("other"));
    const insertion = work(one).insert();
    const began = await stalled;
    const healed = async (step: Promise<unknown>) => {
      await step;
      return performance.now() - began;
    };
    const waits = await Promise.all([
      healed(insertion),
      healed(other.query("SELECT 1")),
      healed(client().then((fresh) => fresh.query("SELECT 1"))),
    ]);
    for (const wait of waits) expect(wait).toBeGreaterThanOrEqual(stallMs - 1);
    expect(ends).toEqual([]);
    expect(await committed()).toBe(1);
  });

  test("what carries no label passes, and large results and statements stay whole", async () => {
    const { client, calls } = await broken({ before: reset, after: reset });
    const connection = await client();
    const text = "x".repeat(3_000_000);
    const [rows] = await connection.query("SELECT ? AS text", [text]);
    expect((rows as { text: string }[])[0]?.text.length).toBe(text.length);
    expect(calls).toEqual([]);
  });

  test("a labelled result of many rows comes through whole", async () => {
    const { client } = await broken({ only: "another" });
    const sql =
      "/* work */ WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT i FROM n";
    const [rows] = await (await client()).query(sql);
    expect((rows as { i: number }[]).map(({ i }) => i)).toEqual(
      Array.from({ length: 1000 }, (_, i) => i + 1),
    );
  });

  test("is one of the same kind for its server", async () => {
    const { client } = await broken({});
    const [rows] = await (await client()).query("SHOW SESSION STATUS LIKE 'Ssl_version'");
    expect(rows).toMatchObject([
      { Value: options.ssl === undefined ? "" : (options.ssl as SslOptions).maxVersion },
    ]);
  });
});

test("a client finds nobody while nobody is there", async () => {
  const { client } = await broken({}, { upstream: () => null });
  await expect(client()).rejects.toMatchObject(lost);
});
