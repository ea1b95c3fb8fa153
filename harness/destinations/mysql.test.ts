import { describe, expect, test } from "vitest";
import type { z } from "zod";
import { parseDestination } from "../../contracts/destination.ts";
import type { Row } from "../../contracts/values.ts";
import { source } from "../testing/scenario.ts";
import { mysql } from "./mysql.ts";

type Output = z.output<typeof mysql.output>;
const before: Row[] = [
  [1, "OLD"],
  [7, "OLD"],
];
const { rows } = source;
const server = {
  init: "CREATE DATABASE mart",
  oracle: { user: "oracle", password: "eyes only" },
  writer: { user: "w@rehouse", password: "p:w/d?#" },
  database: "mart",
};

describe("the URL reads as what was meant", () => {
  const meant = { type: "mysql", database: "mart", table: "effect_1" };

  test.each<[Output, object]>([
    [
      { kind: "mysql", mode: "append" },
      { mode: "append", unique: [] },
    ],
    [
      { kind: "mysql", mode: "update", unique: ["a", "b&c"] },
      { mode: "update", unique: ["a", "b&c"] },
    ],
  ])("%j", (output, more) => {
    const url = mysql.url(output, "effect_1", { host: "db", port: 3307 }, server);
    const { user, password } = server.writer;
    expect(parseDestination(url)).toEqual({
      ok: true,
      settings: { ...meant, host: "db", port: 3307, user, password, ...more },
    });
    expect(parseDestination(mysql.simulatedUrl(output, "effect_1"))).toEqual({
      ok: true,
      settings: {
        ...meant,
        host: "destination.test",
        port: 3306,
        user: "writer@mart",
        password: "p@s:w/ö?#&+ %25%",
        ...more,
      },
    });
  });

  test("at an IPv6 address as well", () => {
    const url = mysql.url({ kind: "mysql", mode: "append" }, "effect_1", { host: "::1", port: 1 }, server);
    expect(parseDestination(url)).toMatchObject({ ok: true, settings: { host: "::1", port: 1 } });
  });
});

test("it is started with its set-up on MySQL's port, and keeps two passwords", () => {
  expect(mysql.start(server)).toEqual({
    // What a server does at its start is nobody's act: its log does not tell of it.
    files: { "/interlock/init.sql": "SET sql_log_bin = 0;\nCREATE DATABASE mart" },
    port: 3306,
  });
  expect(mysql.start({ ...server, init: undefined })).toEqual({ files: {}, port: 3306 });
  expect(mysql.secrets(server)).toEqual(["eyes only", "p:w/d?#"]);
  expect(mysql.readiness(server)).toBe("the account oracle to log in and get an answer");
});

const replaced = rows;
const appended = [...before, ...rows];

describe.each<[Output, readonly Row[], readonly Row[]]>([
  [{ kind: "mysql", mode: "append" }, [], rows],
  [{ kind: "mysql", mode: "append", before }, before, appended],
  [{ kind: "mysql", mode: "replace", before }, before, replaced],
  [{ kind: "mysql", mode: "truncate", before }, before, replaced],
  [{ kind: "mysql", mode: "update", unique: ["id"] }, [], rows],
  [
    { kind: "mysql", mode: "update", unique: ["id"], before },
    before,
    [
      [1, "A"],
      [7, "OLD"],
      [2, null],
    ],
  ],
  [
    { kind: "mysql", mode: "update", unique: ["symbol"], before },
    before,
    [
      [7, "OLD"],
      [1, "A"],
      [2, null],
    ],
  ],
  [{ kind: "mysql", mode: "update", unique: ["id", "symbol"], before }, before, appended],
  [{ kind: "mysql", mode: "update", unique: ["symbol", "id"], before }, before, appended],
])("%j", (output, undelivered, delivered) => {
  test("holds this without a delivery, and with one", () => {
    expect(mysql.after(output, source, [])).toEqual({ rows: undelivered, deliveries: null });
    expect(mysql.after(output, source, [{ rows }])).toEqual({ rows: delivered, deliveries: null });
  });
});

test("a simulated table takes deliveries one after the other", () => {
  const settings = { type: "mysql" } as never;
  const { columns } = source;
  const deliveries = [
    { job: "1", settings, columns, rows: [[1, "A"]] },
    { job: "2", settings, columns, rows: [[1, "B"]] },
  ];
  const table = (output: Output) => mysql.after(output, source, deliveries).rows;
  expect(table({ kind: "mysql", mode: "append" })).toEqual([
    [1, "A"],
    [1, "B"],
  ]);
  expect(table({ kind: "mysql", mode: "replace" })).toEqual([[1, "B"]]);
  expect(table({ kind: "mysql", mode: "update", unique: ["id"] })).toEqual([[1, "B"]]);
});
