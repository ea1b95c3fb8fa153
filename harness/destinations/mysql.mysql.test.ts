import { type Connection, createConnection } from "mysql2/promise";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { source } from "../testing/scenario.ts";
import { mysql } from "./mysql.ts";

/** The oracle's eyes on a real MySQL. */

const { host, port, rootlike } = inject("mysql");
const at = { host, port };
const database = `destination_${process.pid}`;
const server = { init: undefined, oracle: rootlike, writer: rootlike, database };
const stack = new AsyncDisposableStack();
const open = { at, server, stack };
let direct: Connection;

beforeAll(async () => {
  direct = await createConnection({ ...at, ...rootlike });
});
beforeEach(async () => {
  await direct.query(`DROP DATABASE IF EXISTS ${database}`);
  await direct.query(`CREATE DATABASE ${database}`);
});
afterAll(async () => {
  await stack.disposeAsync();
  await direct.query(`DROP DATABASE IF EXISTS ${database}`);
  await direct.end();
});

const never = new AbortController().signal;

describe("greeting", () => {
  test("ends when the oracle's account can log in", async () => {
    await mysql.greet(at, server, never);
  });

  test("fails with what the server says", async () => {
    const wrong = { ...server, oracle: { user: "nobody", password: "" } };
    await expect(mysql.greet(at, wrong, never)).rejects.toThrow("Access denied for user 'nobody'");
    await expect(mysql.greet({ host: "127.0.0.1", port: 1 }, server, never)).rejects.toThrow("ECONNREFUSED");
  });

  test("ends when nobody waits for it", async () => {
    await expect(mysql.greet(at, server, AbortSignal.abort(new Error("over")))).rejects.toThrow("over");
  });
});

describe("a table", () => {
  const before = [
    [7, "OLD"],
    [8, null],
  ];

  test("that is not there has no rows, and is not made where there is nothing before the job", async () => {
    const output = { kind: "mysql", mode: "append" } as const;
    await mysql.prepare(output, "effect_1", source, open);
    expect(await mysql.read(output, "effect_1", source, open)).toEqual({ rows: [], deliveries: null });
    expect((await direct.query(`SHOW TABLES FROM ${database}`))[0]).toEqual([]);
  });

  test("holds what was there before, and what came", async () => {
    const output = { kind: "mysql", mode: "update", unique: ["id"], before } as const;
    await mysql.prepare(output, "effect_1", source, open);
    expect(await mysql.read(output, "effect_1", source, open)).toEqual({ rows: before, deliveries: null });
    await direct.query(`REPLACE INTO ${database}.effect_1 VALUES (8, 'NEW')`);
    expect(await mysql.read(output, "effect_1", source, open)).toEqual({
      rows: [
        [7, "OLD"],
        [8, "NEW"],
      ],
      deliveries: null,
    });
  });

  test("whose columns have other names holds rows that nobody asked for", async () => {
    await direct.query(`CREATE TABLE ${database}.effect_1 (id BIGINT)`);
    const { rows } = await mysql.read({ kind: "mysql", mode: "append" }, "effect_1", source, open);
    expect(rows).toEqual([[expect.stringMatching(/^cannot be read: Unknown column 'symbol'/)]]);
  });
});
