import { describe, expect, test } from "vitest";
import { type Setting, sessionPinsSchema } from "../config/session-pins.ts";
import { judgeSessions, type Look } from "./judge.ts";
import { lookOf } from "./look.ts";
import type { Kept } from "./settings.ts";

const kept: Kept = {
  variables: {
    character_set_client: "utf8mb4",
    collation_connection: "utf8mb4_0900_ai_ci",
    sql_mode: "STRICT_TRANS_TABLES,NO_ZERO_DATE",
    transaction_isolation: "READ-COMMITTED",
    time_zone: "+00:00",
    autocommit: "ON",
  },
  status: { Ssl_version: "", Compression: "OFF", Compression_algorithm: "" },
  attributes: { _client_name: "a driver", _client_version: "1.2.3" },
  events: { "statement/sql/select": 7, "statement/sql/prepare_sql": 1, "statement/com/Prepare": 2 },
};
const look = lookOf("app", kept);
const usual = {
  tls: "off",
  compression: "off",
  characterSet: "utf8mb4",
  collation: "utf8mb4_0900_ai_ci",
  sqlMode: ["STRICT_TRANS_TABLES", "NO_ZERO_DATE"],
  isolation: "READ-COMMITTED",
  timeZone: "+00:00",
  autocommit: "on",
  statements: "text",
  driver: "a driver",
  connectionsPerSecond: 2,
  statementsPerConnection: 7,
};

function judged(
  connections: readonly (readonly Look[])[],
  pins: object = usual,
  { seconds = 10, unseen = {} }: { seconds?: number; unseen?: Record<string, number> } = {},
) {
  const parsed = sessionPinsSchema.parse({ pinned: { app: pins } });
  const { users, lacks } = judgeSessions({ connections, unseen, seconds }, parsed);
  const [user] = users;
  return {
    findings: user?.findings.map(
      ({ what, found, pinned, connections: on }) => `${what} ${found} (${pinned}) ${on}`,
    ),
    lacks: [...lacks, ...users.flatMap((one) => one.lacks.map((why) => `${one.user}: ${why}`))],
    unpinned: user?.unpinned,
  };
}

const other = (setting: Setting, value: string | null): Look => ({
  ...look,
  values: { ...look.values, [setting]: value },
});

test("what is as pinned is green, whatever the order of its modes is and whatever the driver's version is", () => {
  expect(judged([[look], [look]])).toEqual({ findings: [], lacks: [], unpinned: [] });
});

test.each([
  ["tls", "TLSv1.3", "off"],
  ["compression", "zlib", "off"],
  ["characterSet", "latin1", "utf8mb4"],
  ["collation", "utf8mb4_unicode_ci", "utf8mb4_0900_ai_ci"],
  ["sqlMode", "NO_ZERO_DATE", "NO_ZERO_DATE,STRICT_TRANS_TABLES"],
  ["isolation", "REPEATABLE-READ", "READ-COMMITTED"],
  ["timeZone", "SYSTEM", "+00:00"],
  ["autocommit", "off", "on"],
  ["statements", "both", "text"],
  ["driver", "a driver of another kind 1.2.3", "a driver"],
] as const)("%s that is %s on one connection of three is red for it alone", (setting, value, pin) => {
  expect(judged([[look], [other(setting, value)], [look]])).toEqual({
    findings: [`${setting} ${value} (${pin}) 1`],
    lacks: [],
    unpinned: [],
  });
});

test("a session without any SQL mode is told as one", () => {
  expect(judged([[other("sqlMode", "")]]).findings).toEqual([
    "sqlMode none (NO_ZERO_DATE,STRICT_TRANS_TABLES) 1",
  ]);
});

test("any of several pinned values will do, and no third", () => {
  const pins = { collation: ["utf8mb4_bin", "utf8mb4_0900_ai_ci"] };
  expect(judged([[look], [other("collation", "utf8mb4_bin")]], pins).findings).toEqual([]);
  expect(judged([[other("collation", "latin1_bin")]], pins).findings).toEqual([
    "collation latin1_bin (utf8mb4_bin or utf8mb4_0900_ai_ci) 1",
  ]);
});

test("what a connection used before it was set back counts, once", () => {
  const zone = other("timeZone", "+09:00");
  expect(judged([[zone, zone, look]]).findings).toEqual(["timeZone +09:00 (+00:00) 1"]);
});

describe("counts", () => {
  test.each([
    [20, []],
    [21, ["connectionsPerSecond 2.1 (at most 2) 21"]],
  ])("%i connections in 10 s", (count, findings) => {
    expect(judged(Array.from({ length: count }, () => [look])).findings).toEqual(findings);
  });

  test("a short time is no reason for a high rate", () => {
    expect(judged([[look], [look]], usual, { seconds: 0.01 }).findings).toEqual([]);
  });

  test("statements are counted by the last look at each connection", () => {
    const few = { ...look, statements: 1 };
    expect(
      judged([
        [few, look],
        [few, look],
      ]).findings,
    ).toEqual([]);
    expect(judged([[few], [look]]).findings).toEqual(["statementsPerConnection 4.0 (at least 7) 2"]);
  });
});

describe("what was not seen is missing", () => {
  test("of connections that ended before", () => {
    expect(judged([[look]], usual, { unseen: { "ended by the server": 3 } }).lacks).toEqual([
      "3 connections: ended by the server",
    ]);
  });

  test("of an account without a connection", () => {
    expect(judged([])).toMatchObject({ findings: [], lacks: ["app: no connection of it was seen"] });
  });

  test("of an account of which nothing is pinned, with what it uses", () => {
    const { lacks } = judged([[look], [{ ...look, user: "other" }]]);
    expect(lacks).toEqual(["other: nobody has pinned what its connections use"]);
  });

  test.each(["tls", "statements"] as const)("of %s where the server does not tell it", (setting) => {
    expect(judged([[look], [other(setting, null)]]).lacks).toEqual([
      `app: ${setting}: the server does not tell it of each connection`,
    ]);
  });

  test("of statements that nobody counted", () => {
    const uncounted = lookOf("app", { ...kept, events: null });
    expect(judged([[look], [uncounted]]).lacks).toEqual([
      "app: statements: the server does not tell it of each connection",
      "app: statementsPerConnection: the server does not count the statements of each connection",
    ]);
  });
});

test("what is not pinned is told", () => {
  const { unpinned } = judged([[look], [other("timeZone", "SYSTEM")]], { tls: "off" });
  expect(unpinned).toContain("timeZone +00:00 or SYSTEM");
  expect(unpinned).toHaveLength(9);
});

test.each([
  [{ "statement/sql/select": 1 }, "text"],
  [{ "statement/com/Execute": 1, "statement/com/Prepare": 1 }, "prepared"],
  [{ "statement/sql/prepare_sql": 1, "statement/sql/execute_sql": 4 }, "prepared"],
  [{ "statement/sql/begin": 1, "statement/com/Execute": 1 }, "both"],
  [{ "statement/com/Ping": 4 }, "none"],
])("events %o are statements that are %s", (events, statements) => {
  expect(lookOf("app", { ...kept, events }).values.statements).toBe(statements);
});

test.each([
  [{ Compression: "ON", Compression_algorithm: "zstd" }, "zstd"],
  [{ Compression: "ON" }, "zlib"],
  [{}, null],
])("status %o is compression %s", (status, compression) => {
  expect(lookOf("app", { ...kept, status }).values.compression).toBe(compression);
});

test("a driver that says nothing of itself is told as such", () => {
  expect(lookOf("app", { ...kept, attributes: {} }).values.driver).toBe("not told");
});
