import { createConnection } from "mysql2/promise";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { sessionPinsSchema } from "../../harness/config/session-pins.ts";
import type { SessionCheck } from "../../harness/sessions/judge.ts";
import { watchServer } from "../../harness/sessions/watch-server.ts";
import { accounts, type Bed, openBed } from "./bed.ts";

/** A server that tells nothing of its connections, or not this account, shows nothing: never a pass. */

let bed: Bed;
beforeAll(async () => {
  bed = await openBed();
});
afterAll(() => bed[Symbol.asyncDispose]());

async function check(
  { server }: Bed,
  account: { user: string; password: string },
  pins: object = { tls: "off" },
): Promise<SessionCheck> {
  return await watchServer({
    login: { ...server, ...account },
    listen: { host: "127.0.0.1", port: 0 },
    pins: sessionPinsSchema.parse({ pinned: { app: pins } }),
    during: async (at) => {
      const connection = await createConnection({ ...at, ...accounts.app });
      await connection.query("SELECT 1");
      await connection.end();
    },
  });
}

test("an account that may read it sees what is used", async () => {
  expect(await check(bed, accounts.looks)).toMatchObject({
    lacks: [],
    users: [{ user: "app", connections: 1, findings: [], lacks: [] }],
  });
});

test("an account that may not read it is told", async () => {
  expect(await check(bed, accounts.blind)).toEqual({
    users: [],
    lacks: [
      expect.stringMatching(/^performance_schema cannot be read by this account: SELECT command denied/),
    ],
  });
});

test("a server without performance_schema is told", async () => {
  const off = await openBed([]);
  onTestFinished(() => off[Symbol.asyncDispose]());
  expect(await check(off, accounts.looks)).toEqual({
    users: [],
    lacks: ["performance_schema is off in the server: start it with --performance-schema=ON"],
  });
});

test.each([
  ["consumer", "--performance-schema-consumer-thread-instrumentation=OFF"],
  ["instrument", "--performance-schema-instrument=statement/com/Execute=OFF"],
])("statements that are not counted, for want of a %s, are neither text nor prepared", async (_, flag) => {
  const uncounted = await openBed(["--performance-schema=ON", flag]);
  onTestFinished(() => uncounted[Symbol.asyncDispose]());
  const { users } = await check(uncounted, accounts.looks, { tls: "off", statements: "text" });
  expect(users).toMatchObject([
    { connections: 1, findings: [], lacks: ["statements: the server does not tell it of each connection"] },
  ]);
});
