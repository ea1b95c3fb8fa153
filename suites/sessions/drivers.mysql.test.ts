import { createConnection as connectWithOlder } from "mariadb-3.2";
import { createConnection as connectWithNewer } from "mariadb-3.5";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bed, checked, type Options, openBed } from "./bed.ts";

/**
 * An upgrade of a driver that changes a default, with both of its versions: MariaDB's for Node compares texts in the server's
 * own collation until 3.2, and in utf8mb4_unicode_ci from 3.3 on. In that one all emoji are equal.
 */

let bed: Bed;
beforeAll(async () => {
  bed = await openBed();
});
afterAll(() => bed[Symbol.asyncDispose]());

/** What both versions have in common. */
interface Client {
  query(sql: string, values: unknown[]): Promise<{ affectedRows?: number }>;
  execute(sql: string, values: unknown[]): Promise<object[]>;
  end(): Promise<void>;
}
type Version = "3.2" | "3.5";
const drivers: Readonly<Record<Version, (login: Login) => Promise<Client>>> = {
  "3.2": connectWithOlder,
  "3.5": connectWithNewer,
};
type Login = Pick<Options, "host" | "port" | "user" | "password" | "database">;

/** A password is encrypted by the server's own key. */
const withoutTls = { allowPublicKeyRetrieval: true };

/** Two calls of an API, each on a connection of its own. */
async function callApi(version: Version, at: Login) {
  const replies: unknown[] = [];
  for (const item of ["🍣", "🍺 "]) {
    const connection = await drivers[version]({ ...at, ...withoutTls });
    const { affectedRows } = await connection.query("INSERT INTO orders (item) VALUES (?)", [item]);
    const [row] = await connection.execute("SELECT COUNT(*) AS n FROM orders WHERE item = ?", [item]);
    await connection.query("DELETE FROM orders WHERE item = ?", [item]);
    replies.push(affectedRows, row);
    await connection.end();
  }
  return replies;
}

/** As the API uses 3.2. */
const pins = {
  tls: "off",
  compression: "off",
  characterSet: "utf8mb4",
  collation: "utf8mb4_0900_ai_ci",
  isolation: "REPEATABLE-READ",
  timeZone: "+00:00",
  autocommit: "on",
  statements: "both",
  driver: "MariaDB connector/Node",
  statementsPerConnection: 3,
};

async function checkedWith(version: Version) {
  let replies: unknown;
  const check = await checked(bed, pins, async (at) => {
    replies = await callApi(version, at);
  });
  return { check, replies };
}

test("what the pinned version uses passes", async () => {
  const { check } = await checkedWith("3.2");
  expect(check).toMatchObject({
    lacks: [],
    users: [{ user: "app", connections: 2, statements: 3, findings: [], lacks: [] }],
  });
  expect(check.users[0]?.unpinned).toEqual([expect.stringContaining("sqlMode ")]);
});

test("the upgrade is red for the default that it changes, although each call is answered as before", async () => {
  const before = await checkedWith("3.2");
  const after = await checkedWith("3.5");
  expect(after.replies).toEqual(before.replies);
  expect(after.check).toMatchObject({
    lacks: [],
    users: [
      {
        user: "app",
        connections: 2,
        lacks: [],
        findings: [
          { what: "collation", found: "utf8mb4_unicode_ci", pinned: "utf8mb4_0900_ai_ci", connections: 2 },
        ],
      },
    ],
  });
});

test("a driver that is pinned with its version is red after any upgrade", async () => {
  const check = await checked(bed, { driver: "MariaDB connector/Node 3.2.3" }, (at) => callApi("3.5", at));
  expect(check.users[0]?.findings).toMatchObject([
    { what: "driver", found: "MariaDB connector/Node 3.5.4", connections: 2 },
  ]);
});
